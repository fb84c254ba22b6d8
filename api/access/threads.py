"""Requests are answered in threads, each in one: the event loop is for those who wait."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from functools import wraps
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_MOST: Final = 40
"""More than may be at work: who watches over the service is answered however busy it is."""


def at_once(call: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """The same as a coroutine: what is none FastAPI gives to a thread, each time to another."""

    @wraps(call)
    async def called(*args: P.args, **values: P.kwargs) -> T:
        return call(*args, **values)

    return called


def threaded(call: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """The same as a coroutine that has it done in a thread."""

    @wraps(call)
    async def called(*args: P.args, **values: P.kwargs) -> T:
        return await in_thread(at_once(call), *args, **values)

    return called


async def in_thread(
    work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **values: P.kwargs
) -> T:
    """What a coroutine gives that never waits; it knows what is bound in this context."""
    loop = asyncio.get_running_loop()
    future, run = loop.create_future(), copy_context().run

    def task() -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            try:
                done = run(_driven, work(*args, **values))
            except BaseException as error:
                loop.call_soon_threadsafe(_fail, future, error)
            else:
                loop.call_soon_threadsafe(_finish, future, done)

    _threads.take(task)
    result: T = await future
    return result


def _driven(work: Coroutine[Any, Any, T]) -> T:
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("work in a thread cannot wait for the event loop")


def _finish(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


class Threads:
    """As many threads as were ever at work together, and no more than so many.

    They do not keep the process from ending, whatever they are at.
    """

    def __init__(self, most: int) -> None:
        self._tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = Semaphore(0)
        self._unstarted = Semaphore(most)

    def take(self, task: Callable[[], None]) -> None:
        """Have this done as soon as a thread is free; it must not raise."""
        self._tasks.put(task)
        if not self._idle.acquire(blocking=False) and self._unstarted.acquire(blocking=False):
            Thread(target=self._work, name="request", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._tasks.get()()
            self._idle.release()


_threads: Final = Threads(_MOST)
