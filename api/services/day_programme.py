"""A matchmaking day as files for its organiser show it: names and times of what still stands."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from api.files.programme import Appointment, Programme
from api.files.programme_book import write_book
from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.days import get, plan_of
from api.services.times import day_begins
from api.services.workspace import Workspace
from api.store import MatchDay, MeetingLine

_KEY: Final = 32


def programme(workspace: Workspace, day: MatchDay) -> Programme:
    """All meetings of a day as its organiser reads them."""
    return Programme(
        id=day.id,
        name=day.name,
        place=day.place,
        appointments=[appointment(day, one) for one in standing(workspace, day)],
        unplaced=[(one["party"], one["reason"]) for one in day.unplaced],
    )


def standing(workspace: Workspace, day: MatchDay) -> list[MeetingLine]:
    """Meetings whose records were not withdrawn, at places that the day still has."""
    plan = plan_of(day)
    return [
        one
        for one in workspace.store.days.meetings(day.id)
        if one.stands and one.slot < plan.slots and one.room < len(plan.rooms)
    ]


def appointment(day: MatchDay, one: MeetingLine) -> Appointment:
    """One meeting; a party that has no name is called by the title of its record."""
    plan = plan_of(day)
    start = day_begins(date.fromisoformat(day.date)) + timedelta(minutes=plan.starts(one.slot))
    needing, offering = one.demand_party, one.achievement_party
    return Appointment(
        key=_key(day, one),
        start=start,
        end=start + timedelta(minutes=plan.minutes),
        room=plan.rooms[one.room],
        demand_party=one.demand_title if needing == one.demand_id else needing,
        achievement_party=one.achievement_title if offering == one.achievement_id else offering,
        demand=one.demand_title,
        achievement=one.achievement_title,
        grade=one.grade,
        fixed=one.fixed,
    )


@contextmanager
def day_workbook(workspace: Workspace, actor: Actor, id_: str) -> Iterator[Path]:
    """A finished xlsx, noted in the audit log; gone when the block ends. Raises NotFound."""
    day = get(workspace, id_)
    shown = programme(workspace, day)
    with tempfile.TemporaryDirectory(prefix="hongniang-export-") as folder:
        path = Path(folder) / f"day-{day.date}.xlsx"
        write_book(path, shown)
        noted(workspace, actor, day, "xlsx", len(shown.appointments))
        yield path


def noted(workspace: Workspace, actor: Actor, day: MatchDay, format_: str, rows: int) -> None:
    """Write a line of the audit log about a file."""
    with workspace.store.writing() as unit:
        details = {"format": format_, "rows": rows, "day": day.id}
        note(workspace.store, unit, actor, Action.export, "days", **details)


def _key(day: MatchDay, one: MeetingLine) -> str:
    """The same wherever the meeting is moved to; it tells nobody which records meet."""
    known = "\n".join((day.id, one.demand_id, one.achievement_id))
    return hashlib.sha256(known.encode()).hexdigest()[:_KEY]
