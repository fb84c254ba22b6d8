"""When work that can wait gives way: while its process is busy with what people wait for."""

import time
from collections.abc import Callable
from typing import Final

_BUSY: Final = 0.25
"""The share of a core from which a process is busy; one that nobody asks takes a fiftieth."""
_PATIENCE: Final = 2.0


class GivingWay:
    """Looks how much of a core the process took since the work last ended or was put off."""

    def __init__(
        self,
        patience: float = _PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        used: Callable[[], float] = time.process_time,
    ) -> None:
        """``patience``: seconds after which work is done all the same, so that it gets on."""
        self._patience, self._clock, self._used = patience, clock, used
        self._worked_at = -patience + clock()
        self._note()

    def may_work(self) -> bool:
        """Whether it is time for the work, now."""
        now, taken = self._clock(), self._used() - self._used_before
        is_busy = taken > _BUSY * (now - self._looked_at)
        self._note()
        return not is_busy or now - self._worked_at >= self._patience

    def worked(self) -> None:
        """The work ended, now; what it took does not count."""
        self._worked_at = self._clock()
        self._note()

    def _note(self) -> None:
        self._looked_at, self._used_before = self._clock(), self._used()
