"""A programme as a workbook: by time, by room, by participant, and who has no meeting."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from api.files.programme import Appointment, Programme
from api.files.writing import Cell, Sheet, write_sheets

_MEETING: Final = ("需求方", "成果方", "需求", "成果", "期望等级", "固定")


def write_book(path: Path, programme: Programme) -> None:
    """Write the xlsx file; whatever looks like a formula in it is a text."""
    by_room = sorted(programme.appointments, key=lambda one: (one.room, one.start))
    write_sheets(
        path,
        [
            Sheet("按时间", ("日期", "时间", "场地", *_MEETING), _by_time(programme.appointments)),
            Sheet("按场地", ("场地", "日期", "时间", *_MEETING), _by_room(by_room)),
            Sheet(
                "按参会方",
                ("参会方", "日期", "时间", "场地", "对方", "需求", "成果", "期望等级"),
                _by_party(programme),
            ),
            Sheet("未安排", ("参会方", "原因"), programme.unplaced),
        ],
    )


def _by_time(appointments: Iterable[Appointment]) -> Iterable[Sequence[Cell]]:
    return ((one.start.date(), one.time, one.room, *_meeting(one)) for one in appointments)


def _by_room(appointments: Iterable[Appointment]) -> Iterable[Sequence[Cell]]:
    return ((one.room, one.start.date(), one.time, *_meeting(one)) for one in appointments)


def _meeting(one: Appointment) -> tuple[Cell, ...]:
    fixed = "是" if one.fixed else None
    both = one.demand_party, one.achievement_party
    return (*both, one.demand, one.achievement, round(one.grade, 2), fixed)


def _by_party(programme: Programme) -> Iterable[Sequence[Cell]]:
    for party in programme.parties():
        for one, other in programme.of(party):
            subject = one.demand, one.achievement, round(one.grade, 2)
            yield party, one.start.date(), one.time, one.room, other, *subject
