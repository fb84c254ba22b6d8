"""Keeps a process up to date: with what other processes write, and with the current bundle."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.services.outlooks import Survey
from api.services.workspace import Workspace
from matcher.errors import StoreUnavailable

_log = logging.getLogger(__name__)
_PAUSE: Final = 0.25
"""Seconds between two looks: what one process writes, the others find within half a second."""
_SAVE_EVERY: Final = 60.0
_PATIENCE: Final = 5.0
"""Seconds that the end of the process waits for what the thread is doing."""


class Follower:
    """A thread that looks for news and applies them. Whatever fails, it goes on trying."""

    def __init__(self, workspace: Workspace, pause: float = _PAUSE) -> None:
        """``pause``: seconds between two looks."""
        self._workspace = workspace
        self._pause = pause
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._trouble: str | None = None
        self._saved_at = time.monotonic()
        self._survey = Survey(workspace)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End within the time that the step at hand takes, or without it after some seconds."""
        self._ended.set()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        more = False
        while not self._ended.wait(0 if more else self._pause):
            more = self._step()

    def _step(self) -> bool:
        try:
            more = self._workspace.follow()
        except Exception as reason:  # a thread that has ended would be missed by nobody
            self._note(reason)
            return False
        self._note(None)
        if time.monotonic() - self._saved_at > _SAVE_EVERY:
            _save(self._workspace)
            self._saved_at = time.monotonic()
        if not more:
            self._survey.turn()
        return more

    def _note(self, reason: Exception | None) -> None:
        """One line when trouble begins, changes its kind, or ends; none while it lasts."""
        trouble = type(reason).__name__ if reason else None
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if reason is None:
            _log.warning("following the database again")
        elif isinstance(reason, StoreUnavailable):
            _log.warning("cannot follow the database, trying on: %s", reason)
        else:
            _log.error("cannot follow the database, trying on", exc_info=reason)


@contextmanager
def following(workspace: Workspace) -> Iterator[Follower]:
    """Follow while the block runs; at its end the indexes are saved, so the next start is quick."""
    follower = Follower(workspace)
    follower.start()
    try:
        yield follower
    finally:
        follower.stop()
        _save(workspace)


def _save(workspace: Workspace) -> None:
    """Indexes are a cache: one that cannot be saved now costs time at the next start, no more."""
    try:
        workspace.save_indexes()
    except OSError as reason:
        _log.warning("the indexes cannot be saved: %s", reason)
