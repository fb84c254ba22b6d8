"""Requests are answered in threads, each in one: the event loop is for those who wait."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from api.access.pool import Threads

P = ParamSpec("P")
T = TypeVar("T")
_MOST: Final = 40
"""More than may be at work: who watches over the service is answered however busy it is."""
_TOGETHER: Final = 2
"""Of one interpreter: more would wait for its lock, and each find the caches full of others."""
_SHORT: Final = 0.1
"""Seconds after which work is long, and nobody waits for it any more."""


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


_threads: Final = Threads(_MOST, _TOGETHER, _SHORT)
"""How many at once: some are at work, some wait a little, the others are told to come back."""
