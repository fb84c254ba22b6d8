"""Tables to download: written to a file of their own, streamed, then removed."""

from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

CALENDAR: Final = "text/calendar; charset=utf-8"
MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Format(StrEnum):
    """文件格式。"""

    csv = "csv"
    xlsx = "xlsx"


def download(
    written: AbstractContextManager[Path], format: Format, name: str | None = None
) -> FileResponse:
    """The file, by its own name or another; it is removed when the last byte has gone."""
    path = written.__enter__()
    return FileResponse(
        path,
        media_type=MEDIA[format],
        filename=name or path.name,
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(written.__exit__, None, None, None),
    )


def attachment(content: bytes, media: str, name: str) -> Response:
    """A small file to keep, made in memory, under a name in any language."""
    # RFC 6266: beside a name in other letters there is a plain one, for what cannot read it.
    plain = name if name.isascii() else f"hongniang{Path(name).suffix}"
    other = "" if name.isascii() else f"; filename*=UTF-8''{quote(name)}"
    headers = {
        "Content-Disposition": f'attachment; filename="{plain}"{other}',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media, headers=headers)
