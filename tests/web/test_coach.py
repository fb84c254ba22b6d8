"""POST /api/v1/coach: what the form asks while somebody types."""

from typing import Any

import pytest

from api.services.disclosing import LONGEST
from api.services.workspace import Workspace
from matcher.errors import BundleError
from matcher.values import FIELDS, INDUSTRIES
from tests.web.checks import assert_problem
from tests.web.people import TestClient

pytestmark = pytest.mark.any_database

COACH = "/api/v1/coach"
FORM = {
    "title": "轴承套圈外观全检，反光件老漏检",
    "problem": "苏州华兴轴承有限公司做深沟球轴承套圈，靠工人灯下看，反光一强就漏检，去年退货4次。",
    "indicators": "漏检不超过0.2%；节拍尽量快",
    "goal": "一年内验收一台样机",
    "organisation": "苏州华兴轴承有限公司",
    "contact": "张工",
    "phone": "13800001111",
}


def ask(client: TestClient, **form: str) -> dict[str, Any]:
    response = client.post(COACH, json=form)
    assert response.status_code == 200, response.text[:500]
    answer: dict[str, Any] = response.json()
    return answer


def test_one_answer_has_everything_that_the_form_shows(client: TestClient) -> None:
    answer = ask(client, **FORM)
    assert [c["name"] for c in answer["criteria"]] == ["problem", "indicators", "goal", "context"]
    assert answer["score"] == sum(c["score"] for c in answer["criteria"])
    assert 1 <= len(answer["keywords"]) <= 5
    assert answer["field"] in {*FIELDS, None}
    assert answer["industry"] in {*INDUSTRIES, None}
    assert answer["related"] >= 1
    assert {place["field"] for place in answer["disclosures"]} == {"problem"}


def test_quantities_come_with_name_bound_and_place(client: TestClient) -> None:
    answer = ask(client, indicators=FORM["indicators"])
    [quantity] = answer["quantities"]
    assert quantity == {
        "property": "漏检",
        "form": "at most",
        "low": None,
        "high": 0.2,
        "unit": "%",
        "field": "indicators",
        "start": 2,
        "end": 9,
        "text": "不超过0.2%",
    }


def test_a_suggestion_says_of_which_place_it_speaks(client: TestClient) -> None:
    criterion = ask(client, **FORM)["criteria"][1]
    place = criterion["suggestion"]
    assert place["field"] == "indicators"
    assert FORM["indicators"][place["start"] : place["end"]] in place["text"]


def test_an_empty_form_is_answered_with_what_to_write(client: TestClient) -> None:
    answer = ask(client)
    assert answer["score"] == 0
    assert all(c["suggestion"]["text"] for c in answer["criteria"])
    assert answer["keywords"] == answer["disclosures"] == answer["quantities"] == []
    assert (answer["field"], answer["industry"], answer["related"]) == (None, None, None)


def test_no_keyword_gives_the_enterprise_away(client: TestClient) -> None:
    form = {
        "title": "华兴化工废水，联系张大明",
        "problem": "苏州华兴化工有限公司华兴化工华兴化工，张大明 13800001111",
        "organisation": "苏州华兴化工有限公司",
        "contact": "张大明",
    }
    words = "".join(ask(client, **form)["keywords"])
    assert words
    assert not any(secret in words for secret in ("华兴", "张大明", "13800001111"))


def test_keywords_that_were_chosen_are_not_in_the_way(client: TestClient) -> None:
    assert ask(client, **FORM, keywords="轴承、漏检")["keywords"]


def test_a_date_and_a_budget_count_however_they_are_written(client: TestClient) -> None:
    form = FORM | {"goal": "验收一台样机"}
    bare = ask(client, **form)["score"]
    assert ask(client, **form, budget="约30万")["score"] == bare + 1
    assert ask(client, **form, deadline="2027年6月")["score"] == bare + 2
    assert ask(client, **form, budget="面议")["score"] == bare


@pytest.mark.parametrize(
    "text",
    [
        "\u202e😀 <script>alert(1)</script>",
        "漏检率≤0.2%，" * 500,
        "廢水處理，經常超標" * 400,
        "only english, low cost and better quality",
        "，" * LONGEST,
    ],
)
def test_any_text_is_answered(client: TestClient, text: str) -> None:
    kept = text[:LONGEST]
    answer = ask(client, title=kept, problem=kept, indicators=kept, goal=kept, keywords=kept)
    assert 0 <= answer["score"] <= 20


def test_too_long_a_text_and_unknown_fields_are_refused(client: TestClient) -> None:
    assert_problem(client.post(COACH, json={"problem": "水" * (LONGEST + 1)}), 422)
    assert_problem(client.post(COACH, json={"secret": "x"}), 422)


def test_without_a_model_the_texts_are_judged_all_the_same(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Workspace) -> None:
        raise BundleError("损坏")

    with monkeypatch.context() as patch:
        patch.setattr(type(workspace), "matchmaker", property(broken))
        answer = ask(client, **FORM)
    assert answer["score"] > 0
    assert (answer["related"], answer["keywords"]) == (None, [])
    assert answer["disclosures"]
