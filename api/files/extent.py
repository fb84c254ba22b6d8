"""How large the sheets of an xlsx file are when laid out.

A reader lays out every cell up to the last one: a file of two kilobytes whose last cell is
XFD1048576 would take half a terabyte, and the process with it. So the references of cells are
looked at in the bytes themselves, which also holds for XML that a lenient reader accepts.
"""

import re
from typing import Final

from matcher.errors import ImportRejected

_MOST_CELLS: Final = 30_000_000
"""Empty ones too: more than a full sheet from A to Z, in some 700 MB."""
_LONGEST_TAG: Final = 1 << 20
_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,9})([0-9]{1,9})""")
_NAMELESS: Final = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])(?![^<>]*\sr\s*=)")
"""A cell without a reference stands beside the one before it: where that is only a reader knows."""
_TOO_LARGE: Final = "xlsx 中最后一个单元格离数据太远，请删去数据以外的行和列，另存后再试。"
_ODD: Final = "xlsx 中有没有写明位置的单元格，请用表格软件另存为 xlsx 后再试。"


class Extent:
    """Of one part of the file, which is fed in pieces. Pictures have none."""

    def __init__(self) -> None:
        self._rest = b""
        self._rows = self._columns = 1
        self._is_picture: bool | None = None

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes. Raises ImportRejected."""
        if self._is_picture is None:
            self._is_picture = not piece.startswith(b"<") and b"\0" in piece[:1000]
        if not self._is_picture:
            self._look(piece)

    def _look(self, piece: bytes) -> None:
        text = self._rest + piece
        last = text.rfind(b"<")
        complete = len(text) if text.rfind(b">") > last else max(last, 0)
        text, self._rest = text[:complete], text[complete:]
        if _NAMELESS.search(text) or len(self._rest) > _LONGEST_TAG:
            raise ImportRejected(_ODD)
        found = _REFERENCE.findall(text)
        self._rows = max([self._rows, *{int(row) for row in {row for _, row in found}}])
        self._columns = max([self._columns, *map(_number, {letters for letters, _ in found})])
        if self._rows * self._columns > _MOST_CELLS:
            raise ImportRejected(_TOO_LARGE)


def _number(letters: bytes) -> int:
    """Of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
