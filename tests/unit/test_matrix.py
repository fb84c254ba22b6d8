"""Cells of the map: their marks, their changes, and where they lead."""

from datetime import UTC, datetime

import pytest

from api.pages.matrix import Ways, change, kind_of, matrix
from api.services.market import EVERYWHERE, Cell, Market
from api.services.overview import ELSEWHERE
from api.services.periods import Span
from api.store.market import Groups

NOW = datetime(2027, 3, 15, tzinfo=UTC)


def data(cells: dict[tuple[str, str], Cell], span: Span) -> Market:
    return Market(
        at=NOW,
        span=span,
        before=span.before(NOW),
        months=span.months(NOW),
        rows=["新材料"],
        provinces=["江苏"],
        columns=["江苏", ELSEWHERE],
        cells={(EVERYWHERE, EVERYWHERE): Cell()} | cells,
        trend={},
        groups=Groups([], 0, 0, 0),
        surveyed=1,
        asking=1,
    )


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (Cell(), "none"),
        (Cell(before=3), "none"),
        (Cell(offers=2), "idle"),
        (Cell(offers=2, unknown=1), "waiting"),
        (Cell(weak=1), "gap-1"),
        (Cell(weak=2), "gap-2"),
        (Cell(strong=2, weak=3), "gap-1"),  # 40 %
        (Cell(strong=1, weak=2), "gap-2"),
        (Cell(strong=7, weak=3), "met"),  # 70 %
        (Cell(strong=69, weak=31), "gap-1"),
        (Cell(strong=1, unknown=99), "met"),  # of those that were looked at
    ],
)
def test_a_cell_is_marked_by_the_share_of_demands_that_are_met(cell: Cell, kind: str) -> None:
    assert kind_of(cell) == kind


@pytest.mark.parametrize(
    ("now", "before", "written"), [(3, 1, "↑2"), (1, 3, "↓2"), (2, 2, ""), (0, 0, "")]
)
def test_changes_are_written_with_arrows(now: int, before: int, written: str) -> None:
    assert change(now, before) == written


def test_every_mark_says_the_same_in_words() -> None:
    cells = {("新材料", "江苏"): Cell(weak=2), ("新材料", ELSEWHERE): Cell(offers=1)}
    shown = matrix(data(cells, Span()), Ways(Span()))
    every = [cell for row in shown.rows for cell in row.cells]
    assert {(cell.kind, cell.mark, cell.meaning) for cell in every if cell.mark} == set(shown.key)
    assert all(cell.meaning for cell in every)
    assert len({mark for _, mark, _ in shown.key}) == len(shown.key)


def test_figures_lead_to_what_they_count() -> None:
    span = Span("2027-01", "2027-03")
    cells = {("新材料", ELSEWHERE): Cell(offers=5, mature=2, weak=3, before=1)}
    cell = matrix(data(cells, span), Ways(span)).rows[1].cells[2]
    where = "field=新材料&outside=江苏"
    asked = f"/demands?state=current&since=2027-01&until=2027-03&{where}"
    assert (cell.demands.href, cell.weak.href) == (asked, f"{asked}&outlook=weak")
    assert cell.offers.href == f"/achievements?until=2027-03&{where}"
    assert cell.mature.href == f"/achievements?until=2027-03&{where}&trl=7"
    assert (cell.change, cell.weak_change, cell.mature_share) == ("↑2", "↑3", "40%")


def test_without_a_span_before_nothing_is_compared() -> None:
    cells = {("新材料", "江苏"): Cell(weak=2)}
    cell = matrix(data(cells, Span()), Ways(Span())).rows[1].cells[1]
    assert (cell.change, cell.weak_change) == ("", "")


def test_in_a_file_that_is_handed_on_nothing_leads_anywhere() -> None:
    ways = Ways(Span(), is_linked=False)
    assert [ways.demands(3).href, ways.offers(3).href, ways.today(3).href] == ["", "", ""]
