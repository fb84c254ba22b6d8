"""供需图谱: its numbers are those of the lists, on the page, as JSON and in the report."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest

from api.services.outlooks import survey
from api.services.periods import Span
from api.services.times import beijing
from api.store import Narrowing, Standing
from api.store.tables import AchievementRow, DemandRow
from matcher.values import BROKERS
from tests.unit.stores import offer
from tests.web.checks import Page, assert_calm_page
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, Browser, People, set_column

SECRET = "深藏不露精密仪器有限公司"


@pytest.fixture(scope="module")
def surveyed(people: People) -> People:
    """All demands looked at, a tenth of them confidential, and some that came a month before."""
    space = people.workspace
    who = {"organisation": SECRET, "contact": "欧阳深藏", "phone": "13912345678"}
    known = [replace(demand, **who) for demand in space.demands.all()]
    space.demands.save(known)
    space.demands.save(
        replace(demand, confidentiality=BROKERS, title=f"机密之事{demand.title}")
        for demand in known[::10]
    )
    with space.store.writing() as unit:
        for demand in known[::3]:
            row = unit.session.get(DemandRow, demand.id)
            row.created_at = Span().months(row.created_at)[-2][1]
    survey(space, budget=60)
    survey(space, budget=60)
    return people


@pytest.fixture(scope="module")
def broker(surveyed: People) -> Browser:
    return surveyed[BROKER]


@pytest.fixture(scope="module")
def span(surveyed: People) -> dict[str, str]:
    """The month in which two thirds of the demands came."""
    [newest] = surveyed.workspace.store.demands.page(1).items
    stored = surveyed.workspace.demands.stored(newest.id)
    assert stored is not None
    month = f"{beijing(stored.updated_at):%Y-%m}"
    return {"since": month, "until": month}


def numbers(html: str) -> list[tuple[str, int]]:
    """The links with the numbers that they show, shares left out."""
    found = re.findall(r'<a href="([^"]+)">([\d,]+)</a>', html)
    return [(unescape(href), int(number.replace(",", ""))) for href, number in found]


def total(browser: Browser, address: str) -> int:
    response = browser.get(address)
    assert response.status_code == 200, address
    [found] = re.findall(r"共 (\d+) [条项]", Page.of(response).text_of("h1"))
    return int(found)


@pytest.mark.parametrize("is_narrow", [False, True])
def test_every_number_is_that_of_the_list_behind_it(
    broker: Browser, span: dict[str, str], is_narrow: bool
) -> None:
    html = broker.get("/map", params=span if is_narrow else {}).text
    found = dict.fromkeys(numbers(html))
    assert len(found) > 60
    kinds = ("outside=", "outlook=weak", "trl=7", "standing=unasked", "provider=", "month=")
    shown = list(found)
    of_kind = [[one for one in shown if kind in one[0]][:3] for kind in kinds]
    assert all(of_kind)
    chosen = [one for some in of_kind for one in some]
    for href, number in [*chosen, *shown[:: max(1, len(shown) // 12)]]:
        assert total(broker, href) == number, href


def test_the_sums_are_those_of_all_records(broker: Browser, surveyed: People) -> None:
    figures = broker.get("/api/v1/market").json()
    space = surveyed.workspace
    whole = figures["total"]
    assert whole["achievements"] == space.achievements.count()
    assert whole["demands"] == space.demands.count() == figures["asking"] == figures["surveyed"]
    assert whole["strong"] + whole["weak"] == whole["demands"]
    sums = [cell for cell in figures["cells"] if cell["province"] == "合计"]
    inside = [cell for cell in figures["cells"] if cell["province"] != "合计"]
    for name in ("achievements", "mature", "demands", "strong", "weak"):
        assert sum(cell[name] for cell in sums) == sum(c[name] for c in inside) == whole[name]
    assert figures["unasked"] == space.achievements.count(Narrowing(standing=Standing.unasked))
    assert 0 < figures["unasked"] < figures["proven"]


def test_a_month_is_compared_with_the_one_before(
    broker: Browser, surveyed: People, span: dict[str, str]
) -> None:
    now = broker.get("/api/v1/market", params=span).json()
    month = now["before"][0]
    before = broker.get("/api/v1/market", params={"since": month, "until": month}).json()
    assert now["total"]["demands_before"] == before["total"]["demands"] > 0
    assert now["total"]["weak_before"] == before["total"]["weak"] > 0
    every = broker.get("/api/v1/market").json()
    assert every["total"]["demands_before"] is every["before"] is None
    parts = [one["total"]["demands"] for one in (now, before)]
    assert sum(parts) == every["total"]["demands"]
    assert "↑" in broker.get("/map", params=span).text
    assert "↑" not in Page.of(broker.get("/map")).one("main").text


def test_what_was_found_strong_for_a_demand_is_asked_for(surveyed: People) -> None:
    space = surveyed.workspace
    unasked = Narrowing(standing=Standing.unasked)
    lonely = {one.id for one in space.achievements.page(200, narrowed=unasked).items}
    for demand in space.demands.page(8).items:
        for pairing in space.matchmaker.match(demand, 20).pairings:
            if pairing.grading and pairing.grading.grade >= 3:
                twins = {twin.id for twin in pairing.twins}
                assert lonely.isdisjoint({pairing.achievement.id, *twins})


def test_which_achievements_nobody_asks_for_is_not_told_to_enterprises(surveyed: People) -> None:
    assert surveyed[ENTERPRISE].get("/achievements?standing=unasked").status_code == 403
    assert surveyed[ENTERPRISE].get("/achievements?standing=proven&trl=7").status_code == 200
    assert surveyed[ADMINISTRATOR].get("/achievements?standing=unasked").status_code == 200


@pytest.mark.parametrize(
    ("since", "until"), [("2027-03", "2027-01"), ("gestern", ""), ("", "2027-13"), ("\0", "")]
)
def test_what_was_typed_wrongly_stays_and_is_explained(
    broker: Browser, since: str, until: str
) -> None:
    response = broker.get("/map", params={"since": since, "until": until})
    assert_calm_page(response, 422)
    page = Page.of(response)
    typed = [field.get("value") for field in page.one("form", class_="span-form").find("input")]
    assert typed == [since.replace("\0", typed[0] or ""), until]
    assert page.one("table", class_="matrix")
    asked = {"since": since, "until": until}
    assert broker.get("/map/report", params=asked).status_code == 422
    assert broker.get("/api/v1/market", params=asked).status_code == 422


def test_the_report_holds_all_it_needs_and_leads_nowhere(
    broker: Browser, span: dict[str, str]
) -> None:
    response = broker.get("/map/report", params=span)
    assert "attachment" in response.headers["content-disposition"]
    html = response.text
    for outside in (
        "http:",
        "https:",
        "//",
        "<script",
        "<link",
        "href=",
        "src=",
        "url(",
        "@import",
    ):
        assert outside not in html.replace("<!doctype html>", ""), outside
    assert html.count("<svg") > 3
    assert "怎样统计" in html


def test_the_report_names_nobody_who_asks(broker: Browser, surveyed: People) -> None:
    html = broker.get("/map/report").text
    weak = broker.get("/api/v1/market").json()["total"]["weak"]
    for hidden in (SECRET, "深藏", "13912345678", "机密之事"):
        assert hidden not in html
    named = len(re.findall(r"<tr><th scope=\"row\" class=\"wrap\">", html.partition("五、")[2]))
    [counted] = re.findall(r"另有 (\d+) 条只计数", html)
    assert 0 < named <= 20
    assert named + int(counted) == weak


def test_an_empty_library_says_what_to_do_next(empty_people: People) -> None:
    browser = empty_people[BROKER]
    page = Page.of(browser.get("/map"))
    assert page.one("table", class_="matrix")
    assert "补充成果" in page.one("main").text or "测算" in page.one("main").text
    assert browser.get("/api/v1/market").json()["total"]["coverage"] is None
    assert browser.get("/map/report").status_code == 200


def test_nothing_is_called_unasked_before_the_survey(empty_people: People) -> None:
    space = empty_people.workspace
    proven = offer("a-proven", maturity=8, level="国内领先", provider="灯下研究所")
    space.achievements.save([proven])
    try:
        for address in ("/map", "/map/report"):
            html = empty_people[BROKER].get(address).text
            assert "需求还没有测算" in html
            assert "灯下研究所" not in html
    finally:
        set_column(space, AchievementRow, deleted_at=datetime.now(UTC))


def test_one_record_makes_one_cell(empty_people: People) -> None:
    space = empty_people.workspace
    space.achievements.save([offer("a-one", field="新材料", region="江苏-苏州")])
    try:
        cells = empty_people[BROKER].get("/api/v1/market").json()["cells"]
        assert [(c["field"], c["province"], c["achievements"]) for c in cells] == [
            ("新材料", "江苏", 1),
            ("新材料", "合计", 1),
        ]
    finally:
        set_column(space, AchievementRow, deleted_at=datetime.now(UTC))
