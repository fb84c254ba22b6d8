"""What charts show: numbers with the way to the list behind each."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A count, at least 0; ``href`` leads to the list that it counts, if there is one."""

    value: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One figure for each label of a chart."""

    name: str
    figures: Sequence[Figure]

    @property
    def values(self) -> list[int]:
        """The bare numbers."""
        return [figure.value for figure in self.figures]


@dataclass(frozen=True, slots=True)
class Chart:
    """Series over the same labels, for bars and lines; ``heading`` says what the labels are.

    ``note`` is a sentence under the title.
    """

    title: str
    heading: str
    labels: Sequence[str]
    series: Sequence[Series]
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(any(series.values) for series in self.series)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows × columns of two measures: what is wanted, and what there is.

    ``cells[row][column]`` is (wanted, there), ``measures`` are the names of the two.
    """

    title: str
    heading: str
    rows: Sequence[str]
    columns: Sequence[str]
    measures: tuple[str, str]
    cells: Sequence[Sequence[tuple[Figure, Figure]]]
    note: str = ""

    @property
    def totals(self) -> tuple[int, int]:
        """The sums of both measures."""
        cells = [cell for row in self.cells for cell in row]
        return sum(wanted.value for wanted, _ in cells), sum(there.value for _, there in cells)


@dataclass(frozen=True, slots=True)
class Stage:
    """How many have come this far, and the median of days that they stay, if any went on."""

    name: str
    figure: Figure
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """Stages in their order; usually each holds at most as many as the one before."""

    title: str
    stages: Sequence[Stage]
    note: str = ""
