"""xlsx files, whose unpacked size and extent are measured before anything is read from them."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from api.files.extent import Extent
from matcher.errors import ImportRejected

_LARGEST_UNPACKED: Final = 400_000_000
_CHUNK: Final = 1 << 20


def spreadsheet_rows(path: Path) -> Iterator[list[Any]]:
    """The rows of the first sheet, from the sheet's first row on."""
    from python_calamine import CalamineError, load_workbook

    _check_size(path)
    try:
        sheet = load_workbook(path).get_sheet_by_index(0)
        yield from sheet.iter_rows()
    except (CalamineError, IndexError, OSError) as error:
        raise ImportRejected("无法读取该 xlsx 文件，请用表格软件另存为 xlsx 后再试。") from error


def _check_size(path: Path) -> None:
    """Unpack once, counting only: the sizes that an archive states about itself may be lies."""
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                extent = Extent()
                with archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        total += len(chunk)
                        if total > _LARGEST_UNPACKED:
                            raise ImportRejected("xlsx 展开后过大，已拒绝读取，请分批导入。")
                        extent.feed(chunk)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
        raise ImportRejected("这不是有效的 xlsx 文件，请用表格软件另存为 xlsx 后再试。") from error
