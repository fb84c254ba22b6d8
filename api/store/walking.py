"""Records in order of their ids, some at a time, so that no reading is open while each is used."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, and_, func, not_, select

from api.store.database import Database
from api.store.mapping import Mapped
from api.store.tables import DemandRow
from matcher.resources import Record
from matcher.values import PUBLIC, PUBLISHED

R = TypeVar("R", bound=Record)
_MANY: Final = 500
"""Ids in one statement."""


def behind(
    database: Database, mapped: Mapped[R], after: str, limit: int, is_public: bool = False
) -> list[R]:
    """The first records that may be found behind the id ``after``; of demands the public ones."""
    query = select(*mapped.columns_read).where(*_wanted(mapped, after, is_public))
    with database.reading() as session:
        rows = session.execute(query.order_by(mapped.row.id).limit(limit))
        return [mapped.record_of(row) for row in rows]


def count_behind(database: Database, mapped: Mapped[Any], after: str, is_public: bool) -> int:
    """How many there are."""
    query = select(func.count()).select_from(mapped.row)
    with database.reading() as session:
        return session.scalar(query.where(*_wanted(mapped, after, is_public))) or 0


def external_ids(database: Database, mapped: Mapped[Any], ids: Sequence[str]) -> dict[str, str]:
    """The ids by which their importer knows records, by ours; those without one left out."""
    row, found = mapped.row, dict[str, str]()
    named = select(row.id, row.external_id).where(row.external_id.is_not(None))
    with database.reading() as session:
        for start in range(0, len(ids), _MANY):
            some = named.where(row.id.in_(ids[start : start + _MANY]))
            found |= {id_: str(external) for id_, external in session.execute(some)}
    return found


def not_public(database: Database) -> set[str]:
    """The ids of all demands that may be found and are not for everybody."""
    query = select(DemandRow.id).where(DemandRow.deleted_at.is_(None), not_(_is_public()))
    with database.reading() as session:
        return set(session.scalars(query))


def _wanted(mapped: Mapped[Any], after: str, is_public: bool) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [mapped.findable, mapped.row.id > after]
    if is_public and issubclass(mapped.row, DemandRow):
        wanted.append(_is_public())
    return wanted


def _is_public() -> ColumnElement[bool]:
    return and_(DemandRow.confidentiality == PUBLIC, DemandRow.state == PUBLISHED)
