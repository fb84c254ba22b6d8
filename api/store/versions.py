"""Rows that one writer holds at a time, and that carry the number of their edits.

Two units that hold each a row that the other waits for would never end, so PostgreSQL ends one of
them. Nobody gets there if several rows of a table are always held in the order of their ids.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from api.store.mapping import is_possible
from api.store.tables import CallRow, CaseRow, DayRow
from api.store.tables.base import Base
from api.store.unit import Unit
from matcher.errors import EditConflict

R = TypeVar("R", bound=Base)
V = TypeVar("V", CallRow, CaseRow, DayRow)
_TO_CHANGE: Final = {"key_share": True}
"""Meanwhile rows that refer to this one can be written, as its id stays what it is."""


def held(unit: Unit, table: type[R], id_: str) -> R | None:
    """The row with this id; until the unit ends nobody else can change it."""
    if not is_possible(id_):
        return None
    return unit.session.get(table, id_, with_for_update=_TO_CHANGE)


def expected_row(unit: Unit, table: type[V], id_: str, expected: int | None) -> V:
    """The same of the ``expected`` version, None being any.

    Raises EditConflict if it is gone, or of another version.
    """
    row = held(unit, table, id_)
    if row is None or (expected is not None and row.version != expected):
        raise EditConflict
    return row


def revise(
    unit: Unit, table: type[V], id_: str, columns: Mapping[str, object], expected: int | None
) -> V:
    """Set columns of the row, which becomes its next version. Raises EditConflict as above."""
    row = expected_row(unit, table, id_, expected)
    for name, value in columns.items():
        setattr(row, name, value)
    row.version, row.updated_at = row.version + 1, unit.moment
    return row
