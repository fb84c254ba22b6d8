"""``hongniang schedule``: from a plan in a file to what an organiser hands out."""

import json
from pathlib import Path

import pytest
from icalendar import Calendar
from python_calamine import load_workbook

from tests.journey.conftest import Hongniang

PLAN = """
name = "秋季对接会"
date = "2026-12-18"
place = "科技大市场"
slots = 4
breaks = [{ after = 2, minutes = 30 }]
rooms = ["东厅", "西厅"]
"""


@pytest.mark.any_database
def test_a_plan_becomes_a_workbook_and_a_calendar_for_everybody(
    hongniang: Hongniang, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    output, calendars = tmp_path / "day.xlsx", tmp_path / "日历"
    given = ["--output", str(output), "--calendars", str(calendars), "--json"]
    done = hongniang("schedule", str(tmp_path / "plan.toml"), *given, data=data)
    assert done.code == 0, done.err
    meetings = done.json["meetings"]
    assert len(meetings) == 8
    assert done.json["optimal"]
    assert {one["start"][11:16] for one in meetings} == {"09:00", "09:20", "10:10", "10:30"}
    rows = load_workbook(output).get_sheet_by_name("按时间").to_python()
    assert [row[3] for row in rows[1:]] == [one["demand_party"] for one in meetings]
    entries = [
        str(event["UID"])
        for file in sorted(calendars.iterdir())
        for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    ]
    assert len(entries) == 16
    assert len(set(entries)) == 8


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("name", "text", "output", "said"),
    [
        ("plan.toml", PLAN, "day.pdf", ".xlsx、.ics 或 .json"),
        ("plan.toml", PLAN, "nowhere/day.ics", "不存在，请先建立"),
        ("plan.toml", "name = ", "day.ics", "不是有效的 TOML"),
        ("plan.json", "[]", "day.ics", "应是一个对象"),
        ("plan.json", '{"name": ', "day.ics", "不是有效的 JSON"),
        ("plan.json", json.dumps({"name": "会"}), "day.ics", "date：请填写"),
        ("none.toml", None, "day.ics", "无法读取"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_in_one_sentence(
    hongniang: Hongniang, tmp_path: Path, name: str, text: str | None, output: str, said: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    done = hongniang("schedule", str(tmp_path / name), "--output", str(tmp_path / output))
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
