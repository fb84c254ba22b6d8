"""Whose turn it is: short work two at a time, long work in nobody's way, nothing forgotten."""

import random
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Final

import pytest

from api.access.pool import Threads

_SOON: Final = 0.02
"""The patience of the threads here."""
_NEVER: Final = 60.0
_LATE: Final = 5.0
"""What has not happened after so many seconds does not."""


class Work:
    """Begins, and ends when it may."""

    def __init__(self) -> None:
        self.began, self.may_end, self.thread = threading.Event(), threading.Event(), 0

    def __call__(self) -> None:
        self.thread = threading.get_ident()
        self.began.set()
        self.may_end.wait(_LATE)


@pytest.fixture
def works() -> Iterator[list[Work]]:
    made = [Work() for _ in range(8)]
    yield made
    for work in made:
        work.may_end.set()


def test_short_work_waits_for_its_turn(works: list[Work]) -> None:
    threads = Threads(40, 2, _NEVER)
    for work in works[:4]:
        threads.take(work)
    assert works[0].began.wait(_LATE)
    assert works[1].began.wait(_LATE)
    assert not works[2].began.wait(5 * _SOON)
    works[1].may_end.set()
    assert works[2].began.wait(_LATE)
    assert not works[3].began.is_set()


def test_long_work_is_in_nobodys_way(works: list[Work]) -> None:
    threads = Threads(40, 2, _SOON)
    for work in works:
        threads.take(work)
    assert all(work.began.wait(_LATE) for work in works)
    assert len({work.thread for work in works}) == len(works)


def test_who_began_long_ago_is_in_nobodys_way_at_once(
    works: list[Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = Threads(40, 1, _NEVER)
    threads.take(works[0])
    assert works[0].began.wait(_LATE)
    now = time.monotonic() + 2 * _NEVER
    monkeypatch.setattr("api.access.pool.monotonic", lambda: now)
    threads.take(works[1])
    assert works[1].began.wait(_LATE)
    threads.take(works[2])
    assert not works[2].began.wait(5 * _SOON)


def test_there_are_no_more_threads_than_allowed(works: list[Work]) -> None:
    threads = Threads(3, 2, _SOON)
    for work in works:
        threads.take(work)
    assert all(work.began.wait(_LATE) for work in works[:3])
    assert not works[3].began.wait(5 * _SOON)
    for work in works:
        work.may_end.set()
    assert all(work.began.wait(_LATE) for work in works)
    assert len({work.thread for work in works}) == 3


def test_a_thread_serves_again(works: list[Work]) -> None:
    threads, used = Threads(40, 2, _NEVER), set()
    for work in works:
        work.may_end.set()
        threads.take(work)
        assert work.began.wait(_LATE)
        used.add(work.thread)
    assert len(used) <= 3  # two at work, and one that waits for its turn


def test_first_come_is_first_served() -> None:
    threads, done = Threads(40, 1, _NEVER), threading.Event()
    order: list[int] = []
    gate = Work()
    threads.take(gate)
    for number in range(50):
        threads.take(partial(order.append, number))
    threads.take(done.set)
    gate.may_end.set()
    assert done.wait(_LATE)
    assert order == list(range(50))


@pytest.mark.parametrize("seed", range(5))
def test_all_that_is_taken_is_done(seed: int) -> None:
    chance, threads = random.Random(seed), Threads(5, 2, 0.002)
    count, left = 400, threading.Semaphore(0)

    def work(seconds: float) -> None:
        time.sleep(seconds)
        left.release()

    def bring() -> None:
        for _ in range(count // 4):
            seconds = chance.choice((0.0, 0.0, 0.0, 0.0005, 0.005))
            threads.take(partial(work, seconds))
            time.sleep(chance.choice((0.0, 0.0, 0.001)))

    bringers = [threading.Thread(target=bring) for _ in range(4)]
    for bringer in bringers:
        bringer.start()
    assert all(left.acquire(timeout=_LATE) for _ in range(count))
