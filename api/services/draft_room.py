"""Room for drafts of people without an account, so that nobody can fill the disk with them."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from api.store import Store
from matcher.errors import DraftsFull

KEPT: Final = timedelta(days=30)
"""How long a draft is kept that nobody changes."""
MOST: Final = 20_000
_FRESH: Final = 5.0
"""Seconds for which a count is good enough."""


class DraftRoom:
    """At most ``most`` drafts of no account; 0 means any number.

    They are counted once in some seconds, and what this process adds meanwhile is counted on. So N
    processes may let a few more in; a living draft is never removed for another.
    """

    def __init__(
        self, store: Store, most: int = MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self.most, self._clock = store, most, clock
        self._count, self._counted_at = 0, -_FRESH

    def take(self) -> None:
        """Count one more in. Raises DraftsFull."""
        if not self.most:
            return
        now = self._clock()
        if now - self._counted_at >= _FRESH:
            self._count, self._counted_at = self._counted(), now
        if self._count >= self.most:
            raise DraftsFull
        self._count += 1

    def forget_old(self) -> None:
        """Remove the drafts, of whomever, that nobody has changed for so long."""
        with self._store.writing() as unit:
            self._store.drafts.drop(unit, unit.moment - KEPT)

    def _counted(self) -> int:
        """How many there are; if that is too many, once those too old are gone."""
        count = self._store.drafts.count_of_nobody(self.most)
        if count < self.most:
            return count
        self.forget_old()
        return self._store.drafts.count_of_nobody(self.most)
