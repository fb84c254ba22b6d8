"""Work that takes long, as a queue that any number of processes take from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from api.store.database import Database
from api.store.mapping import new_id
from api.store.tables import JobRow
from api.store.unit import Unit

LOST_AFTER: Final = timedelta(seconds=30)
"""A job of which nothing was heard for so long has lost its process."""


class State(StrEnum):
    """Where a job stands. ``prepared`` waits for a person to start it.

    ``stopping`` is a running one that somebody has cancelled.
    """

    prepared = "prepared"
    waiting = "waiting"
    running = "running"
    stopping = "stopping"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


UNFINISHED: Final = (State.waiting, State.running, State.stopping)
OPEN: Final = (State.prepared, *UNFINISHED)
IN_HAND: Final = (State.running, State.stopping)


@dataclass(frozen=True, slots=True)
class Job:
    """One job. ``message`` is for people; ``done`` of ``total`` counts what ``step`` works on.

    ``losses`` counts the processes that were lost with it in their hands, not those that let go.
    """

    id: str
    kind: str
    state: str
    account_id: str | None
    parameters: Mapping[str, Any]
    step: str
    done: int
    total: int | None
    message: str
    report: Mapping[str, Any]
    worker: str | None
    created_at: datetime
    beat_at: datetime | None
    finished_at: datetime | None
    losses: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in OPEN


class Jobs:
    """All jobs. What a worker writes is written only while the job is still its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new_id(self) -> str:
        """An id for a job that is about to be added."""
        return new_id("j")

    def add(self, unit: Unit, job: Job) -> None:
        """Put a job into the queue, or note one that its worker has begun."""
        values = {name: getattr(job, name) for name in Job.__slots__}
        unit.session.add(JobRow(**values))

    def get(self, id_: str) -> Job | None:
        """The job with this id."""
        with self._database.reading() as session:
            row = session.get(JobRow, id_) if id_.isascii() and "\0" not in id_ else None
            return _job(row) if row else None

    def newest(
        self, limit: int, before: str | None = None, kind: str | None = None
    ) -> Sequence[Job]:
        """Jobs with ids below ``before``, newest first; of one ``kind`` if it is given."""
        query = select(JobRow).order_by(JobRow.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        if before is not None:
            query = query.where(JobRow.id < before)
        with self._database.reading() as session:
            return [_job(row) for row in session.scalars(query)]

    def claim(self, worker: str) -> Job | None:
        """Take the oldest job that waits or has lost its process; no two workers get the same."""
        with self._database.reading() as session:  # a look that locks nobody out
            if session.scalar(select(JobRow.id).where(_is_free()).limit(1)) is None:
                return None
        oldest = select(JobRow).where(_is_free()).order_by(JobRow.id).limit(1)
        with self._database.writing() as session:
            row = session.scalar(oldest.with_for_update(skip_locked=True))
            if row is None:
                return None
            if row.state == State.waiting:
                row.state = State.running
            else:
                row.losses += 1
            row.worker, row.beat_at = worker, datetime.now(UTC)
            return _job(row)

    def beat(self, job: Job) -> bool:
        """Say that the work goes on and how far it is; whether it should."""
        mine = update(JobRow).where(_is_of(job)).values(beat_at=datetime.now(UTC))
        mine = mine.values(step=job.step, done=job.done, total=job.total)
        with self._database.writing() as session:
            states = session.scalars(mine.returning(JobRow.state)).all()
        return list(states) == [State.running]

    def hold(self, unit: Unit, job: Job) -> bool:
        """Whether the job is still the worker's; until the unit ends nobody else can take it."""
        mine = select(JobRow.state).where(_is_of(job)).with_for_update()
        return unit.session.scalar(mine) == State.running

    def is_of(self, unit: Unit, job: Job) -> bool:
        """Whether the worker still has the job, cancelled or not."""
        return unit.session.scalar(select(JobRow.id).where(_is_of(job))) is not None

    def unfinished(self) -> set[str]:
        """The ids of all jobs of which something may still come."""
        with self._database.reading() as session:
            return set(session.scalars(select(JobRow.id).where(JobRow.state.in_(OPEN))))

    def counts(self) -> dict[str, int]:
        """How many unfinished jobs there are in each state, zeros too."""
        by_state = select(JobRow.state, func.count()).group_by(JobRow.state)
        with self._database.reading() as session:
            found = dict(session.execute(by_state.where(JobRow.state.in_(UNFINISHED))).all())
        return {state.value: found.get(state.value, 0) for state in UNFINISHED}

    def pass_on(self, unit: Unit, job: Job, step: str, report: Mapping[str, Any]) -> None:
        """Note what was done, so that a resumed job does not do it again, and what is due now."""
        values = {"step": step, "done": 0, "total": None, "report": dict(report)}
        mine = update(JobRow).where(_is_of(job))
        unit.session.execute(mine.values(**values, beat_at=datetime.now(UTC)))

    def release(self, job: Job) -> None:
        """Put a job back into the queue, for whoever is next."""
        mine = update(JobRow).where(_is_of(job), JobRow.state == State.running)
        with self._database.writing() as session:
            session.execute(mine.values(state=State.waiting, worker=None))

    def finish(
        self, unit: Unit, job: Job, state: State, message: str, report: Mapping[str, Any]
    ) -> None:
        """Note how a job ended."""
        values = {"state": state, "message": message, "report": dict(report)}
        mine = update(JobRow).where(_is_of(job))
        unit.session.execute(mine.values(**values, finished_at=unit.moment))

    def cancel(self, unit: Unit, id_: str) -> bool:
        """Cancel a job before it begins, or ask its worker to stop; whether there was time."""
        row = unit.session.get(JobRow, id_, with_for_update=True)
        if row is None or row.state not in OPEN:
            return False
        if row.state in (State.prepared, State.waiting):
            row.state, row.finished_at = State.cancelled, unit.moment
        else:
            row.state = State.stopping
        return True

    def revise(self, unit: Unit, job: Job) -> bool:
        """Write parameters, owner and state of a prepared job; False if it is one no more."""
        mine = update(JobRow).where(JobRow.id == job.id, JobRow.state == State.prepared)
        values = {name: getattr(job, name) for name in ("account_id", "parameters", "state")}
        changed = mine.values(**values, beat_at=unit.moment).returning(JobRow.id)
        return bool(unit.session.scalars(changed).all())

    def parameters(self, kind: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """What the newest jobs of a kind are told to do, newest first."""
        query = select(JobRow.parameters).where(JobRow.kind == kind)
        with self._database.reading() as session:
            return session.scalars(query.order_by(JobRow.id.desc()).limit(limit)).all()

    def give_up(self, unit: Unit, before: datetime) -> None:
        """Delete jobs that were prepared before a moment and never started."""
        old = delete(JobRow).where(JobRow.state == State.prepared, JobRow.beat_at < before)
        unit.session.execute(old)

    def forget(self, unit: Unit, before: datetime) -> None:
        """Delete jobs that finished before a moment."""
        unit.session.execute(delete(JobRow).where(JobRow.finished_at < before))


def further(job: Job, step: str, done: int, total: int | None) -> Job:
    """The job with its progress."""
    return replace(job, step=step, done=done, total=total)


def _is_free() -> ColumnElement[bool]:
    lost = datetime.now(UTC) - LOST_AFTER
    abandoned = and_(JobRow.state.in_(IN_HAND), JobRow.beat_at < lost)
    return or_(JobRow.state == State.waiting, abandoned)


def _is_of(job: Job) -> ColumnElement[bool]:
    return and_(JobRow.id == job.id, JobRow.worker == job.worker, JobRow.state.in_(IN_HAND))


def _job(row: JobRow) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__slots__})
