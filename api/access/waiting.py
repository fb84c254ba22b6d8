"""Tasks that wait, in the order in which they came; those that take turns are taken together."""

from collections import deque
from collections.abc import Generator, Iterable
from typing import Final, NamedTuple

Task = Generator[None, None, None]
"""Work step by step, which must not raise. One that takes no turns has one step."""
_ROUND: Final = 16
"""Tasks, at most, that take turns: measured, docs/decisions/0025."""


class Numbered(NamedTuple):
    """A task, and its number in the order in which all came."""

    number: int
    task: Task


class Waiting:
    """A queue for those that take turns, one for the others."""

    def __init__(self) -> None:
        self._alone: Final[deque[Numbered]] = deque()
        self._turns: Final[deque[Numbered]] = deque()
        self._came = 0
        self._parted = 0

    def __bool__(self) -> bool:
        return bool(self._alone or self._turns)

    def put(self, task: Task, takes_turns: bool) -> None:
        """Add a task."""
        queue = self._turns if takes_turns else self._alone
        queue.append(Numbered(self._came, task))
        self._came += 1

    def put_back(self, tasks: Iterable[Numbered]) -> None:
        """Take those that were taken to take turns before all others."""
        self._turns.extendleft(sorted(tasks, reverse=True))

    def part(self) -> None:
        """Who comes from now on is not taken together with those who wait already."""
        self._parted = self._came

    def has_any(self, alone: bool) -> bool:
        """Whether any wait; of those that take no turns, if ``alone``."""
        return bool(self._alone) if alone else bool(self)

    def taken(self, alone: bool) -> tuple[list[Numbered], bool]:
        """The task that came first, and whether it takes turns; then those with it that do too.

        Of many that wait, as many are left for each of the following rounds. Whoever asks again at
        once is not taken with those before whom he was served: they would wait for him, too.
        """
        if alone or not self._turns or (self._alone and self._alone[0] < self._turns[0]):
            return [self._alone.popleft()], False
        together = sum(task.number < self._parted for task in self._turns) or len(self._turns)
        rounds = -(-together // _ROUND)
        size = -(-together // rounds)
        return [self._turns.popleft() for _ in range(size)], True
