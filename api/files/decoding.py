"""Text of unknown encoding: byte order mark, then strict UTF-8, then GB18030."""

import codecs
from pathlib import Path
from typing import Final

from matcher.errors import ImportRejected

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(path: Path) -> str:
    """The text of a file with line ends made alike. Raises ImportRejected for other encodings.

    GB18030 includes GBK and GB2312. It accepts almost any bytes, so it is tried last.
    """
    raw = path.read_bytes()
    marked = [encoding for mark, encoding in _MARKS if raw.startswith(mark)]
    for encoding in (*marked, "utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ImportRejected("无法识别文件编码，请另存为 UTF-8 或 GBK 编码的文本。")
