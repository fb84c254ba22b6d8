"""How many records lists have: counted once, until a record of the kind is written.

To count a hundred thousand takes ten times as long as to read a page of them.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from api.store.tables import ChangeRow

_MOST: Final = 200
"""Totals that are kept; then the one that was not asked for longest is forgotten."""
_latest = func.coalesce(select(func.max(ChangeRow.number)).scalar_subquery(), 0)
_behind = ChangeRow.number > bindparam("number")
_NEWS: Final = select(_latest, exists().where(_behind, ChangeRow.kind == bindparam("kind")))


class Totals:
    """Of one kind of record, each with the number in the change log at which it was true."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._known: OrderedDict[Hashable, tuple[int, int]] = OrderedDict()

    def of(self, session: Session, wanted: Hashable, counted: Select[int]) -> int:
        """What ``counted`` gives in this session, as ``wanted`` says it.

        It must depend on nothing but columns whose writes are in the change log.
        """
        number, total = self._known.pop(wanted, (-1, 0))
        news = {"number": number, "kind": self._kind}
        now, is_written = session.execute(_NEWS, news).one()
        if is_written or not 0 <= number <= now:  # this session may see an earlier state
            total = session.scalar(counted) or 0
        self._known[wanted] = now, total
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return total
