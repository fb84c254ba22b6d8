"""Threads for work that is mostly short: few at once, the others wait for their turn."""

from collections import deque
from dataclasses import dataclass
from threading import Condition, Thread, get_ident
from time import monotonic
from typing import Final

from api.access.waiting import Numbered, Task, Waiting


@dataclass(slots=True)
class _Work:
    """What a thread is at, since when; behind the step at hand come those of ``tasks``."""

    is_round: bool
    tasks: deque[Numbered]
    began: float = 0.0
    has_ended_any: bool = False

    def next(self) -> Numbered:
        self.began = monotonic()
        return self.tasks.popleft()


class Threads:
    """At most so many threads, of which so many do short work at once, first come, first served.

    What takes turns is done in a round, one at a time: a step of each of several tasks, then the
    next of each. A step, or a task that takes no turns, that takes longer than ``patience``
    (seconds) goes on, but not in the way of the others, and others go on with its round.
    A thread waits for work, or for its turn; one at least does while work waits, if there may be
    one more. They do not keep the process from ending, whatever they are at.
    """

    def __init__(self, most: int, together: int, patience: float) -> None:
        self._changed: Final = Condition()
        self._waiting: Final = Waiting()
        self._at_work: dict[int, _Work] = {}  # that is short, by thread
        self._together, self._patience = together, patience
        self._unstarted, self._idle, self._watching = most, 0, 0

    def take(self, task: Task, takes_turns: bool = False) -> None:
        """Have this done as soon as it is its turn."""
        with self._changed:
            self._waiting.put(task, takes_turns)
            self._see_to_it()

    def _see_to_it(self) -> None:
        """Somebody takes what waits, or watches until he can."""
        if self._watching and not self._may_begin():
            return
        if self._idle:
            self._changed.notify()
        elif self._unstarted:
            self._unstarted -= 1
            Thread(target=self._work, name="request", daemon=True).start()

    def _work(self) -> None:
        unfinished = None
        while True:
            at_hand = self._next(unfinished)
            unfinished = at_hand if _goes_on(at_hand.task) else None
            del at_hand  # what is done keeps nothing alive while others are waited for

    def _next(self, unfinished: Numbered | None) -> Numbered:
        """What this thread does now; of the last task there may be more to do."""
        with self._changed:
            work = self._at_work.get(get_ident())
            if unfinished and work:
                work.tasks.append(unfinished)
            elif unfinished:  # its step was long
                self._waiting.put_back([unfinished])
            elif work and work.is_round and not work.has_ended_any:
                work.has_ended_any = True
                self._waiting.part()
            return work.next() if work and work.tasks else self._begin()

    def _begin(self) -> Numbered:
        self._at_work.pop(get_ident(), None)
        self._forget_long_work()
        while not self._may_begin():
            self._wait()
            self._forget_long_work()
        tasks, is_round = self._waiting.taken(self._is_round_under_way)
        work = self._at_work[get_ident()] = _Work(is_round, deque(tasks))
        if self._waiting or len(work.tasks) > 1:
            self._see_to_it()
        return work.next()

    @property
    def _is_round_under_way(self) -> bool:
        return any(work.is_round for work in self._at_work.values())

    def _may_begin(self) -> bool:
        if len(self._at_work) >= self._together:
            return False
        return self._waiting.has_any(self._is_round_under_way)

    def _forget_long_work(self) -> None:
        if self._at_work and not self._may_begin():
            long = monotonic() - self._patience
            for thread, work in list(self._at_work.items()):
                if work.began <= long:
                    del self._at_work[thread]
                    self._waiting.put_back(work.tasks)

    def _wait(self) -> None:
        watches = bool(self._waiting or self._is_round_under_way)
        self._idle += 1
        self._watching += watches
        self._changed.wait(self._patience if watches else None)
        self._watching -= watches
        self._idle -= 1


def _goes_on(task: Task) -> bool:
    """Do a step; whether there are more."""
    for _ in task:
        return True
    return False
