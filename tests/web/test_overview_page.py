"""供需一览: its numbers are those of the lists that they lead to."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from api.services.outlooks import survey
from api.services.workspace import Workspace
from api.store.tables import CaseEventRow, CaseRow
from tests.web.checks import Page, assert_calm_page
from tests.web.people import BROKER, ENTERPRISE, Browser, People

STAGES = ("proposed", "contacted", "negotiating")


@pytest.fixture(scope="module")
def surveyed(people: People) -> People:
    """All demands looked at, and three cases that came to one, two and three stages."""
    while survey(people.workspace, budget=60):
        pass
    _add_cases(people.workspace)
    return people


@pytest.fixture(scope="module")
def broker(surveyed: People) -> Browser:
    return surveyed[BROKER]


def _add_cases(workspace: Workspace) -> None:
    demands, offers = workspace.demands.page(3).items, workspace.achievements.page(3).items
    start = datetime.now(UTC) - timedelta(days=1)
    with workspace.store.writing() as unit:
        for place, (demand, offer) in enumerate(zip(demands, offers, strict=True)):
            moments = {"stage_since": start, "created_at": start, "updated_at": start}
            sides = {"demand_id": demand.id, "achievement_id": offer.id}
            row = CaseRow(id=f"c-{place}", stage=STAGES[place], next_step="", version=1)
            for name, value in {**moments, **sides}.items():
                setattr(row, name, value)
            unit.session.add(row)
            unit.session.flush()
            for step in range(place + 1):
                at = start + timedelta(hours=6 * step)
                line = CaseEventRow(case_id=row.id, at=at, who="林", kind="moved", text="")
                line.to_stage = STAGES[step]
                unit.session.add(line)
                unit.session.flush()


def _numbers(html: str) -> list[tuple[str, int]]:
    """The links of the tables with the numbers that they show."""
    found = re.findall(r'<a href="([^"]+)">([\d,]+)</a>', html)
    return [(href.replace("&amp;", "&"), int(number.replace(",", ""))) for href, number in found]


def _total(browser: Browser, address: str) -> int:
    response = browser.get(address)
    assert response.status_code == 200, address
    [total] = re.findall(r"共 (\d+) [条项]", Page.of(response).text_of("h1"))
    return int(total)


@pytest.mark.parametrize("period", ["3", "12", "all"])
def test_every_number_is_that_of_the_list_behind_it(broker: Browser, period: str) -> None:
    numbers = _numbers(broker.get("/overview", params={"period": period}).text)
    assert len(numbers) > 50
    assert {href.split("?")[0] for href, _ in numbers} == {
        "/demands",
        "/achievements",
        "/overview/cases",
    }
    step = max(1, len(numbers) // 40)  # of each chart some
    for href, number in [*numbers[::step], *numbers[-20:]]:
        assert _total(broker, href) == number, href


def test_the_map_counts_every_record_once(broker: Browser, surveyed: People) -> None:
    numbers = _numbers(broker.get("/overview").text)
    space = surveyed.workspace
    of_map = [(h, n) for h, n in numbers if "province=" in h or "outside=" in h]
    assert sum(n for h, n in of_map if h.startswith("/achievements")) == space.achievements.count()
    assert sum(n for h, n in of_map if h.startswith("/demands")) == space.demands.count()


def test_pictures_and_tables_show_the_same_links(broker: Browser) -> None:
    html = broker.get("/overview").text
    tables = {href for href, _ in _numbers(html)}
    pictures = {
        href.replace("&amp;", "&") for href in re.findall(r'<a href="([^"]+)" tabindex="-1">', html)
    }
    assert pictures
    assert tables == pictures


def test_demands_that_lack_a_strong_achievement_are_listed(
    broker: Browser, surveyed: People
) -> None:
    page = Page.of(broker.get("/overview"))
    shown = [a.get("href") for a in page.one("ul", class_="lines").find("a")]
    assert 0 < len(shown) <= 10
    for href in shown:
        found = surveyed.workspace.store.outlooks.of(str(href).rpartition("/")[2])
        assert found is not None
        assert found.strong == 0


def test_cases_behind_the_funnel_are_listed(broker: Browser) -> None:
    assert [_total(broker, f"/overview/cases?reached={stage}") for stage in STAGES] == [3, 2, 1]
    assert _total(broker, "/overview/cases?month=2020-01") == 0
    assert "没有符合条件的对接单" in broker.get("/overview/cases?month=2020-01").text


def test_without_anything_every_chart_says_so(empty_people: People) -> None:
    html = empty_people[BROKER].get("/overview").text
    assert html.count("还没有可以统计的数据") == 5
    assert "<svg" not in html


@pytest.mark.parametrize(
    "address",
    [
        "/overview?period=7",
        "/overview/cases?month=2026-13",
        "/overview/cases?since=gestern",
        "/overview/cases?reached=ended",
        "/demands?month=2026-00",
        "/demands?outlook=5",
        "/demands?state=deleted",
        "/achievements?since=2026",
    ],
)
def test_what_cannot_be_asked_is_refused_calmly(broker: Browser, address: str) -> None:
    response = broker.get(address)
    assert_calm_page(response, 422)


@pytest.mark.parametrize(
    "what", ["province=江苏", "since=2020-01", "state=current", "outlook=weak"]
)
def test_only_brokers_narrow_demands_by_what_is_not_public(surveyed: People, what: str) -> None:
    assert surveyed[ENTERPRISE].get(f"/demands?{what}").status_code == 403
    assert surveyed[BROKER].get(f"/demands?{what}").status_code == 200


def test_everybody_who_may_read_achievements_may_narrow_them(surveyed: People) -> None:
    everything = _total(surveyed[ENTERPRISE], "/achievements")
    inside = _total(surveyed[ENTERPRISE], "/achievements?province=江苏")
    outside = _total(surveyed[ENTERPRISE], "/achievements?outside=江苏")
    assert 0 < inside < everything
    assert inside + outside == everything


def test_a_narrowed_list_says_so_and_keeps_it_over_its_pages(broker: Browser) -> None:
    page = Page.of(broker.get("/achievements?outside=江苏、浙江&q=的"))
    assert "江苏、浙江 以外的地区" in page.one("main").text
    following = page.one("a", class_="button").get("href") or ""
    assert "outside=江苏、浙江" in following
    assert 'name="outside" value="江苏、浙江"' in broker.get(following).text
    wider = broker.get("/achievements?q=的")
    assert _total(broker, "/achievements?q=的") >= _total(
        broker, "/achievements?outside=江苏、浙江&q=的"
    )
    assert wider.status_code == 200
