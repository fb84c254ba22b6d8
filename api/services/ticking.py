"""Threads that do one small step again and again while a process serves."""

import logging
import threading
from collections.abc import Callable
from typing import ClassVar, Final, Self

from matcher.errors import HongniangError

_log = logging.getLogger(__name__)
_PATIENCE: Final = 5.0
"""Seconds that the end of the process waits for what a thread is doing."""


class Ticker:
    """A thread that steps, at once again while there is more to do. Whatever fails, it goes on.

    ``foreseen`` is the kind of error that needs no traceback.
    """

    foreseen: ClassVar[type[HongniangError]] = HongniangError
    trying: ClassVar[str] = "{name}: trying on"
    again: ClassVar[str] = "{name}: going on again"

    def __init__(self, name: str, step: Callable[[], bool], pause: float) -> None:
        """``step`` says whether there may be more; ``pause``: seconds between two looks."""
        self._name, self._take_step, self._pause = name, step, pause
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._trouble: str | None = None

    def start(self) -> None:
        """Begin to step."""
        self._thread.start()

    def stop(self) -> None:
        """End within the time that the step at hand takes, or without it after some seconds."""
        self._ended.set()
        self._thread.join(_PATIENCE)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        more = False
        while not self._ended.wait(0 if more else self._pause):
            more = self._step()

    def _step(self) -> bool:
        try:
            more = self._take_step()
        except Exception as reason:  # a thread that has ended would be missed by nobody
            self._note(reason)
            return False
        self._note(None)
        return more

    def _note(self, reason: Exception | None) -> None:
        """One line when trouble begins, changes its kind, or ends; none while it lasts."""
        trouble = type(reason).__name__ if reason else None
        if trouble == self._trouble:
            return
        self._trouble = trouble
        trying = self.trying.format(name=self._name)
        if reason is None:
            _log.warning(self.again.format(name=self._name))
        elif isinstance(reason, self.foreseen):
            _log.warning("%s: %s", trying, reason)
        else:
            _log.error(trying, exc_info=reason)
