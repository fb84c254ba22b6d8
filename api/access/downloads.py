"""Tables to download: written to a file of their own, streamed, then removed."""

from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

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
    # RFC 6266: the plain name is for what cannot read the other one.
    plain = f"hongniang{Path(name).suffix}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media, headers=headers)
