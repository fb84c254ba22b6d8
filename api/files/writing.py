"""Tables to files, row by row: CSV that every spreadsheet opens, and xlsx."""

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from api.files.escaping import harmless, unambiguous

Cell = str | int | float | None
"""None is an empty cell."""
_MOST_ROWS: Final = 1_048_575
"""Below the header, on one sheet of xlsx."""
_LONGEST: Final = 32_767
"""Characters in a cell of xlsx."""


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
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        for row in rows:
            if count and count % _MOST_ROWS == 0:
                sheet = book.add_worksheet()
                sheet.write_row(0, 0, header)
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(count % _MOST_ROWS + 1, column, unambiguous(cell)[:_LONGEST])
                elif cell is not None:
                    sheet.write_number(count % _MOST_ROWS + 1, column, cell)
            count += 1
    return count


FORMATS: Final[dict[str, Callable[[Path, Sequence[str], Iterable[Sequence[Cell]]], int]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
}
"""By suffix."""
