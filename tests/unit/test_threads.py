"""Work in threads: what it gives, what it raises, and what it knows."""

import asyncio
import threading
from contextvars import ContextVar
from typing import Final

import pytest

from api.access.threads import at_once, in_thread, in_turns, threaded
from matcher.steps import Steps

_BOUND: Final[ContextVar[str]] = ContextVar("bound")


def divided(number: int, by: int = 1) -> tuple[float, str]:
    return number / by, threading.current_thread().name


def test_work_is_done_in_a_thread_of_its_own() -> None:
    assert asyncio.run(in_thread(at_once(divided)(6, by=3))) == (2.0, "request")
    assert asyncio.run(threaded(divided)(6, by=3)) == (2.0, "request")
    assert threaded(divided).__name__ == "divided"


def test_what_it_raises_is_raised_where_it_is_awaited() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_thread(at_once(divided)(6, by=0)))


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
    async def asked() -> None:
        never = asyncio.get_running_loop().create_future()

        async def waiting() -> None:
            await never

        await in_thread(waiting())

    with pytest.raises(RuntimeError, match="wait"):
        asyncio.run(asked())


def test_those_that_take_turns_each_know_what_is_bound_for_them_and_fail_alone() -> None:
    told: list[str] = []

    def counted(to: int) -> Steps[float]:
        for number in range(1, to):
            told.append(f"{_BOUND.get()}{number}")
            yield
        return 6 / (to - 3)

    async def bound(name: str, to: int) -> float:
        _BOUND.set(name)
        return await in_thread(in_turns(counted(to)), takes_turns=True)

    async def asked() -> list[float | BaseException]:
        gate = threading.Event()
        first = asyncio.create_task(in_thread(at_once(gate.wait)(5), takes_turns=True))
        tasks = [asyncio.create_task(bound(*one)) for one in (("a", 2), ("b", 3), ("c", 4))]
        await asyncio.sleep(0)
        gate.set()
        return (await asyncio.gather(first, *tasks, return_exceptions=True))[1:]

    a, b, c = asyncio.run(asked())
    assert (a, c) == (-6.0, 6.0)
    assert isinstance(b, ZeroDivisionError)
    assert told == ["a1", "b1", "c1", "b2", "c2", "c3"]


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
