"""供需图谱: where there is much and little, by field and place, and what nobody asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from api.services.overview import ELSEWHERE
from api.services.periods import Span
from api.services.workspace import Workspace
from api.store import Narrowing, Prospect
from api.store.market import Groups, Place
from api.store.narrowing import CURRENT, UNNAMED
from api.store.overview import Month
from matcher.values import FIELDS, MATURE

_PROVINCES: Final = 7
_GROUPS: Final = 10
EVERYWHERE: Final = "合计"
Prospects = dict[tuple[str, str, Prospect], int]


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of one field in one place.

    ``offers`` are the achievements at the end of the span, ``mature`` those of TRL 7 and more,
    ``added`` those that came in it. Demands are those submitted in it and not returned: ``strong``
    have a strong achievement in the library of today, ``weak`` have none, ``unknown`` have not been
    looked at yet. ``before`` are the demands, ``weak_before`` the weak ones of the span before.
    """

    offers: int = 0
    mature: int = 0
    added: int = 0
    strong: int = 0
    weak: int = 0
    unknown: int = 0
    before: int = 0
    weak_before: int = 0

    @property
    def demands(self) -> int:
        """All demands."""
        return self.strong + self.weak + self.unknown

    @property
    def coverage(self) -> float | None:
        """The share (0 … 1) of those looked at that have a strong achievement; None of nothing."""
        known = self.strong + self.weak
        return self.strong / known if known else None


@dataclass(frozen=True, slots=True)
class Market:
    """Supply against demand in a span; ``at`` is when it was counted.

    ``cells`` are by row (field) and column (province); ``EVERYWHERE`` names the sums of both. An
    absent cell has nothing in it. ``trend`` counts demands by month. ``groups`` are the providers
    with proven achievements that no demand asks for, as of now.
    ``surveyed`` of ``asking`` demands, of all times, have been looked at.
    """

    at: datetime
    span: Span
    before: Span | None
    months: Sequence[Month]
    rows: Sequence[str]
    provinces: Sequence[str]
    columns: Sequence[str]
    cells: dict[tuple[str, str], Cell]
    trend: dict[tuple[str, Prospect], int]
    groups: Groups
    surveyed: int
    asking: int

    @property
    def whole(self) -> Cell:
        """The sums of everything."""
        return self.cells[EVERYWHERE, EVERYWHERE]


def market(workspace: Workspace, span: Span, now: datetime | None = None) -> Market:
    """All figures, each counted by the database with the conditions of the list behind it."""
    now = now or datetime.now(UTC)
    counts, demands = workspace.store.market, demands_in(span)
    provinces = workspace.store.counts.provinces(demands, Narrowing(), _PROVINCES)
    cells = _cells(workspace, span, span.before(now), provinces)
    months = span.months(now)
    asking = workspace.demands.count(demands_in(Span()))
    unknown = replace(demands_in(Span()), outlook=Prospect.unknown)
    return Market(
        at=now,
        span=span,
        before=span.before(now),
        months=months,
        rows=[*FIELDS, *([UNNAMED] if (UNNAMED, EVERYWHERE) in cells else [])],
        provinces=provinces,
        columns=[*provinces, *([ELSEWHERE] if (EVERYWHERE, ELSEWHERE) in cells else [])],
        cells=cells,
        trend=counts.prospects_by_month(demands, months),
        groups=counts.groups(_GROUPS),
        surveyed=asking - workspace.demands.count(unknown),
        asking=asking,
    )


def demands_in(span: Span) -> Narrowing:
    """The demands that count in a span."""
    return Narrowing(state=CURRENT, since=span.begins, until=span.ends)


def _cells(
    workspace: Workspace, span: Span, before: Span | None, provinces: Sequence[str]
) -> dict[tuple[str, str], Cell]:
    """The figures of every field and place, and their sums."""
    store = workspace.store
    there = Narrowing(until=span.ends)
    offers = store.counts.achievements_by_place(there, provinces)
    mature = store.counts.achievements_by_place(replace(there, maturity=MATURE), provinces)
    added = store.counts.achievements_by_place(replace(there, since=span.begins), provinces)
    asked = store.market.prospects_by_place(demands_in(span), provinces)
    earlier: Prospects = {}
    if before:
        earlier = store.market.prospects_by_place(demands_in(before), provinces)
    places = {*offers, *((field, place) for field, place, _ in (*asked, *earlier))}
    found = {
        (place[0] or UNNAMED, place[1] or ELSEWHERE): Cell(
            offers.get(place, 0),
            mature.get(place, 0),
            added.get(place, 0),
            *_of_place(asked, place),
            before=sum(_of_place(earlier, place)),
            weak_before=_of_place(earlier, place)[1],
        )
        for place in places
    }
    return found | _sums(found)


def _of_place(prospects: Prospects, place: Place) -> tuple[int, int, int]:
    """Demands of a place: with something strong, without, and not looked at."""
    strong, weak, unknown = (
        prospects.get((*place, said), 0)
        for said in (Prospect.strong, Prospect.weak, Prospect.unknown)
    )
    return strong, weak, unknown


def _sums(cells: dict[tuple[str, str], Cell]) -> dict[tuple[str, str], Cell]:
    """Those of each row, of each column, and of everything."""
    sums: dict[tuple[str, str], list[Cell]] = {(EVERYWHERE, EVERYWHERE): []}
    for (row, column), cell in cells.items():
        for key in ((row, EVERYWHERE), (EVERYWHERE, column), (EVERYWHERE, EVERYWHERE)):
            sums.setdefault(key, []).append(cell)
    return {key: _sum(parts) for key, parts in sums.items()}


def _sum(cells: Iterable[Cell]) -> Cell:
    parts = list(cells)
    return Cell(*(sum(getattr(cell, name) for cell in parts) for name in Cell.__slots__))
