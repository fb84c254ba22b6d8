"""Requests are answered in threads, each in one: the event loop is for those who wait."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, copy_context
from functools import wraps
from types import coroutine
from typing import Any, Final, ParamSpec, TypeVar

from api.access.pool import Threads
from matcher.steps import Steps

P = ParamSpec("P")
T = TypeVar("T")
_MOST: Final = 40
"""More than may be at work: who watches over the service is answered however busy it is."""
_TOGETHER: Final = 2
"""Of one interpreter: more would wait for its lock, and each find the caches full of others.
What takes turns counts as one."""
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
        return await in_thread(at_once(call)(*args, **values))

    return called


async def in_thread(work: Coroutine[Any, Any, T], takes_turns: bool = False) -> T:
    """What a coroutine gives that never waits; it knows what is bound in this context.

    If it ``takes_turns``, it may be left for others of that kind wherever it gives them a turn.
    """
    loop = asyncio.get_running_loop()
    future, context = loop.create_future(), copy_context()

    def task() -> Steps[None]:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            try:
                done = yield from _driven(work, context)
            except BaseException as error:
                loop.call_soon_threadsafe(_fail, future, error)
            else:
                loop.call_soon_threadsafe(_finish, future, done)

    _threads.take(task(), takes_turns)
    result: T = await future
    return result


def _driven(work: Coroutine[Any, Any, T], context: Context) -> Steps[T]:
    try:
        while context.run(work.send, None) is None:
            yield
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("work in a thread cannot wait for the event loop")


@coroutine
def in_turns(steps: Steps[T]) -> Steps[T]:
    """What steps give, to be awaited in a thread; others have their turns after each of them."""
    result = yield from steps
    yield
    return result


def _finish(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


_threads: Final = Threads(_MOST, _TOGETHER, _SHORT)
"""How many at once: some are at work, some wait a little, the others are told to come back."""
