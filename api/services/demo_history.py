"""A demo that is in use: demands that came in over eight months, decisions, cases under way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from api.security.roles import Actor, Role, visitor
from api.security.tokens import new_token
from api.services import catalogue, reviewing
from api.services.accounts import add_account
from api.services.demo import DEMO, demo_folder, demo_lines, fill_inbox, send_in
from api.services.demo_days import plan_day
from api.services.demo_work import Act, work
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS, RESOURCES
from api.services.progress import Track, silent
from api.services.times import day_begins, day_of
from api.services.workspace import Workspace

_BROKERS: Final = ("沈知遥-示例", "祝明川-示例")
_WAITING: Final = 6
"""Demands that wait for their review: one came in on each of the last days."""
_FIRST, _LAST = -240, -14
"""Days, counted from today, between which the published demands came in."""
_READ: Final = 2
"""Days until a demand is published."""
_OPENS: Final = timedelta(hours=9)
_BETWEEN: Final = timedelta(minutes=9)


def load_history(workspace: Workspace, track: Track = silent, now: datetime | None = None) -> None:
    """Fill an empty database with the demo, as if it had been worked with for eight months.

    Everything is done by the services that pages use, on a clock that is set back. The brokers are
    invented, and nobody knows their passwords; who is called ``demo`` works with them.
    """
    now = now or datetime.now(UTC)
    with _on_a_clock(workspace) as set_to:
        set_to(_moment(day_of(now), _FIRST - 1, 0))
        import_file(workspace, ACHIEVEMENTS, demo_folder() / "achievements.jsonl", track)
        import_file(workspace, RESOURCES, demo_folder() / "resources.jsonl", track)
        team = _team(workspace)
        acts = sorted((*_arrivals(workspace, team), *work(workspace, team)), key=lambda a: a.day)
        count, before = 0, _FIRST
        for act in track(acts, DEMO, len(acts)):
            count, before = count + 1 if act.day == before else 0, act.day
            set_to(min(_moment(day_of(now), act.day, count), now))
            act.do()
        set_to(now)
        plan_day(workspace, team[0], day_of(now))


@contextmanager
def _on_a_clock(workspace: Workspace) -> Iterator[Callable[[datetime], None]]:
    """Units of work are at the moment that was set last; afterwards the clock is right again."""
    right = workspace.store.clock

    def set_to(moment: datetime) -> None:
        workspace.store.clock = lambda: moment

    try:
        yield set_to
    finally:
        workspace.store.clock = right


def _moment(today: date, day: int, count: int) -> datetime:
    return day_begins(today + timedelta(days=day)) + _OPENS + count * _BETWEEN


def _team(workspace: Workspace) -> list[Actor]:
    for name in _BROKERS:
        add_account(workspace, visitor(DEMO), name, Role.broker, new_token())
    found = (workspace.store.accounts.named(name) for name in (*_BROKERS, "demo"))
    return [Actor(a.id, a.name, Role(a.role), DEMO) for a in found if a]


def _arrivals(workspace: Workspace, team: list[Actor]) -> Iterator[Act]:
    """Demands are sent in and published; the last ones wait for their review."""
    rows = demo_lines("demands.jsonl")
    for place, row in enumerate(rows):
        day = _FIRST + (_LAST - _FIRST) * place // (len(rows) - 1)
        yield Act(day, partial(send_in, workspace, row))
        publish = partial(_publish, workspace, team[place % len(team)], row["external_id"])
        yield Act(day + _READ, publish)
    for day in range(1 - _WAITING, 1):
        yield Act(day, partial(fill_inbox, workspace, 1))


def _publish(workspace: Workspace, broker: Actor, name: str) -> None:
    id_ = workspace.demands.ids_by_external_id([name])[name]
    reviewing.publish(workspace, broker, id_, catalogue.stored(workspace, DEMANDS, id_).version)
