"""Work in threads: what it gives, what it raises, what it knows, and how much of it at once."""

import asyncio
import threading
from contextvars import ContextVar
from typing import Final

import pytest

from api.access.threads import Threads, at_once, in_thread, threaded

_BOUND: Final[ContextVar[str]] = ContextVar("bound")


def divided(number: int, by: int = 1) -> tuple[float, str]:
    return number / by, threading.current_thread().name


def test_work_is_done_in_a_thread_of_its_own() -> None:
    assert asyncio.run(in_thread(at_once(divided), 6, by=3)) == (2.0, "request")
    assert asyncio.run(threaded(divided)(6, by=3)) == (2.0, "request")
    assert threaded(divided).__name__ == "divided"


def test_what_it_raises_is_raised_where_it_is_awaited() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_thread(at_once(divided), 6, by=0))


def test_it_knows_what_was_bound_and_binds_nothing_outside() -> None:
    def known() -> str:
        before = _BOUND.get()
        _BOUND.set("inside")
        return before

    async def asked() -> tuple[str, str]:
        _BOUND.set("outside")
        return await threaded(known)(), _BOUND.get()

    assert asyncio.run(asked()) == ("outside", "outside")


def test_work_that_would_wait_is_an_error_and_not_left_hanging() -> None:
    async def waiting() -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="wait"):
        asyncio.run(in_thread(waiting))


def test_work_outlives_whoever_waited_for_it() -> None:
    gone, ended = threading.Event(), threading.Event()

    def work() -> None:
        gone.wait(5)
        ended.set()

    async def impatient() -> None:
        await asyncio.wait_for(threaded(work)(), 0.01)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    gone.set()  # its loop is closed by now
    assert ended.wait(5)


def test_there_are_as_many_threads_as_work_at_once_and_no_more_than_allowed() -> None:
    threads, started, go = Threads(2), threading.Semaphore(0), threading.Event()
    seen: set[int] = set()

    def work() -> None:
        seen.add(threading.get_ident())
        started.release()
        go.wait(5)

    for _ in range(3):
        threads.take(work)
    assert started.acquire(timeout=5)
    assert started.acquire(timeout=5)
    assert not started.acquire(timeout=0.05)  # the third waits for one of the two
    go.set()
    assert started.acquire(timeout=5)
    assert len(seen) == 2
