"""Programmes as files, read back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar
from python_calamine import load_workbook

from api.files.calendar import calendar, programme_events
from api.files.programme import Appointment, Programme
from api.files.programme_book import write_book
from api.services.times import BEIJING

MADE = datetime(2026, 11, 1, 4, tzinfo=UTC)
NINE = datetime(2026, 12, 18, 9, tzinfo=BEIJING)


def appointment(number: int, demand_party: str, achievement_party: str, **more: str) -> Appointment:
    start = NINE + timedelta(minutes=20 * number)
    return Appointment(
        key=f"d{number}-a{number}",
        start=start,
        end=start + timedelta(minutes=20),
        room=f"{number + 1} 号桌",
        demand_party=demand_party,
        achievement_party=achievement_party,
        demand=more.get("demand", "脱色"),
        achievement=more.get("achievement", "膜法处理"),
        grade=3.456,
        fixed=number == 1,
    )


HOSTILE = "=HYPERLINK(1);逗号,分号;反斜\\杠\n第二行\x07"
PROGRAMME = Programme(
    "day1",
    "秋季对接会",
    "科技大市场",
    (
        appointment(0, "甲厂", "乙校", demand=HOSTILE),
        appointment(1, "甲厂", "丙所"),
        appointment(2, "丁厂", "乙校"),
    ),
    (("戊厂", "没有到场的时段。"),),
)


def read(party: str | None = None, made: datetime = MADE) -> Calendar:
    return Calendar.from_ical(calendar("会,名", programme_events(PROGRAMME, party), made, 3))


def test_a_calendar_says_when_and_where_in_the_time_of_the_place() -> None:
    first = read().walk("VEVENT")[0]
    assert first["DTSTART"].dt == NINE
    assert first["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert first["DTEND"].dt - first["DTSTART"].dt == timedelta(minutes=20)
    assert first["DTSTAMP"].dt == MADE
    assert first["SEQUENCE"] == 3
    assert str(first["LOCATION"]) == "科技大市场，1 号桌"
    assert [str(zone["TZID"]) for zone in read().walk("VTIMEZONE")] == ["Asia/Shanghai"]


def test_what_a_text_contains_cannot_end_its_line() -> None:
    raw = calendar("会", programme_events(PROGRAMME), MADE)
    assert raw.count(b"BEGIN:VEVENT") == 3
    assert b"\x07" not in raw
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert HOSTILE.replace("\x07", "") in str(read().walk("VEVENT")[0]["DESCRIPTION"])


def test_a_participant_has_its_own_meetings_only_named_after_the_other() -> None:
    events = read("乙校").walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["秋季对接会：甲厂", "秋季对接会：丁厂"]


def test_the_same_meeting_is_the_same_entry_in_every_calendar() -> None:
    everybody = [str(one["UID"]) for one in read().walk("VEVENT")]
    assert len(set(everybody)) == 3
    later = read("甲厂", MADE + timedelta(days=1)).walk("VEVENT")
    assert [str(one["UID"]) for one in later] == everybody[:2]


def test_a_calendar_may_be_empty() -> None:
    assert read("谁也不是").walk("VEVENT") == []


def test_a_workbook_has_the_day_by_time_room_and_participant(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    write_book(path, PROGRAMME)
    book = load_workbook(path)
    assert book.sheet_names == ["按时间", "按场地", "按参会方", "未安排"]
    times, _, parties, left = (
        book.get_sheet_by_name(name).to_python() for name in book.sheet_names
    )
    assert times[1][1:5] == ["09:00–09:20", "1 号桌", "甲厂", "乙校"]
    assert times[1][7] == 3.46
    assert [row[8] for row in times[1:]] == ["", "是", ""]
    assert [row[0] for row in parties[1:]] == ["丁厂", "丙所", "乙校", "乙校", "甲厂", "甲厂"]
    assert left[1] == ["戊厂", "没有到场的时段。"]


def test_a_formula_in_a_title_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    write_book(path, PROGRAMME)
    cell = load_workbook(path).get_sheet_by_name("按时间").to_python()[1][5]
    assert str(cell).startswith("=HYPERLINK(1)")
    import zipfile

    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name]
        assert all(b"<f>" not in archive.read(name) for name in sheets)
