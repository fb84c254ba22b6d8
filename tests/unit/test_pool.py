"""Whose turn it is: short work two at a time, long work in nobody's way, nothing forgotten."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import pytest

from api.access.pool import Threads
from api.access.waiting import Task, Waiting

_SOON: Final = 0.02
"""The patience of the threads here."""
_NEVER: Final = 60.0
_LATE: Final = 5.0
"""What has not happened after so many seconds does not."""


def once(call: Callable[[], object]) -> Task:
    """A task of one step."""
    call()
    return
    yield


class Work:
    """A step that begins, and ends when it may."""

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
        threads.take(once(work))
    assert works[0].began.wait(_LATE)
    assert works[1].began.wait(_LATE)
    assert not works[2].began.wait(5 * _SOON)
    works[1].may_end.set()
    assert works[2].began.wait(_LATE)
    assert not works[3].began.is_set()


def test_long_work_is_in_nobodys_way(works: list[Work]) -> None:
    threads = Threads(40, 2, _SOON)
    for work in works:
        threads.take(once(work))
    assert all(work.began.wait(_LATE) for work in works)
    assert len({work.thread for work in works}) == len(works)


def test_who_began_long_ago_is_in_nobodys_way_at_once(
    works: list[Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = Threads(40, 1, _NEVER)
    threads.take(once(works[0]))
    assert works[0].began.wait(_LATE)
    now = time.monotonic() + 2 * _NEVER
    monkeypatch.setattr("api.access.pool.monotonic", lambda: now)
    threads.take(once(works[1]))
    assert works[1].began.wait(_LATE)
    threads.take(once(works[2]))
    assert not works[2].began.wait(5 * _SOON)


def test_there_are_no_more_threads_than_allowed(works: list[Work]) -> None:
    threads = Threads(3, 2, _SOON)
    for work in works:
        threads.take(once(work))
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
        threads.take(once(work))
        assert work.began.wait(_LATE)
        used.add(work.thread)
    assert len(used) <= 3  # two at work, and one that waits for its turn


def test_first_come_is_first_served() -> None:
    threads, done = Threads(40, 1, _NEVER), threading.Event()
    order: list[int] = []
    gate = Work()
    threads.take(once(gate))
    for number in range(50):
        threads.take(once(partial(order.append, number)))
    threads.take(once(done.set))
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
            threads.take(once(partial(work, seconds)))
            time.sleep(chance.choice((0.0, 0.0, 0.001)))

    bringers = [threading.Thread(target=bring) for _ in range(4)]
    for bringer in bringers:
        bringer.start()
    assert all(left.acquire(timeout=_LATE) for _ in range(count))


def steps(name: str, count: int, told: list[str], last: Callable[[], object]) -> Task:
    """A task that tells of each of its steps."""
    for number in range(count):
        told.append(f"{name}{number}")
        if number + 1 == count:
            last()
        else:
            yield


def test_those_that_take_turns_take_them() -> None:
    threads, gate, told, left = Threads(40, 1, _NEVER), Work(), list[str](), threading.Semaphore(0)
    threads.take(once(gate))
    assert gate.began.wait(_LATE)
    for name, count in ("a", 3), ("b", 1), ("c", 2):
        threads.take(steps(name, count, told, left.release), takes_turns=True)
    gate.may_end.set()
    assert all(left.acquire(timeout=_LATE) for _ in range(3))
    assert told == ["a0", "b0", "c0", "a1", "c1", "a2"]


def test_who_takes_no_turns_is_done_in_one_go_in_the_order_of_coming() -> None:
    threads, gate, told, left = Threads(40, 1, _NEVER), Work(), list[str](), threading.Semaphore(0)
    threads.take(once(gate))
    assert gate.began.wait(_LATE)
    for name, takes_turns in ("a", False), ("b", True), ("c", False), ("d", True):
        threads.take(steps(name, 2, told, left.release), takes_turns)
    gate.may_end.set()
    assert all(left.acquire(timeout=_LATE) for _ in range(4))
    assert told == ["a0", "a1", "b0", "d0", "b1", "d1", "c0", "c1"]


def test_there_is_one_round_at_a_time_and_others_beside_it(works: list[Work]) -> None:
    threads = Threads(40, 2, _NEVER)
    threads.take(once(works[0]), takes_turns=True)
    assert works[0].began.wait(_LATE)
    threads.take(once(works[1]), takes_turns=True)
    threads.take(once(works[2]))
    assert works[2].began.wait(_LATE)
    works[2].may_end.set()
    assert not works[1].began.wait(5 * _SOON)
    works[0].may_end.set()
    assert works[1].began.wait(_LATE)


def test_a_round_of_short_steps_is_not_long(works: list[Work]) -> None:
    threads, done = Threads(40, 1, 25 * _SOON), threading.Event()

    def short() -> Task:
        for _ in range(30):
            time.sleep(_SOON)
            yield
        done.set()

    threads.take(short(), takes_turns=True)
    threads.take(once(works[0]))
    assert works[0].began.wait(_LATE)
    assert done.is_set()


def test_others_go_on_with_a_round_in_which_one_is_stuck(works: list[Work]) -> None:
    threads, told, left = Threads(40, 1, _SOON), list[str](), threading.Semaphore(0)

    def stuck() -> Task:
        works[1]()
        yield
        told.append("stuck")
        left.release()

    threads.take(once(works[0]))
    assert works[0].began.wait(_LATE)
    threads.take(stuck(), takes_turns=True)
    for name in "ab":
        threads.take(steps(name, 2, told, left.release), takes_turns=True)
    works[0].may_end.set()
    assert works[1].began.wait(_LATE)
    assert all(left.acquire(timeout=_LATE) for _ in range(2))
    assert told == ["a0", "b0", "a1", "b1"]
    works[1].may_end.set()
    assert left.acquire(timeout=_LATE)
    assert told[4:] == ["stuck"]


@pytest.mark.parametrize(
    ("waiting", "rounds"),
    [(1, [1]), (16, [16]), (17, [9, 8]), (25, [13, 12]), (40, [14, 13, 13])],
)
def test_many_that_wait_are_shared_among_rounds(waiting: int, rounds: list[int]) -> None:
    queue, taken = Waiting(), []
    for _ in range(waiting):
        queue.put(once(str), takes_turns=True)
    while queue:
        tasks, takes_turns = queue.taken(alone=False)
        assert takes_turns
        taken.append(len(tasks))
    assert taken == rounds


def test_who_comes_when_some_have_been_served_is_not_taken_with_those_before_him() -> None:
    queue = Waiting()
    for _ in range(5):
        queue.put(once(str), takes_turns=True)
    queue.part()
    for _ in range(3):
        queue.put(once(str), takes_turns=True)
    assert [len(queue.taken(alone=False)[0]) for _ in range(2)] == [5, 3]


def test_who_comes_before_any_of_a_round_is_done_is_in_the_next_the_others_behind() -> None:
    threads, gate, told, left = Threads(40, 1, _NEVER), Work(), list[str](), threading.Semaphore(0)

    def bring(name: str) -> None:
        threads.take(steps(name, 2, told, left.release), takes_turns=True)

    def bringing(first: str, then: str) -> Task:
        bring(first)
        yield
        bring(then)

    threads.take(once(gate))
    assert gate.began.wait(_LATE)
    threads.take(bringing("a", "c"), takes_turns=True)
    threads.take(once(partial(bring, "b")), takes_turns=True)
    gate.may_end.set()
    assert all(left.acquire(timeout=_LATE) for _ in range(3))
    assert told == ["a0", "b0", "a1", "b1", "c0", "c1"]
