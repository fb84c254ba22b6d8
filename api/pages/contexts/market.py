"""供需图谱: the matrix of fields and places, and what is beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from markupsafe import Markup

from api.pages.charts import Figure
from api.pages.contexts.base import Context
from api.pages.contexts.overview import Choice
from matcher.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One field in one place. ``kind`` is its class, ``mark`` and ``meaning`` say the same.

    ``change`` are the demands more or less than in the span before, empty if there is none;
    ``coverage`` and ``mature_share`` are written shares.
    """

    kind: str
    mark: str
    meaning: str
    demands: Figure
    change: str
    weak: Figure
    weak_change: str
    coverage: str
    offers: Figure
    mature: Figure
    mature_share: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A field with its cells in the order of the columns."""

    name: str
    cells: Sequence[MatrixCell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """``rows`` by ``columns``, both beginning with their sums; ``key``: class, mark, meaning."""

    columns: Sequence[str]
    rows: Sequence[MatrixRow]
    key: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Headline:
    """A large number with its name and a note."""

    name: str
    figure: Figure
    shown: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A provider with what is proven of it, and what of that nobody asks for."""

    name: str
    href: str
    proven: Figure
    unasked: Figure
    share: str


@dataclass(frozen=True, slots=True)
class MarketPage(Context):
    """The map of a span. ``since`` and ``until`` are as typed, also where they were wrong."""

    template: ClassVar[str] = "market"
    said: str
    notes: Sequence[str]
    since: str
    until: str
    spans: Sequence[Choice]
    report: str
    headlines: Sequence[Headline]
    matrix: Matrix
    charts: Sequence[Markup]
    groups: Sequence[GroupLine]
    groups_total: int
    unasked: Figure
    weak: Figure
    is_surveyed: bool
    problems: Sequence[FieldProblem] = field(default=())
