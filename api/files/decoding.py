"""Text of unknown encoding: byte order mark, then strict UTF-8, then GB18030."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from matcher.errors import ImportRejected, RowProblem

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 2_000_000
"""Characters; the texts of one record are far from it."""


def lines(path: Path) -> Iterator[str]:
    """The lines of a file, one at a time, each with its end, and all ends made alike.

    Raises ImportRejected for other encodings, and for a line that no table has.
    """
    with path.open(encoding=encoding_of(path)) as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE + 1), ""), start=1):
            if len(line) > _LONGEST_LINE:
                reason = f"第 {number} 行过长，不像是表格，请检查文件的换行和引号。"
                raise ImportRejected(reason, [RowProblem(number, "", line[:40], reason)])
            yield line


def encoding_of(path: Path) -> str:
    """The encoding that the whole file agrees with. Raises ImportRejected if there is none.

    GB18030 includes GBK and GB2312. It accepts almost any bytes, so it is tried last.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = [encoding for mark, encoding in _MARKS if start.startswith(mark)]
    for encoding in (*marked, "utf-8", "gb18030"):
        try:
            is_text = _is_text(path, encoding)
        except UnicodeDecodeError:
            continue
        if not is_text:
            break
        return encoding
    raise ImportRejected("无法识别文件编码，请另存为 UTF-8 或 GBK 编码的文本。")


def _is_text(path: Path, encoding: str) -> bool:
    """Whether the characters are those of a text. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
    return "\0" not in decoder.decode(b"", final=True)
