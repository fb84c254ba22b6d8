"""Files that were sent in and wait to be imported. Their own names are never used as paths."""

import time
from collections.abc import Callable, Collection
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from api.files import SUFFIXES
from matcher.errors import FieldProblem, InvalidInput, StoreUnavailable

LARGEST: Final = 500_000_000
"""Bytes, where the settings say nothing else."""
_CHUNK: Final = 1 << 20
_ON_THE_WAY: Final = 3600.0
"""Seconds for which a file may lie here before its job is noted."""


class Uploads:
    """A folder of files, named after the jobs that import them."""

    def __init__(self, folder: Path, largest: int) -> None:
        """``largest`` : bytes."""
        self._folder, self.largest = folder, largest

    def keep(self, job_id: str, name: str, content: BinaryIO) -> str:
        """Write a file to disk as it comes, and return the name that it has here.

        Raises InvalidInput for other kinds of files and for large ones.
        """
        suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
        if suffix not in SUFFIXES:
            raise _refused("请上传 CSV、JSONL 或 xlsx 文件。")
        path = self.path(f"{job_id}{suffix}")
        try:
            self._folder.mkdir(exist_ok=True)
            self._write(path, content)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise StoreUnavailable(f"无法保存上传的文件（{error.strerror}）。") from error
        except InvalidInput:
            path.unlink(missing_ok=True)
            raise
        return path.name

    def path(self, name: str) -> Path:
        """Where a file is that was kept."""
        return self._folder / name

    def remove(self, name: str) -> None:
        """Delete a file, if it is still there."""
        self.path(name).unlink(missing_ok=True)

    def remove_all_but(self, needed: Callable[[], Collection[str]]) -> None:
        """Delete what no job needs, except what may have come just now: its job is noted last."""
        latest = time.time() - _ON_THE_WAY
        old = [path for path in self._folder.glob("*") if path.stat().st_mtime < latest]
        kept = needed() if old else ()
        for path in old:
            if path.stem not in kept:
                path.unlink(missing_ok=True)

    def _write(self, path: Path, content: BinaryIO) -> None:
        size = 0
        with path.open("wb") as file:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                if size > self.largest:
                    raise _refused(f"文件超过 {self.largest // 1_000_000} MB，请分批导入。")
                file.write(chunk)
        if not size:
            raise _refused("请选择要导入的文件。")


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, [FieldProblem("file", message)])
