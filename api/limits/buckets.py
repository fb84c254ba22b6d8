"""Token buckets: so many requests a minute, saved up for at most a minute."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

MOST: Final = 50_000
"""Callers remembered; the one that was silent longest is forgotten first."""
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one request. ``wait``: seconds until the next may come; ``full``: until all."""

    allowed: bool
    left: int
    wait: int
    full: int


class Buckets:
    """One bucket of ``per_minute`` tokens for each caller, refilled steadily.

    ``clock`` gives seconds that only grow (``time.monotonic``): changing the time of day, or the
    zone, neither frees nor blocks anybody.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float], most: int = MOST) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._most = most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, cost: int = 1) -> Taken:
        """So many tokens, or all that a bucket holds, if they are there; else none."""
        cost = min(cost, self.per_minute)
        now, pace = self._clock(), self.per_minute / _MINUTE
        level, before = self._levels.pop(caller, (float(self.per_minute), now))
        level = min(self.per_minute, level + (now - before) * pace)
        allowed = level >= cost
        level -= cost * allowed
        self._levels[caller] = level, now
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        wait = 0 if allowed else ceil((cost - level) / pace)
        return Taken(allowed, int(level), wait, ceil((self.per_minute - level) / pace))

    def __len__(self) -> int:
        return len(self._levels)
