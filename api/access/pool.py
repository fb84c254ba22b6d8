"""Threads for work that is mostly short: few at once, the others wait for their turn."""

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread, get_ident
from time import monotonic
from typing import Final

Task = Callable[[], None]


class Threads:
    """At most so many threads, of which so many do short work at once, first come, first served.

    Work that takes longer than ``patience`` (seconds) goes on, but not in the way of the others.
    A thread waits for work, or for its turn; one at least does while work waits, if there may be
    one more. They do not keep the process from ending, whatever they are at.
    """

    def __init__(self, most: int, together: int, patience: float) -> None:
        self._changed: Final = Condition()
        self._waiting: deque[Task] = deque()
        self._began: dict[int, float] = {}  # when each began that is at short work, by thread
        self._together, self._patience = together, patience
        self._unstarted, self._idle, self._watching = most, 0, 0

    def take(self, task: Task) -> None:
        """Have this done as soon as it is its turn; it must not raise."""
        with self._changed:
            self._waiting.append(task)
            self._see_to_it()

    def _see_to_it(self) -> None:
        """Somebody takes what waits, or watches until he can."""
        if self._watching and self._is_full():
            return
        if self._idle:
            self._changed.notify()
        elif self._unstarted:
            self._unstarted -= 1
            Thread(target=self._work, name="request", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._next()()

    def _next(self) -> Task:
        with self._changed:
            self._began.pop(get_ident(), None)
            self._forget_long_work()
            while not self._waiting or self._is_full():
                self._wait()
                self._forget_long_work()
            self._began[get_ident()] = monotonic()
            task = self._waiting.popleft()
            if self._waiting:
                self._see_to_it()
            return task

    def _is_full(self) -> bool:
        return len(self._began) >= self._together

    def _forget_long_work(self) -> None:
        if self._is_full():
            long = monotonic() - self._patience
            self._began = {thread: at for thread, at in self._began.items() if at > long}

    def _wait(self) -> None:
        watches = bool(self._waiting)
        self._idle += 1
        self._watching += watches
        self._changed.wait(self._patience if watches else None)
        self._watching -= watches
        self._idle -= 1
