"""HTTP as the server speaks it: uvicorn's fast protocol, with bounds that its parser has not."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.cli.joining import Joined
from api.limits.bodies import WHOLE

LONGEST_HEAD: Final = 64 * 1024
"""Bytes of a head, or of what follows a body; what arrives together is looked at together."""


class Protocol(HttpToolsProtocol):
    """A head cannot grow without end, and what follows a body is no part of it.

    The parser hands over trailers as if they were headers; what a proxy says of a client in its
    headers must not be said by the client in a trailer.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        super().__init__(*args, **options)
        self._reads_head = False
        self._unfinished = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there."""
        super().connection_made(transport)
        self._answers: Any = Joined(transport, self.loop)

    def data_received(self, data: bytes) -> None:
        """Parse what came, and refuse what finds no end."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished <= LONGEST_HEAD or self.transport.is_closing():
            return
        if self._reads_head:
            self.send_400_response("Request head too long.")
        else:  # perhaps in the middle of an answer
            self.transport.abort()

    def on_message_begin(self) -> None:
        """The first line has begun."""
        self._reads_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer."""
        if self._reads_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body follows, if there is one."""
        self._reads_head, self._unfinished = False, 0
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = self._answers

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """That was all of the request."""
        self._unfinished = 0
        self.scope[WHOLE] = True  # type: ignore[typeddict-unknown-key]
        super().on_message_complete()
