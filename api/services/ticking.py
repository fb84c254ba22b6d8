"""Threads that do one small step again and again while a process serves."""

import logging
import threading
from collections.abc import Callable
from typing import Final, Self

from matcher.errors import HongniangError

_log = logging.getLogger(__name__)
_PATIENCE: Final = 5.0
"""Seconds that the end of the process waits for what a thread is doing."""


class Ticker:
    """A thread that steps, at once again while there is more to do. Whatever fails, it goes on."""

    def __init__(self, name: str, step: Callable[[], bool], pause: float) -> None:
        """``step`` says whether there may be more; ``pause``: seconds between two looks."""
        self._name, self._take_step, self._pause = name, step, pause
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._trouble: str | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(_PATIENCE)

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
        if reason is None:
            _log.warning("%s: going on again", self._name)
        elif isinstance(reason, HongniangError):
            _log.warning("%s: trying on: %s", self._name, reason)
        else:
            _log.error("%s: trying on", self._name, exc_info=reason)
