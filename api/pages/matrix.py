"""Cells of the map as people read them: in words, in marks, and with the way to each list."""

from collections.abc import Mapping
from typing import Final

from api.pages.charts import Figure
from api.pages.charts.wording import percent
from api.pages.contexts.market import Matrix, MatrixCell, MatrixRow
from api.pages.hrefs import address
from api.services.market import EVERYWHERE, Cell, Market
from api.services.overview import ELSEWHERE
from api.services.periods import Span
from api.store.narrowing import CURRENT
from matcher.values import MATURE

_WIDE_GAP: Final = 0.4
_GAP: Final = 0.7
"""Below these shares of demands with a strong achievement a cell has a wide gap, or a gap."""
_SOME: Final = 2
"""One demand that nothing answers is no wide gap."""
_KINDS: Final = {
    "gap-2": ("▲▲", "缺口大（满足率不到 40%，不止一条）"),
    "gap-1": ("▲", "有缺口（不到 70%）"),
    "met": ("●", "基本满足（70% 以上）"),
    "waiting": ("…", "需求待测算"),
    "idle": ("▽", "有成果，没有需求"),
    "none": ("", "没有需求，也没有成果"),
}
_NOTHING: Final = Cell()


class Ways:
    """Where figures lead: to the lists of a span, or nowhere, as in a file that is handed on."""

    def __init__(self, span: Span, is_linked: bool = True) -> None:
        self._span = span
        self._is_linked = is_linked

    def demands(self, number: int, **asked: str) -> Figure:
        """Demands submitted in the span."""
        span = {"since": self._span.first, "until": self._span.last}
        return self._figure(number, "/demands", {"state": CURRENT} | span | asked)

    def offers(self, number: int, **asked: str) -> Figure:
        """Achievements that were there at its end."""
        return self._figure(number, "/achievements", {"until": self._span.last} | asked)

    def today(self, number: int, **asked: str) -> Figure:
        """Achievements that are there now."""
        return self._figure(number, "/achievements", asked)

    def _figure(self, number: int, path: str, asked: Mapping[str, str]) -> Figure:
        return Figure(number, address(path, **asked) if self._is_linked else "")


def matrix(data: Market, ways: Ways) -> Matrix:
    """All cells, the sums of rows and columns before them."""
    columns, rows = [EVERYWHERE, *data.columns], [EVERYWHERE, *data.rows]
    shown = [MatrixRow(row, [_cell(data, ways, row, column) for column in columns]) for row in rows]
    used = {cell.kind for row in shown for cell in row.cells}
    key = [(kind, *said) for kind, said in _KINDS.items() if kind in used and kind != "none"]
    return Matrix(columns, shown, key)


def kind_of(cell: Cell) -> str:
    """What a cell is marked as, one of the names of the style sheet."""
    if not cell.demands:
        return "idle" if cell.offers else "none"
    if cell.coverage is None:
        return "waiting"
    if cell.coverage < _WIDE_GAP and cell.weak >= _SOME:
        return "gap-2"
    return "gap-1" if cell.coverage < _GAP else "met"


def change(now: int, before: int) -> str:
    """Written with an arrow, so that nobody has to see a colour; nothing if all is as it was."""
    if now == before:
        return ""
    return f"↑{now - before}" if now > before else f"↓{before - now}"


def where(data: Market, row: str, column: str) -> dict[str, str]:
    """A cell as its lists ask for it."""
    asked = {} if row == EVERYWHERE else {"field": row}
    if column == ELSEWHERE:
        return asked | {"outside": "、".join(data.provinces)}
    return asked if column == EVERYWHERE else asked | {"province": column}


def _cell(data: Market, ways: Ways, row: str, column: str) -> MatrixCell:
    cell, asked = data.cells.get((row, column), _NOTHING), where(data, row, column)
    kind = kind_of(cell)
    compared = data.before is not None
    return MatrixCell(
        kind,
        *_KINDS[kind],
        demands=ways.demands(cell.demands, **asked),
        change=change(cell.demands, cell.before) if compared else "",
        weak=ways.demands(cell.weak, **asked, outlook="weak"),
        weak_change=change(cell.weak, cell.weak_before) if compared else "",
        coverage=percent(cell.strong, cell.strong + cell.weak),
        offers=ways.offers(cell.offers, **asked),
        mature=ways.offers(cell.mature, **asked, trl=str(MATURE)),
        mature_share=percent(cell.mature, cell.offers),
    )
