"""Tables to files, row by row: CSV that every spreadsheet opens, and xlsx."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.files.escaping import harmless, unambiguous

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None
"""None is an empty cell. A date is a day without a time."""
_MOST_ROWS: Final = 1_048_575
"""Below the header, on one sheet of xlsx."""
_LONGEST: Final = 32_767
"""Characters in a cell of xlsx."""
_WIDTH: Final = 14
"""Characters of a column of xlsx: a date in a narrower one shows as #####."""
_FIRST_DAY: Final = date(1900, 1, 1)
"""Spreadsheets know no day before it."""


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table as the suffix of ``path`` says, and return how many rows it has.

    Neither the rows nor the file are held in memory.
    """
    return FORMATS[path.suffix](path, header, rows)


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """With a byte order mark, without which Excel takes UTF-8 for GBK."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
            count += 1
    return count


def _xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Texts are texts by type, so that nothing in them is ever run; more sheets for more rows."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "tmpdir": str(path.parent), "nan_inf_to_errors": True}
    count = 0
    with Workbook(str(path), options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row in rows:
            if count % _MOST_ROWS == 0:
                sheet = _sheet(book, header)
            for column, cell in enumerate(row):
                _write(sheet, count % _MOST_ROWS + 1, column, cell, day)
            count += 1
        if count == 0:
            _sheet(book, header)
    return count


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the sheets of a workbook."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_sheets(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write several small tables into one xlsx file, each on a sheet of its own."""
    from xlsxwriter import Workbook

    with Workbook(str(path), {"tmpdir": str(path.parent), "nan_inf_to_errors": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for one in sheets:
            sheet = _sheet(book, one.header, one.name)
            for number, row in enumerate(one.rows, start=1):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, day)


def _sheet(book: "Workbook", header: Sequence[str], name: str | None = None) -> "Worksheet":
    """A new sheet, whose header stays in view."""
    sheet = book.add_worksheet(name)
    sheet.set_column(0, max(0, len(header) - 1), _WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header)
    return sheet


def _write(sheet: "Worksheet", row: int, column: int, cell: Cell, day: "Format") -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, unambiguous(cell)[:_LONGEST])
    elif isinstance(cell, date) and cell < _FIRST_DAY:
        sheet.write_string(row, column, cell.isoformat())
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif cell is not None:
        sheet.write_number(row, column, cell)


FORMATS: Final[dict[str, Callable[[Path, Sequence[str], Iterable[Sequence[Cell]]], int]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
}
"""By suffix."""
