"""HTTP as the server speaks it: uvicorn's fast protocol, with bounds that its parser has not."""

from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD: Final = 64 * 1024
"""Bytes of a head; as much more may have arrived before it is refused."""


class Protocol(HttpToolsProtocol):
    """A head cannot grow without end, and what follows a body is no part of it.

    The parser hands over trailers as if they were headers; what a proxy says of a client in its
    headers must not be said by the client in a trailer.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        super().__init__(*args, **options)
        self._reads_head = False
        self._head = 0

    def data_received(self, data: bytes) -> None:
        """Parse what came, and refuse a head without end."""
        super().data_received(data)
        self._head = self._head + len(data) if self._reads_head else 0
        if self._head > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("Request head too long.")

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
        self._reads_head = False
        super().on_headers_complete()
