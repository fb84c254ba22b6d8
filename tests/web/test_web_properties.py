"""Whatever is typed: never a server error, and it comes back to the letter."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.services.workspace import Workspace
from tests.web.checks import ACHIEVEMENTS, DEMAND, DEMANDS, FORM, MATCHES, Page, typed_form

Copy = tuple[Workspace, TestClient]
shared_client = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TELLING = ["<", ">", "&", '"', "'", "\n", "&amp;", "</textarea>", "{{", "%}", "废水", "光", "-->"]
typed_text = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc"))) | st.sampled_from(TELLING), max_size=8
).map("".join)
"""Text without surrogates and control characters, with line breaks as ``\\n``."""
any_text = st.text(st.characters(exclude_categories=("Cs",)))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)


@shared_client
@given(typed=st.fixed_dictionaries(dict.fromkeys(typed_form(), typed_text)))
def test_a_refused_form_gives_back_all_that_was_typed(
    client: TestClient, typed: dict[str, str]
) -> None:
    typed |= {"field": "", "confidentiality": "brokers"}
    response = client.post(FORM, data=typed)
    assert response.status_code == 422
    page = Page.of(response)
    for name, value in typed.items():
        assert page.value_of(name) == value


@shared_client
@given(changes=st.dictionaries(st.sampled_from(sorted(typed_form())), any_text))
def test_a_form_is_stored_or_refused_but_no_server_error(
    module_copy: Copy, changes: dict[str, str]
) -> None:
    workspace, client = module_copy
    before = workspace.demands.count()
    response = client.post(FORM, data=typed_form(**changes))
    assert response.status_code in (303, 422)
    stored = workspace.demands.count() - before
    assert stored == (response.status_code == 303)
    if stored:
        Page.of(client.get(response.headers["location"]))


@shared_client
@given(text=typed_text, direction=st.sampled_from(["achievements", "demands"]))
def test_a_text_on_the_workbench_is_answered_or_refused_and_stays(
    client: TestClient, text: str, direction: str
) -> None:
    given = {"text": text, "direction": direction, "region": "宁夏"}
    response = client.post("/", data=given)
    assert response.status_code == (200 if text.strip() else 422)
    assert Page.of(response).value_of("text") == text


@shared_client
@given(text=any_text, direction=st.sampled_from(["achievements", "demands", None]))
def test_a_text_to_match_is_answered_or_refused(
    client: TestClient, text: str, direction: str | None
) -> None:
    response = client.post(MATCHES, json={"text": text, "direction": direction, "k": 3})
    assert response.status_code == (200 if text.strip() else 422)
    if response.status_code == 200:
        answer = response.json()
        assert bool(answer["notice"]) == (answer["weak"] or not answer["pairings"])
        assert answer["pairings"] or not answer["weak"]
        side = "demand" if direction == "demands" else "achievement"
        for pairing in answer["pairings"]:
            assert pairing[side]["id"]
            for fields in pairing["reason"]["highlights"].values():
                assert all(0 <= start < end for spans in fields.values() for start, end in spans)


@shared_client
@given(
    body=st.dictionaries(
        st.sampled_from(["text", "id", "direction", "k", "filters", "x"]), json_values
    )
)
def test_any_json_to_match_is_no_server_error(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post(MATCHES, json=body).status_code in (200, 404, 422)


@shared_client
@given(q=any_text, field=any_text, cursor=any_text)
def test_any_question_to_a_listing_is_no_server_error(
    client: TestClient, q: str, field: str, cursor: str
) -> None:
    expected = 422 if len(q) > 100 or len(cursor) > 64 else 200
    given = {"q": q, "field": field}
    for address, name in ((DEMANDS, "cursor"), (ACHIEVEMENTS, "cursor"), ("/demands", "after")):
        response = client.get(address, params={**given, name: cursor})
        assert response.status_code == expected


@shared_client
@given(changes=st.dictionaries(st.sampled_from(sorted(DEMAND)), any_text))
def test_any_texts_in_a_demand_are_kept_or_refused(
    module_copy: Copy, changes: dict[str, str]
) -> None:
    workspace, client = module_copy
    before = workspace.demands.count()
    response = client.post(DEMANDS, json=DEMAND | changes)
    assert response.status_code in (201, 422)
    assert workspace.demands.count() - before == (response.status_code == 201)
    if response.status_code == 201:
        kept = response.json()
        receipt = kept.pop("receipt")
        seen = client.get(f"{DEMANDS}/{kept['id']}").json()
        assert {name: seen[name] for name in kept} == kept
        assert seen.keys() - kept.keys() == {"organisation", "contact", "phone", "review_note"}
        assert client.get(f"/receipts/{receipt}").status_code == 200


@pytest.mark.parametrize("name", ["keywords", "title", "budget"])
def test_any_json_value_in_a_demand_is_no_server_error(module_copy: Copy, name: str) -> None:
    @settings(max_examples=25)
    @given(value=json_values)
    def check(value: object) -> None:
        response = module_copy[1].post(DEMANDS, json=DEMAND | {name: value})
        assert response.status_code in (201, 422)

    check()
