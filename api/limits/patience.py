"""How long: a request that takes longer than it may is answered all the same."""

import asyncio
import logging
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Refusal
from api.limits.bodies import UPLOADS
from api.limits.refusing import refuse
from api.policy import Policy

_log: Final = logging.getLogger(__name__)


class Patience:
    """ASGI middleware.

    The time runs until the answer begins; a long download is not cut off, and files that are
    uploaded have no limit but the pace of their arrival. Threads cannot be stopped: work that was
    given up goes on to its end unseen, and keeps its place among those at work until then.
    """

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._seconds = policy.request_timeout
        self._at_work: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with 503 what takes too long."""
        if scope["type"] != "http" or scope["path"].startswith(UPLOADS):
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        timer = loop.call_later(self._seconds, _end, over)

        async def send_in_time(message: Message) -> None:
            if not over.done():
                timer.cancel()
                await send(message)

        async def begun() -> None:
            try:
                await self._app(scope, receive, send_in_time)
            finally:
                _end(over)

        work = loop.create_task(begun())
        try:
            await over
        except asyncio.CancelledError:
            work.cancel()  # the server is stopping
            raise
        finally:
            timer.cancel()
        if work.done():
            work.result()
            return
        self._at_work.add(work)  # the loop alone does not keep it alive
        work.add_done_callback(self._at_work.discard)
        work.add_done_callback(_told)
        error = Refusal(503, "处理时间过长，已停止等待，请稍后再试。", {"Retry-After": "5"})
        await refuse(scope, receive, send, "timeout", error)


def _end(over: "asyncio.Future[None]") -> None:
    if not over.done():
        over.set_result(None)


def _told(work: "asyncio.Task[None]") -> None:
    """Nobody waits for this any more: what went wrong is only in the log."""
    if not work.cancelled() and (error := work.exception()):
        _log.error("failed after its time was up", exc_info=error)
