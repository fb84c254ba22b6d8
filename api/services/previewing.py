"""What would become of a file: its columns, its first records, what is wrong in its first rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from api.files import Row, read_rows
from api.services.checking import Checked, Checking
from api.services.headers import EXTERNAL_ID, ID_LABEL, IGNORED, faults, recognised
from api.services.kinds import Kind
from matcher.errors import ImportRejected, RowProblem

LOOKED_AT: Final = 1000
"""Rows of a file that are read for its preview."""
_RECORDS: Final = 3
_SAMPLES: Final = 3
_EXAMPLES: Final = 3
_LONGEST_NAME: Final = 200
_MOST_PROBLEMS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file. ``fault`` says why reading stopped before; ``more`` follows it."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    more: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is taken for, its first cells, and how many of its cells are refused."""

    header: str
    field: str
    cells: tuple[str, ...]
    refused: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong in ``count`` cells of a column: the first rows, some of the cells."""

    column: str
    reason: str
    count: int
    rows: tuple[int, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """``faults`` are of the columns; only without any, the rows have been checked."""

    columns: tuple[Column, ...]
    faults: tuple[str, ...]
    records: tuple[Checked, ...]
    troubles: tuple[Trouble, ...]
    rows: int
    rows_refused: int
    more: bool


def sample(path: Path) -> Sample:
    """The first rows. Raises ImportRejected if there is not a single one."""
    rows: list[Row] = []
    fault, more = "", False
    reading = read_rows(path)
    try:
        for row in islice(reading, LOOKED_AT):
            rows.append(row)  # noqa: PERF402 - what came before a fault is kept
    except ImportRejected as error:
        fault = str(error)
    else:
        more = len(rows) == LOOKED_AT and next(reading, None) is not None
    if not rows:
        raise ImportRejected(fault or "文件只有表头，没有可导入的内容。")
    names = dict.fromkeys(name for row in rows for name in row.cells)
    return Sample(tuple(filter(_can_be_named, names)), tuple(rows), more, fault)


def preview(kind: Kind[Any], given: Sample, mapping: Mapping[str, str]) -> Preview:
    """What an import with this mapping would make of the file, as far as its first rows tell."""
    columns = recognised(kind, given.headers, mapping)
    found = faults(kind, columns, given.headers)
    if given.fault:
        found.append(given.fault)
    if found:
        shown = tuple(_column(header, columns, given.rows, {}) for header in given.headers)
        return Preview(shown, tuple(found), (), (), len(given.rows), 0, given.more)
    return _checked(kind, given, mapping, columns)


def _checked(
    kind: Kind[Any], given: Sample, mapping: Mapping[str, str], columns: Mapping[str, str]
) -> Preview:
    checking = Checking(kind, {}, _MOST_PROBLEMS, mapping)
    records: list[Checked] = []
    fault = ""
    for row in given.rows:
        try:
            right = checking.check(row)
        except ImportRejected as error:  # in JSONL a later line can have other columns
            fault = f"第 {row.number} 行：{error}"
            break
        if right and len(records) < _RECORDS:
            records.append(right)
    troubles = _troubles(checking.refused)
    counts = {trouble.column: 0 for trouble in troubles}
    for trouble in troubles:
        counts[trouble.column] += trouble.count
    labels = {**kind.draft.labels(), EXTERNAL_ID: ID_LABEL}
    refused = {field: counts.get(label, 0) for field, label in labels.items()}
    return Preview(
        columns=tuple(_column(header, columns, given.rows, refused) for header in given.headers),
        faults=(fault,) if fault else (),
        records=tuple(records),
        troubles=troubles,
        rows=len(given.rows),
        rows_refused=checking.rows_refused,
        more=given.more,
    )


def _troubles(refused: Sequence[RowProblem]) -> tuple[Trouble, ...]:
    """Alike problems together, the most frequent first."""
    groups: dict[tuple[str, str], list[RowProblem]] = defaultdict(list)
    for problem in refused:
        column = ID_LABEL if problem.column == EXTERNAL_ID else problem.column
        groups[column, problem.reason].append(problem)
    found = [
        Trouble(
            column,
            reason,
            len(alike),
            tuple(problem.row for problem in alike[:_EXAMPLES]),
            tuple(dict.fromkeys(problem.value for problem in alike if problem.value))[:_EXAMPLES],
        )
        for (column, reason), alike in groups.items()
    ]
    return tuple(sorted(found, key=lambda trouble: -trouble.count))


def _column(
    header: str, columns: Mapping[str, str], rows: Sequence[Row], refused: Mapping[str, int]
) -> Column:
    cells = (row.cells.get(header) for row in rows)
    filled = (str(cell) for cell in cells if cell not in (None, ""))
    field = columns.get(header, IGNORED)
    return Column(header, field, tuple(islice(filled, _SAMPLES)), refused.get(field, 0))


def _can_be_named(header: str) -> bool:
    """Whether a page can show the name of the column, and a form send it back."""
    is_text = header.encode("utf-8", "replace").decode() == header
    return is_text and "\0" not in header and len(header) <= _LONGEST_NAME
