"""Work on several cores: the same function on many items, in order, by processes of its own.

Processes because the segmenter holds the interpreter's lock; started anew ("spawn") because a copy
of a process with threads is not safe. A script that asks for workers therefore needs the usual
``if __name__ == "__main__"`` around what it does.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from types import TracebackType
from typing import Final, Self, TypeVar

from matcher.errors import WorkersLost

T = TypeVar("T")
R = TypeVar("R")
_MOST: Final = 8
_AHEAD: Final = 2
"""Items for each worker that wait or are done and not yet taken."""


def suitable_workers(records: int, worthwhile: int = 50_000) -> int:
    """How many workers to have for so many records: 1, which means none, unless it pays.

    A worker needs seconds to start, in which one process embeds tens of thousands of records.
    """
    return min(_MOST, cores()) if records >= worthwhile else 1


def cores() -> int:
    """Those that this process may use, where the system can tell."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Workers:
    """``count`` processes, until the block is left; each calls ``begin(*arguments)`` first."""

    def __init__(
        self, count: int, begin: Callable[..., object] = tuple, *arguments: object
    ) -> None:
        self._ahead = _AHEAD * count
        self._pool = ProcessPoolExecutor(
            count, get_context("spawn"), initializer=_begin, initargs=(begin, arguments)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """``work`` of each item, in order; few items are taken before their turn.

        Raises WorkersLost if a process died, and whatever ``work`` raises.
        """
        waiting: deque[Future[R]] = deque()
        try:
            for item in items:
                waiting.append(self._pool.submit(work, item))
                if len(waiting) > self._ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise WorkersLost("一个计算进程意外退出，可能是内存不足，请稍后再试。") from error
        finally:
            for future in waiting:
                future.cancel()


def _begin(begin: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """In a new process: leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(*arguments)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
