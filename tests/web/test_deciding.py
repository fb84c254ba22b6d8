"""Brokers decide on pairings: what is kept, what the list makes of it, and the way back."""

from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.services.workspace import Workspace
from matcher.values import REJECTIONS
from tests.web.checks import MATCHES, Page, assert_calm_page, assert_problem
from tests.web.people import BROKER, ENTERPRISE, People

DECISIONS = "/api/v1/decisions"


@pytest.fixture(scope="module")
def workspace_here(module_copy: tuple[Workspace, TestClient]) -> Workspace:
    return module_copy[0]


@pytest.fixture
def api(module_copy: tuple[Workspace, TestClient]) -> TestClient:
    return module_copy[1]


@pytest.fixture
def demand(workspace_here: Workspace) -> str:
    """A demand on which nothing stands."""
    id_ = workspace_here.demands.page(1).items[0].id
    for decision in workspace_here.store.decisions.of("demand_id", id_):
        with workspace_here.store.writing() as unit:
            workspace_here.store.decisions.withdraw(unit, decision.id)
    return id_


def found(api: TestClient, demand: str, k: int = 5) -> list[str]:
    answer = api.get(f"/api/v1/demands/{demand}/matches", params={"k": k}).json()
    return [pairing["achievement"]["id"] for pairing in answer["pairings"]]


def said(demand: str, achievement: str, verdict: str = "accepted", **more: object) -> dict:
    return {"demand": demand, "achievement": achievement, "verdict": verdict, **more}


# What a decision does


def test_what_was_decided_is_not_offered_again_until_it_is_taken_back(
    api: TestClient, demand: str
) -> None:
    first, second, *_ = found(api, demand)
    made = api.post(DECISIONS, json=said(demand, first, position=1))
    assert made.status_code == 201
    assert (made.json()["grade"], made.json()["who"]) == (4, BROKER)
    assert first not in found(api, demand)
    assert found(api, demand, 1) == [second]
    assert api.delete(f"{DECISIONS}/{made.json()['id']}").status_code == 204
    assert found(api, demand)[0] == first


def test_the_grades_of_the_others_follow_at_once(api: TestClient, demand: str) -> None:
    def chances() -> dict[str, float]:
        answer = api.post(MATCHES, json={"id": demand, "k": 20}).json()
        return {p["achievement"]["id"]: p["grading"]["expected"] for p in answer["pairings"]}

    before = chances()
    first = next(iter(before))
    api.post(DECISIONS, json=said(demand, first))
    after_accepting = chances()
    api.post(DECISIONS, json=said(demand, first, "rejected", reason="领域不符"))
    after_rejecting = chances()
    shared = before.keys() & after_accepting.keys() & after_rejecting.keys()
    assert shared
    gained = sum(after_accepting[id_] - before[id_] for id_ in shared)
    lost = sum(after_rejecting[id_] - before[id_] for id_ in shared)
    assert gained > 0.5
    assert lost < gained


def test_decisions_count_from_the_side_of_the_achievement_too(api: TestClient, demand: str) -> None:
    first = found(api, demand)[0]
    answer = api.get(f"/api/v1/achievements/{first}/matches", params={"k": 50}).json()
    assert demand in [p["demand"]["id"] for p in answer["pairings"]]
    api.post(DECISIONS, json=said(demand, first, asked="achievement"))
    answer = api.get(f"/api/v1/achievements/{first}/matches", params={"k": 50}).json()
    assert demand not in [p["demand"]["id"] for p in answer["pairings"]]


def test_a_second_decision_replaces_the_first(
    api: TestClient, workspace_here: Workspace, demand: str
) -> None:
    first = found(api, demand)[0]
    old = api.post(DECISIONS, json=said(demand, first)).json()
    new = api.post(DECISIONS, json=said(demand, first, "rejected", reason="价格不合")).json()
    [standing] = api.get(DECISIONS, params={"demand": demand}).json()
    assert standing == new
    assert (new["grade"], new["reason"]) == (3, "价格不合")
    assert_problem(api.delete(f"{DECISIONS}/{old['id']}"), 404)


def test_what_was_shown_is_kept_with_the_decision(
    api: TestClient, workspace_here: Workspace, demand: str
) -> None:
    first = found(api, demand)[0]
    more = {"position": 3, "shown_grade": 2, "note": "  设备太大\u0007  "}
    api.post(DECISIONS, json=said(demand, first, "rejected", reason="其他", **more))
    [kept] = workspace_here.store.decisions.of("demand_id", demand)
    assert (kept.position, kept.shown_grade, kept.note) == (3, 2, "设备太大")
    assert (kept.model, kept.asked, kept.grade) == (workspace_here.model, "demand", 1)


@pytest.mark.parametrize("reason", REJECTIONS)
def test_every_reason_teaches_a_grade(api: TestClient, demand: str, reason: str) -> None:
    first = found(api, demand)[0]
    made = api.post(DECISIONS, json=said(demand, first, "rejected", reason=reason)).json()
    assert 1 <= made["grade"] <= 3


def test_accepting_opens_a_case_and_taking_it_back_removes_it(
    api: TestClient, workspace_here: Workspace, demand: str
) -> None:
    first = found(api, demand)[0]
    made = api.post(DECISIONS, json=said(demand, first)).json()
    assert workspace_here.store.cases.id_of(demand, first)
    api.delete(f"{DECISIONS}/{made['id']}")
    assert workspace_here.store.cases.id_of(demand, first) is None


def test_a_case_that_somebody_has_worked_on_stays(
    api: TestClient, workspace_here: Workspace, demand: str
) -> None:
    first = found(api, demand)[1]
    made = api.post(DECISIONS, json=said(demand, first)).json()
    case = workspace_here.store.cases.id_of(demand, first)
    noted = api.post(f"/api/v1/cases/{case}/notes", json={"text": "已电话联系"})
    assert noted.status_code < 300
    api.delete(f"{DECISIONS}/{made['id']}")
    assert workspace_here.store.cases.id_of(demand, first) == case


# What is refused


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"verdict": "perhaps"}, "verdict"),
        ({"verdict": "rejected"}, "reason"),
        ({"verdict": "rejected", "reason": "看着不顺眼"}, "reason"),
        ({"note": "字" * 501}, "note"),
        ({"position": 0}, "position"),
        ({"shown_grade": 5}, "shown_grade"),
        ({"grade": 4}, "grade"),
    ],
)
def test_what_is_no_decision_is_refused(
    api: TestClient, demand: str, change: dict[str, object], field: str
) -> None:
    first = found(api, demand)[0]
    body = assert_problem(api.post(DECISIONS, json=said(demand, first) | change), 422)
    assert [error["field"] for error in body["errors"]] == [field]
    assert api.get(DECISIONS, params={"demand": demand}).json() == []


def test_records_that_are_not_there_cannot_be_decided_on(api: TestClient, demand: str) -> None:
    first = found(api, demand)[0]
    assert_problem(api.post(DECISIONS, json=said("nobody", first)), 404)
    assert_problem(api.post(DECISIONS, json=said(demand, "nobody")), 404)
    assert_problem(api.post(DECISIONS, json=said(first, demand)), 404)
    assert_problem(api.get(DECISIONS), 422)


# The pages


def test_a_decision_leads_back_to_where_one_was_and_says_what_it_did(
    people: People, api: TestClient, demand: str
) -> None:
    browser, first = people[BROKER], found(api, demand)[0]
    back = f"/demands/{demand}?field=&k=20"
    form = said(demand, first) | {"position": "1", "shown_grade": "4", "back": back}
    response = browser.submit("/decisions", form)
    assert response.status_code == 303
    where = urlsplit(response.headers["location"])
    assert (where.path, where.fragment) == (f"/demands/{demand}", "answers-title")
    asked = parse_qs(where.query)
    assert asked["k"] == ["20"]
    page = Page.of(browser.get(response.headers["location"]))
    toast = page.one("div", class_="toast").text
    assert "采纳，对接单已建立" in toast
    assert "已按 1 条判断重新评估" in toast
    assert "已判断 1 项" in page.text_of("main")
    again = browser.submit(f"/decisions/{asked['said'][0]}/withdraw", {"back": back})
    assert "said" not in again.headers["location"]
    assert found(api, demand)[0] == first


def test_a_decision_that_is_incomplete_is_a_calm_page(
    people: People, api: TestClient, demand: str
) -> None:
    form = said(demand, found(api, demand)[0], "rejected")
    page = assert_calm_page(people[BROKER].submit("/decisions", form), 422)
    assert "原因" in page.text_of("main")


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "javascript:1", ""],
)
def test_nobody_is_sent_elsewhere_after_a_decision(
    people: People, api: TestClient, demand: str, back: str
) -> None:
    form = said(demand, found(api, demand)[0]) | {"back": back}
    response = people[BROKER].submit("/decisions", form)
    assert response.headers["location"].startswith("/?said=")


def test_a_form_without_its_token_decides_nothing(
    people: People, api: TestClient, demand: str
) -> None:
    response = people[BROKER].post("/decisions", data=said(demand, found(api, demand)[0]))
    assert response.status_code == 403
    assert api.get(DECISIONS, params={"demand": demand}).json() == []


def test_every_card_can_be_decided_on(api: TestClient, demand: str) -> None:
    page = Page.of(api.get(f"/demands/{demand}"))
    for number, card in enumerate(page.cards(), 1):
        [form] = [f for f in card.find("form") if f.get("action") == "/decisions"]
        sent = {i.get("name"): i.get("value") for i in form.find("input")}
        assert sent["demand"] == demand
        assert sent["position"] == str(number)
        assert sent["asked"] == "demand"
        assert [o.text for o in form.find("option")] == list(REJECTIONS)


# Narrow, sort, pin, compare, report


def test_facets_count_and_lead_to_the_narrowed_list(api: TestClient, demand: str) -> None:
    page = Page.of(api.get(f"/demands/{demand}"))
    chips = [a for a in page.all("a", class_="chip") if "field=" in (a.get("href") or "")]
    assert chips
    narrowed = Page.of(api.get(chips[0].get("href") or ""))
    [chosen] = [a for a in narrowed.all("a", class_="chip") if a.get("aria-current")]
    assert chosen.text == chips[0].text
    assert "field" not in (chosen.get("href") or "")


def test_sorting_keeps_ranks_and_unknown_orders_are_the_usual_one(
    api: TestClient, workspace_here: Workspace, demand: str
) -> None:
    usual = [c.find("span")[0].text for c in Page.of(api.get(f"/demands/{demand}")).cards()]
    assert usual == [str(n) for n in range(1, 11)]
    page = Page.of(api.get(f"/demands/{demand}", params={"sort": "price"}))
    assert sorted(c.find("span")[0].text for c in page.cards()) == sorted(usual)
    ids = [(c.find("a")[0].get("href") or "").rpartition("/")[2] for c in page.cards()]
    prices = [workspace_here.achievements.get_many(ids)[i].price_min for i in ids]
    known = [price for price in prices if price is not None]
    assert prices == [*sorted(known), *[None] * (len(ids) - len(known))]
    strange = Page.of(api.get(f"/demands/{demand}", params={"sort": "x", "k": "7", "pin": "x"}))
    assert [c.find("span")[0].text for c in strange.cards()] == usual


def test_a_pinned_record_says_why_it_is_not_higher(
    api: TestClient, workspace_here: Workspace, demand: str
) -> None:
    shown = found(api, demand, 20)
    offers = workspace_here.achievements.page(200).items
    far = next(offer for offer in offers if offer.id not in shown)
    page = Page.of(api.get(f"/demands/{demand}", params={"pin": far.id}))
    [pinned] = page.all("section", class_="pinned")
    assert far.title in pinned.text
    assert "为什么不更靠前" in pinned.text
    assert "差距主要在" in pinned.text
    [best] = found(api, demand, 1)
    page = Page.of(api.get(f"/demands/{demand}", params={"pin": best}))
    assert "为什么" not in page.all("section", class_="pinned")[0].text


def test_up_to_four_stand_side_by_side(api: TestClient, demand: str) -> None:
    five = found(api, demand)
    page = Page.of(api.get(f"/demands/{demand}/compare", params={"with": five[:3]}))
    table = page.one("table", class_="compare")
    assert len(table.find("thead")[0].find("th")) == 3
    for row in table.find("tbody")[0].find("tr"):
        assert len(row.children) == 4
    page = Page.of(api.get(f"/demands/{demand}/compare", params={"with": five}))
    assert len(page.one("table", class_="compare").find("thead")[0].find("th")) == 4
    assert "最多比较 4 项" in page.text_of("main")
    page = Page.of(api.get(f"/demands/{demand}/compare", params={"with": ["nobody"]}))
    assert "勾选 2 至 4 项" in page.text_of("main")


def test_demands_are_compared_for_an_achievement(api: TestClient, demand: str) -> None:
    offer = found(api, demand)[0]
    answer = api.get(f"/api/v1/achievements/{offer}/matches").json()["pairings"]
    ids = [pairing["demand"]["id"] for pairing in answer[:2]]
    page = Page.of(api.get(f"/achievements/{offer}/compare", params={"with": ids}))
    assert len(page.one("table", class_="compare").find("thead")[0].find("th")) == 2


def test_the_report_of_a_pairing_shows_both_sides_and_what_was_decided(
    api: TestClient, workspace_here: Workspace, demand: str
) -> None:
    offer = found(api, demand)[0]
    api.post(DECISIONS, json=said(demand, offer, "rejected", reason="尚不成熟", note="等中试"))
    page = Page.of(api.get(f"/demands/{demand}/pairings/{offer}"))
    text = page.text_of("main")
    need, record = workspace_here.demands.get(demand), workspace_here.achievements.get(offer)
    assert need is not None
    assert record is not None
    for part in (need.title, need.problem, record.title, record.abstract, record.contact or ""):
        assert part in text
    assert "不合适（尚不成熟）" in text
    assert "等中试" in text
    assert_calm_page(api.get(f"/demands/{demand}/pairings/nobody"), 404)


def test_enterprises_see_none_of_this(people: People, api: TestClient, demand: str) -> None:
    page = Page.of(people[ENTERPRISE].get(f"/demands/{demand}"))
    assert page.cards() == []
    assert "判断" not in page.text_of("main")
    assert people[ENTERPRISE].get(f"/demands/{demand}/compare").status_code == 403
