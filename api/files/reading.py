"""One way to read all three formats: the header first, then rows with their line numbers."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.files.decoding import lines
from api.files.escaping import meant
from api.files.spreadsheet import spreadsheet_rows
from matcher.errors import ImportRejected, RowProblem

_LARGEST: Final = 1_000_000_000
"""Bytes, packed or plain."""


if TYPE_CHECKING:
    from _csv import Reader as _Reader


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as an editor counts, from 1 and with the header, and cells by column."""

    number: int
    cells: dict[str, Any]


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a ``.csv``, ``.tsv``, ``.jsonl`` or ``.xlsx`` file; blank rows are left out.

    They come one at a time; only of an xlsx file the whole sheet is held in memory.
    Raises ImportRejected if the file cannot be read as what its name says.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ImportRejected(f"不支持“{path.suffix or path.name}”文件，请使用 CSV、JSONL 或 xlsx。")
    if not path.is_file():
        raise ImportRejected(f"没有名为 {path} 的文件，请检查路径。")
    if path.stat().st_size > _LARGEST:
        raise ImportRejected(f"文件超过 {_LARGEST // 1_000_000} MB，请分批导入。")
    yield from reader(path)


def _csv(path: Path) -> Iterator[Row]:
    text = lines(path)
    first = list(islice(text, 1))
    delimiter = "\t" if any("\t" in line for line in first) else ","
    reader = csv.reader(chain(first, text), delimiter=delimiter, strict=True)
    try:
        yield from _table(_numbered(reader))
    except csv.Error as error:
        problem = RowProblem(reader.line_num, "", "", f"CSV 格式错误：{error}")
        raise ImportRejected("CSV 文件格式有误，请检查引号是否成对。", [problem]) from error


def _numbered(reader: "_Reader") -> Iterator[tuple[int, list[str]]]:
    """Rows with the numbers of the lines on which they begin; a quoted cell may span several."""
    first = 1
    for cells in reader:
        yield first, cells
        first = reader.line_num + 1


def _xlsx(path: Path) -> Iterator[Row]:
    yield from _table(enumerate(spreadsheet_rows(path), start=1))


def _table(numbered: Iterable[tuple[int, list[Any]]]) -> Iterator[Row]:
    """Rows under the first row that is not blank, which is the header."""
    header: list[str] | None = None
    for number, cells in numbered:
        if all(cell is None or not str(cell).strip() for cell in cells):
            continue
        if header is None:
            header = [str(cell or "").strip() for cell in cells]
            _check_header(header)
            continue
        if any(str(cell).strip() for cell in cells[len(header) :]):
            reason = "这一行的单元格多于表头，请检查分隔符和引号。"
            raise ImportRejected(reason, [RowProblem(number, "", str(cells[len(header)]), reason)])
        yield Row(number, {n: meant(c) for n, c in zip(header, cells, strict=False) if n})
    if header is None:
        raise ImportRejected("文件是空的，没有可导入的内容。")


def _check_header(header: list[str]) -> None:
    times = Counter(name for name in header if name)
    twice = sorted(name for name, number in times.items() if number > 1)
    if twice:
        raise ImportRejected(f"表头中“{twice[0]}”出现了不止一次，请只保留一列。")


def _jsonl(path: Path) -> Iterator[Row]:
    empty = True
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line)
        except (ValueError, RecursionError):
            cells = None
        if not isinstance(cells, dict):
            problem = RowProblem(number, "", line.rstrip("\n")[:80], "这一行不是 JSON 对象。")
            raise ImportRejected(f"第 {number} 行不是 JSON 对象，请检查后再导入。", [problem])
        empty = False
        yield Row(number, cells)
    if empty:
        raise ImportRejected("文件是空的，没有可导入的内容。")


_READERS: Final = {".csv": _csv, ".tsv": _csv, ".jsonl": _jsonl, ".xlsx": _xlsx}
SUFFIXES: Final = tuple(_READERS)
"""Of the files that can be read, in lower case."""
