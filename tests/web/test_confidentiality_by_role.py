"""An enterprise and a visitor try to get at what is not for them, in every way there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from httpx import Response

from api.security.redaction import HIDDEN
from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    FIRST,
    MATCHES,
    assert_problem,
    typed_form,
)
from tests.web.people import BROKER, ENTERPRISE, OTHER, Browser, People, TestClient

FIRM = "苏州鹧鸪晶硅科技有限公司"
BEHIND = {"organisation": FIRM, "contact": "鹧鸪联系人", "phone": "13912345678"}
TELLING = (
    DEMAND | BEHIND | {"title": f"{FIRM}除氟", "problem": f"{FIRM}的膜结垢，联系13912345678。"}
)
HIDDEN_WORDS = "獬豸牌密封圈"
KEPT_BACK = DEMAND | BEHIND | {"title": f"{HIDDEN_WORDS}漏油", "confidentiality": "brokers"}
PUBLISH, RETURN = {"verdict": "publish"}, {"verdict": "return", "note": f"{HIDDEN_WORDS}太旧"}
SECRETS = (*BEHIND.values(), "鹧鸪", HIDDEN_WORDS, ACHIEVEMENT["contact"])
ADDRESSES = ["/", "/demands", "/achievements", DEMANDS, ACHIEVEMENTS, "/api/v1/me", "/api/v1/keys"]


@dataclass(frozen=True)
class Planted:
    """Records with secrets: a public demand whose texts tell, one for brokers, an achievement.

    Two more would be public, but one waits for its review, and one was returned.
    """

    telling: str
    kept_back: str
    waiting: str
    returned: str
    offer: str
    receipt: str


@pytest.fixture(scope="module")
def planted(people: People) -> Planted:
    owner, broker = people.program(OTHER), people.program(BROKER)
    telling = owner.post(DEMANDS, json=TELLING).json()
    kept_back = owner.post(DEMANDS, json=KEPT_BACK).json()
    hidden = KEPT_BACK | {"confidentiality": "public"}
    waiting, returned = (owner.post(DEMANDS, json=hidden).json() for _ in range(2))
    for one, verdict in ((telling, PUBLISH), (kept_back, PUBLISH), (returned, RETURN)):
        assert review(broker, one["id"], verdict).status_code == 200
    offer = broker.post(ACHIEVEMENTS, json=ACHIEVEMENT).json()
    ids = (one["id"] for one in (telling, kept_back, waiting, returned, offer))
    return Planted(*ids, telling["receipt"])


def review(client: TestClient, id_: str, verdict: dict[str, str]) -> Response:
    """Of a demand that nobody has reviewed or changed yet."""
    return client.post(f"{DEMANDS}/{id_}/review", json=verdict, headers=FIRST)


@pytest.fixture(params=["session", "key"])
def enterprise(people: People, request: pytest.FixtureRequest) -> TestClient:
    """Another firm than that of the planted demands."""
    return people[ENTERPRISE] if request.param == "session" else people.program(ENTERPRISE)


def shown(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def pages(client: TestClient, address: str, **parameters: str) -> Iterator[dict[str, Any]]:
    """All pages of a listing, small ones."""
    cursor: str | None = None
    while True:
        asked = parameters | {"limit": "7"} | ({"cursor": cursor} if cursor else {})
        answer = client.get(address, params=asked).json()
        yield answer
        cursor = answer["next_cursor"]
        if cursor is None:
            return


# What would be seen if nothing protected it


def test_brokers_and_the_owner_see_it(people: People, planted: Planted) -> None:
    for client in (people.program(BROKER), people.program(OTHER)):
        public = KEPT_BACK | {"confidentiality": "public"}
        for id_, whole in (
            (planted.telling, TELLING),
            (planted.kept_back, KEPT_BACK),
            (planted.waiting, public),
            (planted.returned, public),
        ):
            seen = client.get(f"{DEMANDS}/{id_}").json()
            assert {name: seen[name] for name in whole} == whole
    assert people.program(BROKER).get(DEMANDS, params={"q": HIDDEN_WORDS}).json()["total"] == 3
    assert FIRM in people[OTHER].get(f"/demands/{planted.telling}").text
    states = [
        people.program(OTHER).get(f"{DEMANDS}/{id_}").json()["state"]
        for id_ in (planted.telling, planted.waiting, planted.returned)
    ]
    assert states == ["published", "pending", "returned"]


# Lists, search, totals, cursors, order


def test_no_list_shows_a_secret_or_a_demand_for_brokers(
    enterprise: TestClient, planted: Planted
) -> None:
    for address in (DEMANDS, ACHIEVEMENTS):
        answers = list(pages(enterprise, address))
        ids = [item["id"] for answer in answers for item in answer["items"]]
        assert shown(str(answers)) == []
        for hidden in (planted.kept_back, planted.waiting, planted.returned):
            assert hidden not in str(answers)
        assert {answer["total"] for answer in answers} == {len(ids)}
        assert ids == sorted(ids, reverse=True)
    for address in ADDRESSES:
        text = enterprise.get(address).text
        assert shown(text) == []
        for hidden in (planted.kept_back, planted.waiting, planted.returned):
            assert hidden not in text


@pytest.mark.parametrize("parameters", [{}, {"field": "资源与环境"}, {"q": "除氟"}, {"q": "漏油"}])
def test_totals_and_cursors_are_as_if_hidden_demands_did_not_exist(
    people: People, enterprise: TestClient, planted: Planted, parameters: dict[str, str]
) -> None:
    before = list(pages(enterprise, DEMANDS, **parameters))
    page = enterprise.get("/demands", params=parameters).text
    broker = people.program(BROKER)
    title = {"title": "除氟漏油"}
    id_ = broker.post(DEMANDS, json=KEPT_BACK | title).json()["id"]
    public = KEPT_BACK | title | {"confidentiality": "public"}
    assert people.visitor().write("POST", DEMANDS, json=public).json()["state"] == "pending"
    assert list(pages(enterprise, DEMANDS, **parameters)) == before
    after = enterprise.get("/demands", params=parameters).text
    assert _without_tokens(after) == _without_tokens(page)
    assert broker.delete(f"{DEMANDS}/{id_}").status_code == 204


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "form_token" not in line]


def test_a_hidden_id_as_a_cursor_says_nothing(enterprise: TestClient, planted: Planted) -> None:
    before, at, after = planted.kept_back[:-1], planted.kept_back, planted.kept_back + "0"
    answers = [enterprise.get(DEMANDS, params={"cursor": c}).json() for c in (before, at, after)]
    assert answers[0]["total"] == answers[1]["total"] == answers[2]["total"]
    assert answers[1]["items"] == answers[2]["items"]
    assert shown(str(answers)) == []


@pytest.mark.parametrize(
    "q", [FIRM, FIRM[:4], "鹧鸪", "晶硅科技", "有限公司除氟", "鹧", HIDDEN_WORDS, "獬豸", "漏油"]
)
def test_searching_is_no_way_to_ask_for_what_is_hidden(
    enterprise: TestClient, planted: Planted, q: str
) -> None:
    found = [i["id"] for answer in pages(enterprise, DEMANDS, q=q) for i in answer["items"]]
    assert not {planted.telling, planted.kept_back, planted.waiting, planted.returned} & set(found)
    page = enterprise.get("/demands", params={"q": q}).text
    assert f"/demands/{planted.telling}" not in page
    assert "晶硅科技" not in page.replace(q, "")


def test_what_is_public_of_it_is_found(enterprise: TestClient, planted: Planted) -> None:
    for q in ("除氟", HIDDEN):
        found = [i["id"] for answer in pages(enterprise, DEMANDS, q=q) for i in answer["items"]]
        assert planted.telling in found


# One record


def test_a_public_demand_of_another_firm_is_shown_without_who_is_behind_it(
    enterprise: TestClient, planted: Planted
) -> None:
    response = enterprise.get(f"{DEMANDS}/{planted.telling}")
    assert response.status_code == 200
    assert {response.json()[name] for name in BEHIND} == {None}
    assert HIDDEN in response.json()["title"]
    page = enterprise.get(f"/demands/{planted.telling}")
    assert page.status_code == 200
    assert shown(response.text) == shown(page.text) == []


def test_an_achievement_is_shown_without_its_contact(
    enterprise: TestClient, planted: Planted
) -> None:
    response = enterprise.get(f"{ACHIEVEMENTS}/{planted.offer}")
    assert (response.status_code, response.json()["contact"]) == (200, None)
    assert shown(enterprise.get(f"/achievements/{planted.offer}").text) == []


@pytest.mark.parametrize("which", ["kept_back", "waiting", "returned"])
def test_a_hidden_demand_is_answered_like_one_that_does_not_exist(
    people: People, planted: Planted, which: str
) -> None:
    browser, hidden = people[ENTERPRISE], getattr(planted, which)
    nobody = hidden[:-1] + ("0" if hidden[-1] != "0" else "1")
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", DEMANDS + "/{}", {}),
        ("PUT", DEMANDS + "/{}", {"json": DEMAND, "headers": FIRST}),
        ("DELETE", DEMANDS + "/{}", {}),
        ("DELETE", DEMANDS + "/{}", {"headers": {"If-Match": '"9"'}}),
        ("POST", DEMANDS + "/{}/restore", {}),
        ("POST", DEMANDS + "/{}/review", {"json": PUBLISH, "headers": FIRST}),
        ("GET", "/inbox/{}", {}),
        ("POST", "/inbox/{}", {"data": {"verdict": "publish"}}),
        ("GET", DEMANDS + "/{}/matches", {}),
        ("GET", "/demands/{}", {}),
        ("GET", "/demands/{}/edit", {}),
        ("POST", "/demands/{}/edit", {"data": typed_form(version="1")}),
        ("POST", "/demands/{}/remove", {"data": {}}),
        ("GET", "/demands/{}?region=%E5%8C%97%E4%BA%AC", {}),
    ]
    for method, address, options in requests:
        answers = [_answer(browser, method, address, options, i) for i in (hidden, nobody)]
        assert answers[0] == answers[1]
        assert answers[0][0] in (403, 404)
        assert shown(answers[0][1]) == []


def _answer(
    browser: Browser, method: str, address: str, options: dict[str, Any], id_: str
) -> tuple[int, str]:
    place = address.format(id_)
    if "data" in options:
        response = browser.submit(place, options["data"])
    elif method == "GET":
        response = browser.get(place)
    else:
        response = browser.write(method, place, **options)
    text = "\n".join(_without_tokens(response.text)).replace(id_, "ID")
    return response.status_code, text


# Matches, audit, receipts, the interface document


def test_matches_the_audit_log_and_accounts_are_not_for_enterprises(
    enterprise: TestClient, planted: Planted
) -> None:
    headers = {"X-Form-Token": enterprise.form_token()} if isinstance(enterprise, Browser) else {}
    bodies: list[dict[str, Any]] = [
        {"text": FIRM, "direction": "demands"},
        {"id": planted.kept_back},
        {"id": planted.offer},
        {"id": planted.offer, "filters": {"providers": ["x"]}, "k": 100},
    ]
    for body in bodies:
        answer = enterprise.post(MATCHES, json=body, headers=headers)
        assert shown(assert_problem(answer, 403)["detail"]) == []
    for address in (
        f"{DEMANDS}/{planted.telling}/matches",
        f"{ACHIEVEMENTS}/{planted.offer}/matches",
        "/api/v1/audit",
        f"/api/v1/audit?subject={planted.kept_back}",
        "/api/v1/users",
        f"{DEMANDS}?state=pending",
        f"{DEMANDS}?state=published",
    ):
        assert_problem(enterprise.get(address), 403)


def test_a_receipt_shows_its_own_demand_and_no_secret_even_to_others(
    people: People, planted: Planted
) -> None:
    text = people.visitor().get(f"/receipts/{planted.receipt}").text
    assert [secret for secret in (BEHIND["contact"], BEHIND["phone"]) if secret in text] == []
    for code in (planted.kept_back, planted.receipt[:-1], planted.receipt[:-1] + "!", "%25", "*"):
        response = people.visitor().get("/receipts", params={"code": code})
        assert response.status_code == 404
        assert shown(response.text) == []


def test_a_visitor_gets_at_nothing_at_all(people: People, planted: Planted) -> None:
    visitor = people.visitor()
    for base, id_ in ((DEMANDS, planted.telling), (ACHIEVEMENTS, planted.offer)):
        for address in (base, f"{base}/{id_}", f"{base}/{id_}/matches", f"{base}?q={FIRM}"):
            problem = assert_problem(visitor.get(address), 401)
            assert shown(str(problem)) == []
            page = visitor.get(address.removeprefix("/api/v1"))
            assert page.status_code in (303, 404)
            assert shown(page.text) == []
    for address in ("/", "/login", "/receipts", "/demands/new", "/nope", "/healthz", "/readyz"):
        assert shown(visitor.get(address).text) == []
    for address in ("/api/docs", "/api/openapi.json", "/audit", "/account"):
        assert visitor.get(address).status_code in (303, 401)


def test_errors_repeat_nothing_of_what_was_refused(people: People, planted: Planted) -> None:
    wrong = TELLING | {"field": "炼金术", "deadline": "明年"}
    for client in (people.visitor(), people.program(ENTERPRISE)):
        assert shown(str(assert_problem(client.post(DEMANDS, json=wrong), 422))) == []
