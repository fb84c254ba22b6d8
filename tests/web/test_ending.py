"""Demands narrowed by the days on which they end: on pages, and in searches that are kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api.services.times import today
from api.services.workspace import Workspace
from api.store import Narrowing
from matcher.records import Demand
from tests.unit.subscribed import digest
from tests.web.checks import Page, assert_calm_page, assert_problem
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, Browser, People

API = "/api/v1/subscriptions"
DAYS = {"date_from": "2027-06-01", "date_to": "2027-12-31"}
OFFER = "光伏清洗含氟废水深度除氟技术，出水氟离子低于 1.5 mg/L，吸附剂可再生"


def found(page: Page, space: Workspace) -> list[Demand]:
    """The demands that a page shows, in its order."""
    ids = [(card.find("a")[0].get("href") or "").rpartition("/")[2] for card in page.cards()]
    records = space.demands.get_many(ids)
    return [records[id_] for id_ in ids]


# The demands of an achievement


@pytest.fixture(scope="module")
def address(workspace: Workspace) -> str:
    return f"/achievements/{workspace.achievements.page(1).items[0].id}"


def test_the_list_shows_only_what_ends_within_the_days(
    client: TestClient, workspace: Workspace, address: str
) -> None:
    page = Page.of(client.get(address, params=DAYS | {"k": "20"}))
    shown = found(page, workspace)
    assert shown
    assert all(d.deadline and "2027-06-01" <= d.deadline <= "2027-12-31" for d in shown)
    [first] = page.all("input", name="date_from")
    [last] = page.all("input", name="date_to")
    assert (first.get("value"), last.get("value")) == ("2027-06-01", "2027-12-31")
    assert "已选 1 项" in page.text_of("main")


def test_what_has_no_end_stays_while_only_the_first_day_is_chosen(
    client: TestClient, workspace: Workspace, address: str
) -> None:
    page = Page.of(client.get(address, params={"date_from": "9000-01-01"}))
    shown = found(page, workspace)
    assert shown
    assert all(demand.deadline is None for demand in shown)


def test_the_form_keeps_the_rest_of_the_address(client: TestClient, address: str) -> None:
    page = Page.of(
        client.get(address, params={"k": "20", "sort": "deadline", "date_to": "2028-01-01"})
    )
    [form] = [f for f in page.all("form") if "between" in (f.get("class") or "")]
    sent = {i.get("name"): i.get("value") for i in form.find("input")}
    assert sent == {"k": "20", "sort": "deadline", "date_from": "", "date_to": "2028-01-01"}
    assert (form.get("method"), form.get("action")) == ("get", address)


@pytest.mark.parametrize(
    "days",
    [
        {"date_from": "2027-02-30"},
        {"date_to": "<b>明天</b>"},
        {"date_from": "2027-07-01", "date_to": "2027-06-30"},
    ],
)
def test_days_that_cannot_be_are_told_calmly(
    client: TestClient, address: str, days: dict[str, str]
) -> None:
    response = client.get(address, params=days)
    assert response.status_code == 422
    assert "截止日期" in Page.of(response).text_of("main")
    assert "<b>明天" not in response.text


def test_the_achievements_of_a_demand_have_no_days(
    client: TestClient, workspace: Workspace
) -> None:
    demand = workspace.demands.page(1).items[0]
    assert 'type="date"' not in client.get(f"/demands/{demand.id}").text
    refused = client.get(f"/demands/{demand.id}", params=DAYS)
    assert refused.status_code == 422
    assert "查找成果时不能按截止日期筛选" in refused.text


# Lists


def listed(client: TestClient | Browser, **asked: str) -> Page:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return Page.of(client.get(f"/demands?{query}"))


def test_the_list_of_demands_counts_as_the_store_does(
    client: TestClient, workspace: Workspace
) -> None:
    every = workspace.demands.page(100).items
    within = [d for d in every if d.deadline and "2027-06-01" <= d.deadline <= "2027-12-31"]
    open_ = [d for d in every if d.deadline is None or d.deadline >= "2027-06-01"]
    due = [d for d in every if d.deadline and d.deadline <= "2027-12-31"]
    assert 0 < len(within) < len(open_) < len(every)
    for asked, expected in (
        (DAYS, within),
        ({"date_from": DAYS["date_from"]}, open_),
        ({"date_to": DAYS["date_to"]}, due),
    ):
        assert workspace.demands.count(Narrowing(**asked)) == len(expected)
        assert f"共 {len(expected)} 条" in listed(client, **asked).text_of("h1")


def test_the_days_of_a_list_stay_in_its_form_and_on_its_next_page(client: TestClient) -> None:
    page = listed(client, date_from="2027-01-01", state="published")
    names = [i.get("name") for i in page.all("input")]
    assert names.count("date_from") == names.count("date_to") == names.count("state") == 1
    assert "截止日期不早于 2027-01-01" in page.text_of("main")
    [more] = [a for a in page.all("a") if a.text == "下一页"]
    assert "date_from=2027-01-01" in (more.get("href") or "")


def test_lists_of_achievements_have_no_days(client: TestClient) -> None:
    assert 'type="date"' not in client.get("/achievements").text


@pytest.mark.parametrize(
    "asked", ["date_from=2027-02-30", "date_from=2027-07-01&date_to=2027-06-30", "date_to=x"]
)
def test_a_list_refuses_days_that_cannot_be(client: TestClient, asked: str) -> None:
    response = client.get(f"/demands?{asked}")
    assert_calm_page(response, 422)


def test_who_does_not_match_is_offered_no_days(people: People) -> None:
    enterprise = people[ENTERPRISE]
    assert 'type="date"' not in enterprise.get("/demands").text
    assert enterprise.get("/demands?date_from=2027-01-01").status_code == 403


# The workbench, and what is kept of it


def test_free_text_finds_demands_within_the_days(people: People, workspace: Workspace) -> None:
    form = {"text": OFFER, "direction": "demands"} | DAYS
    response = people[BROKER].submit("/", form)
    page = Page.of(response)
    ids = [(card.find("a")[0].get("href") or "").rpartition("/")[2] for card in page.cards()]
    records = people.workspace.demands.get_many(ids)
    assert ids
    assert all("2027-06-01" <= (records[id_].deadline or "") <= "2027-12-31" for id_ in ids)
    [keep] = [a.get("href") or "" for a in page.all("a") if a.text == "订阅这次查找"]
    assert "date_from=2027-06-01&date_to=2027-12-31" in keep
    kept = Page.of(people[BROKER].get(keep))
    assert [i.get("value") for i in kept.all("input", name="date_to")] == ["2027-12-31"]


@pytest.fixture
def broker(people: People) -> Iterator[Browser]:
    """Somebody without subscriptions."""
    yield people[BROKER]
    for one in people.program(BROKER).get(API).json():
        people.program(BROKER).delete(f"{API}/{one['id']}")


def test_a_subscription_keeps_its_days_and_finds_within_them(
    people: People, broker: Browser
) -> None:
    body = {"text": OFFER, "direction": "demands", "filters": DAYS, "min_grade": 2}
    made = people.program(BROKER).post(API, json=body | {"existing": True})
    assert made.status_code == 201, made.text
    assert made.json()["filters"] == DAYS
    [kept] = people.program(BROKER).get(API).json()
    assert kept["filters"] == DAYS
    page = Page.of(broker.get(f"/subscriptions/{kept['id']}"))
    assert "截止日期 2027-06-01 至 2027-12-31" in page.text_of("main")
    told = [a.get("href") or "" for a in page.all("a") if "/demands/d" in (a.get("href") or "")]
    records = people.workspace.demands.get_many([href.rpartition("/")[2] for href in told])
    assert records
    assert all("2027-06-01" <= (d.deadline or "") <= "2027-12-31" for d in records.values())


def test_a_subscription_to_an_achievement_takes_days_and_one_to_a_demand_does_not(
    people: People, broker: Browser
) -> None:
    offer = people.workspace.achievements.page(1).items[0].id
    need = people.workspace.demands.page(1).items[0].id
    assert 'name="date_to"' in broker.get(f"/subscriptions/new?record={offer}").text
    assert 'name="date_to"' not in broker.get(f"/subscriptions/new?record={need}").text
    sent = {"record": offer, "min_grade": "2", "frequency": "daily"} | DAYS
    assert broker.submit("/subscriptions", sent).status_code == 303
    refused = broker.submit("/subscriptions", sent | {"record": need})
    assert refused.status_code == 422
    assert "查找成果时不能按截止日期筛选" in refused.text


@pytest.fixture
def lapsed(people: People, broker: Browser) -> str:
    """The page of a subscription to demands that ended long ago."""
    body = {"text": OFFER, "direction": "demands", "filters": {"date_to": "2020-12-31"}}
    made = people.program(BROKER).post(API, json=body | {"min_grade": 2})
    return f"/subscriptions/{made.json()['id']}"


def days_of(people: People, page: str) -> dict[str, str]:
    stored = people.workspace.store.subscriptions.get(page.rpartition("/")[2])
    assert stored is not None
    return {name: value for name, value in stored.filters.items() if name in DAYS}


def test_a_subscription_whose_last_day_has_passed_says_so_and_offers_another(
    people: People, broker: Browser, lapsed: str
) -> None:
    assert "截止日期已过" in Page.of(broker.get("/subscriptions")).text_of("main")
    page = Page.of(broker.get(lapsed))
    assert "到 2020-12-31 为止" in page.text_of("main")
    [day] = page.all("input", name="date_to")
    proposed = (today() + timedelta(days=90)).isoformat()
    assert (day.get("min"), day.get("value")) == (today().isoformat(), proposed)
    assert broker.submit(f"{lapsed}/extend", {"date_to": proposed}).status_code == 303
    assert days_of(people, lapsed) == {"date_to": proposed}
    assert "截止日期已过" not in broker.get(lapsed).text
    assert "截止日期已过" not in broker.get("/subscriptions").text


def test_a_last_day_can_be_taken_away(people: People, broker: Browser, lapsed: str) -> None:
    sent = {"date_to": "2099-01-01", "open": "1"}
    assert broker.submit(f"{lapsed}/extend", sent).status_code == 303
    assert days_of(people, lapsed) == {}
    assert "截止日期" not in Page.of(broker.get(lapsed)).text_of("main")


@pytest.mark.parametrize("day", ["2021-01-01", "明天", "<b>", "2027-02-30"])
def test_a_new_last_day_that_cannot_be_is_refused(
    people: People, broker: Browser, lapsed: str, day: str
) -> None:
    refused = assert_calm_page(broker.submit(f"{lapsed}/extend", {"date_to": day}), 422)
    assert "截止日期" in refused.text_of("main")
    assert days_of(people, lapsed) == {"date_to": "2020-12-31"}


def test_only_ones_own_subscriptions_to_demands_are_extended(
    people: People, broker: Browser, lapsed: str
) -> None:
    sent = {"date_to": "2099-01-01"}
    other = people[ADMINISTRATOR].submit(f"{lapsed}/extend", sent)
    assert_calm_page(other, 404)
    made = people.program(BROKER).post(API, json={"text": OFFER}).json()["id"]
    refused = broker.submit(f"/subscriptions/{made}/extend", sent)
    assert "不需要延长" in assert_calm_page(refused, 422).text_of("main")
    assert days_of(people, f"/subscriptions/{made}") == {}


def test_as_json_a_subscription_is_extended_or_left_open(people: People, lapsed: str) -> None:
    program, address = people.program(BROKER), f"{API}/{lapsed.rpartition('/')[2]}/date_to"
    for sent, filters in (("2099-01-01", {"date_to": "2099-01-01"}), ("", {})):
        shown = program.put(address, json={"date_to": sent})
        assert (shown.status_code, shown.json()["filters"]) == (200, filters)
        assert days_of(people, lapsed) == filters


def test_as_json_only_ones_own_subscriptions_to_demands_are_extended(
    people: People, lapsed: str
) -> None:
    program, address = people.program(BROKER), f"{API}/{lapsed.rpartition('/')[2]}/date_to"
    for body in ({"date_to": "2021-01-01"}, {"date_to": "明天"}, {"date_to": None}, {}):
        assert_problem(program.put(address, json=body), 422, "date_to")
    sent = {"date_to": "2099-01-01"}
    for name, status in ((ADMINISTRATOR, 404), (ENTERPRISE, 403)):
        assert_problem(people.program(name).put(address, json=sent), status)
    assert days_of(people, lapsed) == {"date_to": "2020-12-31"}
    made = program.post(API, json={"text": OFFER}).json()["id"]
    assert_problem(program.put(f"{API}/{made}/date_to", json=sent), 422, "date_to")


def test_a_digest_of_nothing_tells_that_the_last_day_has_passed(
    people: People, broker: Browser, lapsed: str
) -> None:
    store, id_ = people.workspace.store, lapsed.rpartition("/")[2]
    kept = store.subscriptions.get(id_)
    assert kept is not None
    digest(store, kept, at=datetime.now(UTC), mail="none", next_try_at=None)
    [told] = Page.of(broker.get(lapsed)).all("section", class_="digest")
    assert "今后一般不会再有新的配对" in told.text
    assert "0 项" not in told.text


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"date_from": "明天"}, "date_from"),
        ({"date_from": "2027-07-01", "date_to": "2027-06-30"}, "date_from"),
    ],
)
def test_a_subscription_with_days_that_cannot_be_is_refused(
    people: People, filters: dict[str, str], field: str
) -> None:
    body = {"text": OFFER, "direction": "demands", "filters": filters}
    assert_problem(people.program(BROKER).post(API, json=body), 422, field)


def test_a_subscription_from_before_there_were_days_is_run_as_before(
    people: People, broker: Browser
) -> None:
    """What was stored then names some conditions, and no days."""
    body = {"text": OFFER, "direction": "demands", "filters": {"field": "资源与环境"}}
    id_ = people.program(BROKER).post(API, json=body | {"min_grade": 2}).json()["id"]
    stored = people.workspace.store.subscriptions.get(id_)
    assert stored is not None
    assert stored.filters == {"field": "资源与环境"}
    assert broker.submit(f"/subscriptions/{id_}/run").status_code == 303
