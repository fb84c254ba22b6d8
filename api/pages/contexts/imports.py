"""Imports: the form, the jobs, one job with its report, and the columns of a file to be started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from api.pages.contexts.base import Context, Fact


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job in the list; ``percent`` is None where nothing is counted.

    ``noun`` names its records, ``base`` is where they are shown.
    """

    id: str
    href: str
    name: str
    noun: str
    base: str
    who: str
    created: str
    state: str
    progress: str
    percent: int | None
    message: str
    is_moving: bool


@dataclass(frozen=True, slots=True)
class ImportsPage(Context):
    """The form, what was wrong with it, and the newest jobs."""

    template: ClassVar[str] = "imports"
    problem: str
    kind: str
    kinds: Sequence[tuple[str, str]]
    largest: int
    lines: Sequence[JobLine]
    refresh: bool


@dataclass(frozen=True, slots=True)
class ImportPage(Context):
    """One job with its report: tables of refused cells and of duplicates."""

    template: ClassVar[str] = "import"
    line: JobLine
    problems: Sequence[Mapping[str, Any]]
    same_as: Sequence[Mapping[str, Any]]
    duplicates: int
    ignored: Sequence[str]
    refresh: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A field that a column can be; the name marks those that must be there."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of a file: ``name`` of its select, what is chosen, and how its cells fare."""

    name: str
    header: str
    field: str
    cells: Sequence[str]
    note: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class RecordCard:
    """A row as the record that it would become."""

    number: int
    title: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """What is wrong in several cells of a column."""

    column: str
    reason: str
    count: int
    rows: str
    cells: str


@dataclass(frozen=True, slots=True)
class ColumnsPage(Context):
    """核对列: what the columns of a file are taken for, and what would come of it.

    ``others`` counts columns that are too many to be shown; ``verdict`` sums it up.
    """

    template: ClassVar[str] = "admin/columns"
    line: JobLine
    problem: str
    faults: Sequence[str]
    is_proposed: bool
    options: Sequence[Option]
    columns: Sequence[ColumnLine]
    others: int
    records: Sequence[RecordCard]
    troubles: Sequence[TroubleLine]
    verdict: str
    is_good: bool
