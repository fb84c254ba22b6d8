"""How many at once: some are at work, some wait a little, the others are told to come back."""

import asyncio
import re
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Refusal
from api.limits.refusing import refuse
from api.observability.requests import PROBES
from api.policy import Policy

_MATCHING: Final = re.compile("/api/v1/(?:[a-z]+/[^/]+/)?matches")


def takes_turns(path: str) -> bool:
    """Whether this address is answered by a route that takes turns with others of its kind."""
    return _MATCHING.fullmatch(path) is not None


class Overload:
    """ASGI middleware. Work that goes on after its time was up still counts as work.

    Matches, which are short, have places of their own, and more of them: they are worked on side
    by side, and slow pages and exports are not in their way.
    A place is free when the answer begins: who reads it slowly, or not at all, keeps none.
    """

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._places = asyncio.Semaphore(policy.max_active)
        self._matching = asyncio.Semaphore(policy.max_matching)
        self._most_waiting = policy.max_waiting
        self._patience = policy.max_wait
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 503 what cannot be begun soon; those who watch over us never."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        places = self._matching if takes_turns(scope["path"]) else self._places
        if not await self._entered(places):
            error = Refusal(503, "现在请求太多，请稍后再试。", {"Retry-After": "1"})
            await refuse(scope, receive, send, "overload", error)
            return
        place = _Place(places, send)
        try:
            await self._app(scope, receive, place.send)
        finally:
            place.leave()

    async def _entered(self, places: asyncio.Semaphore) -> bool:
        if not places.locked():
            return await places.acquire()  # at once: nobody is before us
        if self._waiting >= self._most_waiting:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                return await places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1


class _Place:
    """One place, given back once: when the answer begins, or the work ends without any."""

    def __init__(self, places: asyncio.Semaphore, send: Send) -> None:
        self._places = places
        self._send = send
        self._taken = True

    async def send(self, message: Message) -> None:
        self.leave()
        await self._send(message)

    def leave(self) -> None:
        if self._taken:
            self._taken = False
            self._places.release()
