"""Rows that one holds and another waits for, on PostgreSQL: two that want the same ones both end.

SQLite has one writer at a time.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from api.bootstrap import open_workspace
from api.security.roles import Actor, Role
from api.services import importing
from api.services.importing import Imported, import_file
from api.services.kinds import DEMANDS
from api.services.reviewing import Verdict, review_many
from api.services.upkeep import fill_in
from api.services.workspace import Workspace
from api.settings import Settings
from api.store import Booked, MatchDay, Outlook, Unit
from matcher.library import stamp
from matcher.values import PUBLISHED
from tests.databases import Server
from tests.unit.rows import demand_row, write_jsonl
from tests.unit.stores import need, offer
from tests.unit.test_follower import wait_until

BROKER = Actor(None, "林静", Role.broker)
LATER, EARLIER = "d2", "d1"


@pytest.fixture
def space(
    postgresql: Server, migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """Two demands, the later one first on disk, and an achievement; nothing is searched."""
    monkeypatch.setattr(importing, "_index", lambda *_: None)
    monkeypatch.setattr(Workspace, "catch_up", lambda _: None)
    address = postgresql.create("held_rows", migrated)
    opened = open_workspace(Settings(data=tmp_path / "data", database_url=address))
    demands = [need(LATER, title="铝液中的氢如何除去"), need(EARLIER, title="镁屑怎样回收")]
    opened.demands.save(demands, {LATER: "D-2", EARLIER: "D-1"})
    opened.achievements.save([offer("a1")])
    fill_in(opened)
    yield opened
    opened.close()
    postgresql.drop("held_rows")


class Beside(threading.Thread):
    """Does something in a thread; what came of it, or went wrong, is kept."""

    def __init__(self, space: Workspace, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._space, self._work = space, work
        self.outcome: object = None

    def run(self) -> None:
        try:
            self.outcome = self._work()
        except Exception as error:
            self.outcome = error

    def start_and_meet(self) -> None:
        """Go on when it waits for somebody, or has ended."""
        self.start()
        wait_until(lambda: not self.is_alive() or self._waits())

    def _waits(self) -> bool:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        mine = f"{asked} AND datname = current_database()"
        with self._space.store.database.reading() as session:
            return bool(session.scalar(text(mine)))


def hold(space: Workspace, unit: Unit, id_: str) -> None:
    """Change a demand in a unit that is not over yet."""
    assert space.store.reviews.decide(unit, id_, PUBLISHED, "", None, 1)
    unit.session.flush()


def together(space: Workspace, work: Callable[[], object]) -> object:
    """What ``work`` comes to while somebody holds the earlier demand, then the later one too."""
    beside = Beside(space, work)
    with space.store.writing() as unit:
        hold(space, unit, EARLIER)
        beside.start_and_meet()
        hold(space, unit, LATER)
    beside.join(60)
    assert not beside.is_alive()
    return beside.outcome


def outlook(id_: str) -> Outlook:
    now = datetime.now(UTC)
    return Outlook(id_, stamp(need(id_)), "m1", now, None, None, None, 0)


def test_the_survey_passes_over_what_somebody_is_changing(space: Workspace) -> None:
    found = [outlook(LATER), outlook(EARLIER)]  # new ones are looked at first
    assert together(space, lambda: space.store.outlooks.store(found)) is None
    assert list(space.store.outlooks.of_many([LATER, EARLIER])) == [LATER]
    space.store.outlooks.store(found)
    assert sorted(space.store.outlooks.of_many([LATER, EARLIER])) == [EARLIER, LATER]


def test_a_review_of_several_waits_before_it_holds_others(space: Workspace) -> None:
    seen = {LATER: 2, EARLIER: 2}  # as they will be

    def review() -> None:
        review_many(space, BROKER, Verdict.return_, seen, "指标不清")

    assert together(space, review) is None
    states = {one.record.id: one.state for one in space.demands.stored_many([LATER, EARLIER])}
    assert states == {LATER: "returned", EARLIER: "returned"}


@pytest.mark.parametrize("texts", [(1, 2), (2, 1)])  # PostgreSQL takes them by their content
def test_an_import_waits_before_it_replaces_others(
    space: Workspace, tmp_path: Path, texts: tuple[int, int]
) -> None:
    rows = [demand_row(n, external_id=id_) for n, id_ in zip(texts, ("D-2", "D-1"), strict=True)]
    path = write_jsonl(tmp_path / "demands.jsonl", rows)
    done = together(space, lambda: import_file(space, DEMANDS, path))
    assert isinstance(done, Imported), done
    assert (done.added, done.changed) == (0, 2)


def test_who_holds_a_record_keeps_nobody_from_referring_to_it(space: Workspace) -> None:
    now = datetime.now(UTC)
    day = MatchDay(
        "m1", "对接会", "2027-03-01", "", "draft", {}, None, None, None, [], [], None, None, None,
        None, 1, now, now,
    )  # fmt: skip
    with space.store.writing() as first:
        hold(space, first, EARLIER)
        with space.store.writing() as second:
            space.store.days.add(second, day)
            meeting = Booked(EARLIER, "a1", "甲", "乙", 0, 0, 3.0, False)
            space.store.days.book(second, day.id, [meeting])
    assert [one.demand_id for one in space.store.days.meetings(day.id)] == [EARLIER]
