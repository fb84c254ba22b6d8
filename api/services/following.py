"""Keeps a process up to date: with what other processes write, and with the current bundle."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.services.allocation import give_back
from api.services.outlooks import Survey
from api.services.ticking import Ticker
from api.services.workspace import Workspace
from matcher.errors import StoreUnavailable

_log = logging.getLogger(__name__)
_PAUSE: Final = 0.25
"""Seconds between two looks: what one process writes, the others find within half a second."""
_SAVE_EVERY: Final = 60.0
"""Seconds after which indexes are saved."""
_GIVE_BACK_EVERY: Final = 10.0
"""Seconds after which memory that is free is given back, which takes a millisecond."""


class _Rhythm:
    """Something that is to be done every so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._last = seconds, time.monotonic()

    def is_due(self) -> bool:
        """Whether so many have gone by since it was last due, or since the beginning."""
        now = time.monotonic()
        is_due = now - self._last > self._seconds
        if is_due:
            self._last = now
        return is_due


class Follower(Ticker):
    """A thread that looks for news and applies them."""

    foreseen = StoreUnavailable
    trying = "cannot follow the database, trying on"
    again = "following the database again"

    def __init__(self, workspace: Workspace, pause: float = _PAUSE) -> None:
        """``pause``: seconds between two looks."""
        super().__init__("follower", self._look, pause)
        self._workspace = workspace
        self._saving, self._giving = _Rhythm(_SAVE_EVERY), _Rhythm(_GIVE_BACK_EVERY)
        self._survey = Survey(workspace)

    def _look(self) -> bool:
        more = self._workspace.follow()
        if self._saving.is_due():
            _save(self._workspace)
        if self._giving.is_due():
            give_back()
        if not more:
            self._survey.turn()
        return more


@contextmanager
def following(workspace: Workspace) -> Iterator[Follower]:
    """Follow while the block runs; at its end the indexes are saved, so the next start is quick."""
    try:
        with Follower(workspace) as follower:
            yield follower
    finally:
        _save(workspace)


def _save(workspace: Workspace) -> None:
    """Indexes are a cache: one that cannot be saved now costs time at the next start, no more."""
    try:
        workspace.save_indexes()
    except OSError as reason:
        _log.warning("the indexes cannot be saved: %s", reason)
