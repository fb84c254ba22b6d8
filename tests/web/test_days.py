"""Matchmaking days over HTTP: made, arranged, moved, published, handed out; and who learns what."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from api.services import catalogue, day_arranging, jobs
from api.services.day_arranging import carry_out
from api.services.drafts import DemandDraft
from api.services.jobs import ARRANGE, IMPORT, JobRunner
from api.services.kinds import DEMANDS as NEEDS
from api.services.workspace import Workspace
from tests.web.checks import assert_calm_page, assert_problem
from tests.web.people import BROKER, Browser, People, TestClient

API = "/api/v1/days"
BODY: dict[str, Any] = {
    "name": "新材料对接会",
    "date": "2026-12-18",
    "place": "二楼",
    "start": "09:00",
    "minutes": 20,
    "slots": 4,
    "breaks": [{"after": 2, "minutes": 30}],
    "rooms": ["1 号桌", "2 号桌", "3 号桌"],
    "least": 2.3,
    "most": 2,
    "field": "新材料",
}
FORM = {
    "name": "新材料对接会",
    "date": "2026-12-18",
    "place": "二楼",
    "start": "09:00",
    "minutes": "20",
    "slots": "4",
    "rooms": "3",
    "least": "2.3",
    "most": "2",
    "field": "新材料",
    "region": "",
    "after_0": "2",
    "rest_0": "30",
}


@pytest.fixture(scope="module")
def program(people: People) -> TestClient:
    return people.program(BROKER)


@pytest.fixture
def broker(people: People) -> Iterator[Browser]:
    yield people[BROKER]
    store = people.workspace.store
    with store.writing() as unit:
        for line in store.days.page(100):
            store.days.remove(unit, line.day.id)


def make(program: TestClient, **changes: Any) -> dict[str, Any]:
    answer = program.post(API, json=BODY | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def send(program: TestClient, method: str, id_: str, path: str = "", **body: Any) -> Any:
    """With the version that is current."""
    tag = program.get(f"{API}/{id_}").headers["etag"]
    content = {"json": body} if body else {}
    return program.request(method, f"{API}/{id_}{path}", headers={"If-Match": tag}, **content)


def arranged(program: TestClient, **changes: Any) -> dict[str, Any]:
    answer = send(program, "POST", make(program, **changes)["id"], "/arrange")
    assert answer.status_code == 200, answer.text
    day: dict[str, Any] = answer.json()
    return day


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def free_place(day: dict[str, Any], meeting: dict[str, Any]) -> tuple[int, int] | None:
    """Where this meeting could go."""
    parties = {meeting["demand_party"], meeting["achievement_party"]}
    for slot in range(4):
        now = [m for m in day["meetings"] if m["slot"] == slot]
        if any(parties & {m["demand_party"], m["achievement_party"]} for m in now):
            continue
        rooms = {0, 1, 2} - {m["room"] for m in now}
        if rooms:
            return slot, min(rooms)
    return None


def test_a_day_takes_published_demands_and_proposes_achievements(
    people: People, program: TestClient, broker: Browser
) -> None:
    made = make(program)
    demands = people.workspace.demands.stored_many(made["plan"]["demands"])
    assert demands
    assert {(one.record.field, one.state) for one in demands} == {("新材料", "published")}
    assert made["plan"]["achievements"]
    assert (made["state"], made["meetings"], made["total"]) == ("draft", [], None)
    assert [one["id"] for one in program.get(API).json()["items"]] == [made["id"]]


def test_an_arranged_day_keeps_every_rule(program: TestClient, broker: Browser) -> None:
    day = arranged(program)
    met = day["meetings"]
    assert len(met) >= 4
    assert len({(one["slot"], one["room"]) for one in met}) == len(met)
    for side in ("demand_party", "achievement_party"):
        assert len({(one["slot"], one[side]) for one in met}) == len(met)
        assert all(sum(o[side] == one[side] for o in met) <= 2 for one in met)
    assert all(one["grade"] >= 2.3 and one["slot"] < 4 and one["room"] < 3 for one in met)
    assert {one["time"] for one in met} <= {
        "09:00–09:20",
        "09:20–09:40",
        "10:10–10:30",
        "10:30–10:50",
    }
    assert day["gap"] <= 0.01
    assert day["total"] <= day["bound"] + 1e-6


def test_who_comes_late_meets_late_and_who_is_never_there_is_named(
    program: TestClient, broker: Browser
) -> None:
    day = arranged(program)
    late, never = (day["meetings"][n]["demand_party"] for n in (0, -1))
    assert late != never
    body = BODY | day["plan"] | {"presence": {late: [3], never: []}}
    assert send(program, "PUT", day["id"], **body).json()["state"] == "draft"
    after = send(program, "POST", day["id"], "/arrange").json()
    assert {m["slot"] for m in after["meetings"] if m["demand_party"] == late} <= {3}
    assert never not in {m["demand_party"] for m in after["meetings"]}
    [reason] = [one["reason"] for one in after["unplaced"] if one["party"] == never]
    assert reason.endswith("。")


def test_a_moved_meeting_stays_where_it_was_put(program: TestClient, broker: Browser) -> None:
    day = arranged(program, rooms=["甲", "乙", "丙"], most=1)
    places = [(m, place) for m in day["meetings"] if (place := free_place(day, m))]
    moved, (slot, room) = places[0]
    pair = {"demand": moved["demand_id"], "achievement": moved["achievement_id"]}
    after = send(program, "POST", day["id"], "/move", **pair, slot=slot, room=room).json()
    again = send(program, "POST", day["id"], "/arrange").json()
    for found in (after, again):
        [one] = [m for m in found["meetings"] if m["demand_id"] == moved["demand_id"]]
        assert (one["slot"], one["room"], one["fixed"]) == (slot, room, True)


def test_a_move_that_conflicts_names_every_conflict_and_changes_nothing(
    program: TestClient, broker: Browser
) -> None:
    day = arranged(program)
    one, other = next(
        (a, b)
        for a in day["meetings"]
        for b in day["meetings"]
        if a["demand_party"] == b["demand_party"] and a["slot"] != b["slot"]
    )
    pair = {"demand": one["demand_id"], "achievement": one["achievement_id"]}
    place = {"slot": other["slot"], "room": other["room"]}
    problem = assert_problem(send(program, "POST", day["id"], "/move", **pair, **place), 422)
    said = [error["message"] for error in problem["errors"]]
    assert any("已有另一场会面" in sentence for sentence in said)
    assert any("请换一个场地" in sentence for sentence in said)
    assert program.get(f"{API}/{day['id']}").json()["meetings"] == day["meetings"]


def test_an_outdated_version_is_refused(program: TestClient, broker: Browser) -> None:
    id_ = make(program)["id"]
    old = {"If-Match": '"1"'}
    assert program.post(f"{API}/{id_}/arrange", headers=old).status_code == 200
    for method, path, body in (
        ("PUT", "", BODY | {"name": "另一个"}),
        ("POST", "/arrange", None),
        ("POST", "/publish", {"published": True}),
        ("DELETE", "", None),
    ):
        answer = program.request(method, f"{API}/{id_}{path}", headers=old, json=body)
        assert_problem(answer, 412)
    assert_problem(program.delete(f"{API}/{id_}"), 428)


def test_what_was_withdrawn_is_named_and_left_out(
    people: People, program: TestClient, broker: Browser
) -> None:
    day = arranged(program)
    gone, title = day["meetings"][0]["demand_id"], day["meetings"][0]["demand_title"]
    space = people.workspace
    with space.store.writing() as unit:
        space.demands.delete(unit, gone)
    try:
        shown = program.get(f"{API}/{day['id']}").json()["meetings"][0]
        assert (shown["stands"], shown["demand_title"]) == (False, title)
        page = broker.get(f"/days/{day['id']}").text
        assert "有一方已撤回" in page
        after = send(program, "POST", day["id"], "/arrange").json()
        assert gone not in {m["demand_id"] for m in after["meetings"]}
        assert after["missing"] == [f"需求“{title}”已被删除，没有参加。"]
    finally:
        with space.store.writing() as unit:
            space.demands.restore(unit, gone)


def test_a_contradiction_is_explained(program: TestClient, broker: Browser) -> None:
    day = arranged(program)
    one = day["meetings"][0]
    fixed = [{"demand": one["demand_id"], "achievement": one["achievement_id"], "slot": 0}]
    presence = {one["demand_party"]: [1, 2]}
    body = BODY | day["plan"] | {"fixed": fixed, "presence": presence}
    send(program, "PUT", day["id"], **body)
    problem = assert_problem(send(program, "POST", day["id"], "/arrange"), 422)
    assert one["demand_party"] in problem["detail"]
    assert "不在场" in problem["detail"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rooms": []}, "rooms"),
        ({"rooms": ["甲", "甲"]}, "rooms"),
        ({"slots": 0}, "slots"),
        ({"slots": 40, "minutes": 60}, "slots"),
        ({"date": "2026-02-30"}, "date"),
        ({"start": "9 点"}, "start"),
        ({"least": 4.0}, "least"),
        ({"field": "新材料", "region": "西藏"}, "demands"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_field(
    program: TestClient, broker: Browser, changes: dict[str, Any], field: str
) -> None:
    problem = assert_problem(program.post(API, json=BODY | changes), 422)
    assert [error["field"].partition(".")[0] for error in problem["errors"]] == [field]


def test_a_published_day_stays_as_it_is_until_it_is_taken_back(
    program: TestClient, broker: Browser
) -> None:
    assert_problem(send(program, "POST", make(program)["id"], "/publish", published=True), 422)
    id_ = arranged(program)["id"]
    assert send(program, "POST", id_, "/publish", published=True).json()["state"] == "published"
    assert_problem(send(program, "POST", id_, "/arrange"), 422)
    assert_problem(send(program, "PUT", id_, **BODY), 422)
    assert_problem(send(program, "DELETE", id_), 422)
    assert send(program, "POST", id_, "/publish", published=False).json()["state"] == "arranged"
    assert send(program, "DELETE", id_).status_code == 204
    assert_problem(program.get(f"{API}/{id_}"), 404)


def test_calendars_tell_each_side_what_it_may_know(
    people: People, program: TestClient, broker: Browser
) -> None:
    day = arranged(program)
    space, id_ = people.workspace, day["id"]
    one = day["meetings"][0]
    whole = events(program.get(f"{API}/{id_}/calendar.ics").content)
    assert len(whole) == len(day["meetings"])
    asked = {"party": one["achievement_party"]}
    assert_problem(program.get(f"{API}/{id_}/calendar.ics", params=asked), 422)
    send(program, "POST", id_, "/publish", published=True)
    for confidentiality in ("public", "brokers"):
        demands = [m["demand_id"] for m in day["meetings"]]
        hide(space, demands, confidentiality)
        theirs = program.get(f"{API}/{id_}/calendar.ics", params=asked)
        mine = [m for m in day["meetings"] if m["achievement_party"] == asked["party"]]
        assert len(events(theirs.content)) == len(mine)
        text = "".join(f"{e['summary']}{e['description']}" for e in events(theirs.content))
        for met in mine:
            assert met["demand_party"].removesuffix("（示例）") not in text
            assert (met["demand_title"] in text) == (confidentiality == "public")
    own = program.get(f"{API}/{id_}/calendar.ics", params={"party": one["demand_party"]})
    [first, *_] = events(own.content)
    assert one["achievement_title"] in str(first["summary"])
    assert one["achievement_party"] in str(first["summary"])
    assert f"{first['dtstart'].dt:%Y-%m-%d %H:%M %Z}" == f"2026-12-18 {one['time'][:5]} CST"
    assert_problem(program.get(f"{API}/{id_}/calendar.ics", params={"party": "谁也不是"}), 404)


def hide(space: Workspace, ids: list[str], confidentiality: str) -> None:
    """Publish demands with this confidentiality, and nothing in their titles to be redacted."""
    for stored in space.demands.stored_many(ids):
        values = {name: getattr(stored.record, name) for name in DemandDraft.model_fields}
        draft = DemandDraft.model_validate(values | {"confidentiality": confidentiality})
        catalogue.replace(space, NEEDS, stored.record.id, draft)


def test_an_event_keeps_its_id_when_it_moves_and_its_sequence_grows(
    program: TestClient, broker: Browser
) -> None:
    day = arranged(program, most=1)
    moved, place = next((m, p) for m in day["meetings"] if (p := free_place(day, m)))
    before = events(program.get(f"{API}/{day['id']}/calendar.ics").content)
    pair = {"demand": moved["demand_id"], "achievement": moved["achievement_id"]}
    send(program, "POST", day["id"], "/move", **pair, slot=place[0], room=place[1])
    after = events(program.get(f"{API}/{day['id']}/calendar.ics").content)
    assert {str(e["uid"]) for e in before} == {str(e["uid"]) for e in after}
    assert min(e["sequence"] for e in after) > max(e["sequence"] for e in before)


def test_the_workbook_has_every_meeting_and_no_formula(
    program: TestClient, broker: Browser
) -> None:
    day = arranged(program, name="=1+1", rooms=["=甲", "乙", "丙"])
    answer = program.get(f"{API}/{day['id']}/schedule.xlsx")
    assert answer.headers["cache-control"] == "no-store"
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    assert len(rows) == len(day["meetings"]) + 1
    rooms = {cell for row in rows for cell in row if isinstance(cell, str) and "甲" in cell}
    assert "=甲" in rooms


def test_a_large_day_is_arranged_in_the_background(
    people: People, program: TestClient, broker: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_arranging, "_AT_ONCE", 0)
    space, id_ = people.workspace, make(program)["id"]
    waiting = send(program, "POST", id_, "/arrange").json()
    assert (waiting["state"], waiting["meetings"]) == ("draft", [])
    assert send(program, "POST", id_, "/arrange").json()["job_id"] == waiting["job_id"]
    assert 'http-equiv="refresh"' in broker.get(f"/days/{id_}").text
    runner = JobRunner(space, {ARRANGE: carry_out})
    assert runner.run_next()
    after = program.get(f"{API}/{id_}").json()
    assert (after["state"], after["job_id"]) == ("arranged", None)
    assert after["meetings"]
    job = jobs.get(space, waiting["job_id"], ARRANGE)
    assert job.message == f"已排出 {len(after['meetings'])} 场会面。"
    assert job.id not in {one.id for one in space.store.jobs.newest(50, kind=IMPORT)}


def test_a_day_that_changes_while_it_is_arranged_says_so(
    people: People, program: TestClient, broker: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_arranging, "_AT_ONCE", 0)
    id_ = make(program)["id"]
    send(program, "POST", id_, "/arrange")
    fresh = program.get(f"{API}/{id_}").json()["plan"] | {"most": 1}
    send(program, "PUT", id_, **BODY | fresh)
    assert JobRunner(people.workspace, {ARRANGE: carry_out}).run_next()
    day = program.get(f"{API}/{id_}").json()
    assert day["state"] == "arranged"  # as it is planned now
    assert all(
        sum(o["demand_party"] == m["demand_party"] for o in day["meetings"]) == 1
        for m in day["meetings"]
    )


# Pages


def page_of(broker: Browser, **changes: str) -> str:
    """A new day, by its form."""
    answer = broker.submit("/days", FORM | changes)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def press(broker: Browser, page: str, path: str, **more: Any) -> Any:
    [version, *_] = re.findall(r'name="version" value="([^"]+)"', broker.get(page).text)
    return broker.submit(f"{page}{path}", {"version": version, **more})


def test_a_broker_makes_arranges_and_publishes_a_day(broker: Browser) -> None:
    assert "还没有对接会" in broker.get("/days").text
    page = page_of(broker)
    assert "还没有排期" in broker.get(page).text
    assert press(broker, page, "/arrange").status_code == 303
    shown = broker.get(page)
    assert_calm_page(shown, 200)
    assert "已证明最优" in shown.text or "距上界不超过" in shown.text
    assert "休息 30 分钟" in shown.text
    assert press(broker, page, "/publish", published="1").status_code == 303
    parties = broker.get(f"{page}?view=parties").text
    links = re.findall(r'href="(/days/[^"]+calendar\.ics\?party=[^"]+)"', parties)
    assert links
    assert (
        broker.get(links[0].replace("&amp;", "&"))
        .headers["content-type"]
        .startswith("text/calendar")
    )
    assert "已发布" in broker.get("/days").text


def test_a_form_with_faults_keeps_what_was_typed(broker: Browser) -> None:
    answer = broker.submit(
        "/days", FORM | {"slots": "四十", "place": "三楼东厅", "rooms": "甲\n甲"}
    )
    assert_calm_page(answer, 422)
    assert "三楼东厅" in answer.text
    assert 'value="四十"' in answer.text
    assert "时段数：应为整数" in answer.text
    assert "场地名称不能重复" in answer.text


def test_a_form_sent_twice_makes_one_day(people: People, broker: Browser) -> None:
    form = FORM | {"submission": "x" * 30}
    first, second = (broker.submit("/days", form).headers["location"] for _ in range(2))
    assert first == second
    assert len(people.workspace.store.days.page(10)) == 1


def test_the_form_of_a_day_does_not_lose_what_it_does_not_show(
    people: People, program: TestClient, broker: Browser
) -> None:
    day = make(program, presence={"某企业": [1]}, breaks=[{"after": 1, "minutes": 10}] * 3)
    page = f"/days/{day['id']}"
    shown = broker.get(f"{page}/edit").text
    assert shown.count("在第几场之后") == 4
    changed = FORM | {"name": "改名", "after_0": "1", "rest_0": "10"}
    assert press(broker, f"{page}/edit", "", **changed).status_code == 303
    after = program.get(f"{API}/{day['id']}").json()
    assert (after["name"], after["plan"]["presence"]) == ("改名", {"某企业": [1]})
    assert after["plan"]["demands"] == day["plan"]["demands"]


def test_ticks_and_priorities_of_one_page_are_kept(program: TestClient, broker: Browser) -> None:
    day = make(program)
    page = f"/days/{day['id']}/participants"
    parties = re.findall(r'name="party" value="([^"]+)"', broker.get(page).text)
    data = {"version": "1", "party": parties, "at_0": ["1", "3"], "priority_0": "2"}
    data |= {f"at_{n}": ["0", "1", "2", "3"] for n in range(1, len(parties))}
    answer = broker.submit(page, data)
    assert answer.status_code == 303, answer.text
    plan = program.get(f"{API}/{day['id']}").json()["plan"]
    assert plan["presence"] == {parties[0]: [1, 3]}
    assert plan["priorities"] == {parties[0]: 2}
    stale = broker.submit(page, data | {"at_0": ["2"]})
    assert stale.status_code == 412
    [ticked] = re.findall(r'name="at_0" value="(\d)" checked', stale.text)
    assert ticked == "2"


def test_a_tick_that_no_page_has_is_none(program: TestClient, broker: Browser) -> None:
    day = make(program)
    page = f"/days/{day['id']}/participants"
    [party, *_] = re.findall(r'name="party" value="([^"]+)"', broker.get(page).text)
    data = {"version": "1", "party": [party], "at_0": ["1", "9" * 5000, "²"]}
    assert broker.submit(page, data).status_code == 303
    assert program.get(f"{API}/{day['id']}").json()["plan"]["presence"][party] == [1]


def test_a_meeting_is_fixed_and_let_go_by_hand(program: TestClient, broker: Browser) -> None:
    day = make(program)
    page = f"/days/{day['id']}"
    pair = {"demand": day["plan"]["demands"][0], "achievement": day["plan"]["achievements"][-1]}
    assert press(broker, f"{page}/fixed", "", **pair, slot="2", room="").status_code == 303
    assert press(broker, page, "/arrange").status_code == 303
    met = {
        (m["demand_id"], m["achievement_id"]): m
        for m in program.get(f"{API}/{day['id']}").json()["meetings"]
    }
    one = met[pair["demand"], pair["achievement"]]
    assert (one["slot"], one["fixed"]) == (2, True)
    address = f"{page}/meetings/{pair['demand']}/{pair['achievement']}"
    assert_calm_page(broker.get(address), 200)
    refused = press(broker, address, "", slot="99", room="0")
    assert refused.status_code == 422
    assert "没有这个时段" in refused.text
    assert press(broker, address, "", act="release").status_code == 303
    assert program.get(f"{API}/{day['id']}").json()["plan"]["fixed"] == []


def test_nothing_is_fixed_without_a_choice(program: TestClient, broker: Browser) -> None:
    page = f"/days/{make(program)['id']}/fixed"
    answer = press(broker, page, "", demand="", achievement="")
    assert answer.status_code == 422
    assert "请选择一条需求和一项成果。" in answer.text


def test_without_demands_the_form_says_what_to_do(empty_people: People) -> None:
    answer = empty_people[BROKER].submit("/days", FORM)
    assert_calm_page(answer, 422)
    assert "还没有已发布的需求" in answer.text
