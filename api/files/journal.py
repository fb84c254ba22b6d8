"""Rows that survive a kill: JSON lines, written in blocks that are there as a whole or not at all.

A state file beside the lines says how far they are complete, for what purpose they are written, and
what is known of the work so far. It is replaced only after its block has reached the disk; what
stands behind is cut off when the journal is opened again.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from filelock import FileLock, Timeout

from matcher.errors import InvalidInput
from matcher.files import write_whole

Marks = Mapping[str, Any]
"""What is known of the work so far; values that JSON has."""
_OWNER_ONLY: Final = 0o600


class Journal:
    """The lines for a file to be made at ``path``; beside it until ``close``d or ``done``."""

    def __init__(self, path: Path, purpose: Marks) -> None:
        """Go on where a journal with the same ``purpose`` ended, or begin.

        Raises InvalidInput if that one had another purpose, or is being written by another process.
        """
        self.lines = path.with_name(f"{path.name}.partial")
        self.state = path.with_name(f"{path.name}.state")
        self._purpose = json.loads(json.dumps(dict(purpose)))
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0)
        try:
            self._lock.acquire()
        except Timeout:
            raise InvalidInput(f"另一个进程正在写 {path}，请等它结束，或换一个文件名。") from None
        try:
            self.marks: Marks = self._found()
            self._file = os.open(self.lines, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
        except BaseException:
            self._lock.release()
            raise
        os.ftruncate(self._file, self._bytes)
        os.lseek(self._file, 0, os.SEEK_END)

    def append(self, rows: Iterable[Mapping[str, Any]], marks: Marks) -> None:
        """Add a block, and remember what is known behind it."""
        block = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()
        _write(self._file, block)
        os.fsync(self._file)
        self._bytes += len(block)
        self.marks = marks
        state = {"purpose": self._purpose, "bytes": self._bytes, "marks": dict(marks)}
        write_whole(self.state, json.dumps(state, ensure_ascii=False).encode())

    def rows(self) -> Iterator[dict[str, Any]]:
        """All rows, from the first."""
        with self.lines.open(encoding="utf-8", newline="\n") as file:
            yield from map(json.loads, file)

    def done(self) -> None:
        """Forget everything: what was to be made of the rows is there."""
        self.state.unlink(missing_ok=True)  # lines without it are cut off
        self.lines.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()

    def _found(self) -> Marks:
        """The marks of a journal that was begun before, or none."""
        self._bytes = 0
        try:
            state = json.loads(self.state.read_text("utf-8"))
            purpose, size, marks = state["purpose"], int(state["bytes"]), dict(state["marks"])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError):
            raise InvalidInput(f"{self.state} 无法读取，请删除它后重新开始。") from None
        if purpose != self._purpose:
            raise InvalidInput(
                f"{self.state} 记着一次没有做完的输出，它的选项、模型、程序版本或数据库与这次不同；"
                "请用原来的选项接着做，或删除它后重新开始。"
            )
        if not self.lines.is_file() or self.lines.stat().st_size < size:
            raise InvalidInput(f"{self.lines} 不完整，请删除 {self.state} 后重新开始。")
        self._bytes = size
        return marks


def _write(file: int, block: bytes) -> None:
    """All of it: a single call may write less."""
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(file, rest) :]
