"""Checked rows of imports, kept until they are applied or given up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, insert, select

from api.store.database import Database
from api.store.mapping import Mapped
from api.store.streaming import streamed
from api.store.tables import RecordRow, StagedRow

_AT_ONCE: Final = 5000
"""Rows deleted in one transaction: others can write in between."""
_MANY: Final = 500


@dataclass(frozen=True, slots=True)
class Staged:
    """One checked row: its line in the file, and the columns of the record it becomes."""

    number: int
    record_id: str
    external_id: str
    stamp: str
    fingerprint: str
    values: dict[str, Any]


class Staging:
    """All staged rows, by job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job_id: str, rows: Iterable[Staged]) -> None:
        """Keep rows, all or none of them."""
        values = [
            {"job_id": job_id, **{name: getattr(row, name) for name in Staged.__slots__}}
            for row in rows
        ]
        if values:
            with self._database.writing() as session:
                session.execute(insert(StagedRow.__table__), values)  # type: ignore[arg-type]

    def ids(self, job_id: str) -> Iterator[tuple[str, int]]:
        """External ids and line numbers of what is staged, in the order of the file."""
        mine = select(StagedRow.external_id, StagedRow.number).where(StagedRow.job_id == job_id)
        with self._database.reading() as session:
            yield from streamed(session, mine.order_by(StagedRow.number))

    def count(self, job_id: str) -> int:
        """How many rows are staged."""
        mine = select(func.count()).select_from(StagedRow).where(StagedRow.job_id == job_id)
        with self._database.reading() as session:
            return session.scalar(mine) or 0

    def known(self, mapped: Mapped[Any], external_ids: Sequence[str]) -> dict[str, str]:
        """The ids of records that rows with these external ids replace, deleted ones included.

        A record without an external id is exported, and comes back, under its own id.
        """
        found: dict[str, str] = {}
        with self._database.reading() as session:
            for start in range(0, len(external_ids), _MANY):
                part = external_ids[start : start + _MANY]
                row: type[RecordRow] = mapped.row
                own = select(row.id, row.id).where(row.id.in_(part), row.external_id.is_(None))
                found |= dict(session.execute(own).all())
                theirs = select(row.external_id, row.id).where(row.external_id.in_(part))
                found |= {str(known): id_ for known, id_ in session.execute(theirs)}
        return found

    def clear(self, job_id: str) -> None:
        """Forget the rows of a job, some at a time."""
        mine = select(StagedRow.number).where(StagedRow.job_id == job_id).order_by(StagedRow.number)
        while True:
            with self._database.writing() as session:
                last = session.scalars(mine.limit(_AT_ONCE)).all()
                if not last:
                    return
                part = delete(StagedRow).where(StagedRow.job_id == job_id)
                session.execute(part.where(StagedRow.number <= last[-1]))
