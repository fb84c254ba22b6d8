"""What a server writes at once leaves at once: a head together with its body."""

import asyncio


class Joined:
    """As much of a transport as answers need; every second piece takes the one before with it.

    The loop's own transports send each piece as it comes, and every sending takes as long as a
    thousand lines of Python: the system delivers it, and wakes who waits for it.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def write(self, piece: bytes) -> None:
        """Send it with the next one, or alone if none follows before something else is done."""
        held, self._held = self._held, None
        if held is not None:
            self._transport.writelines((held, piece))
        else:
            self._held = piece
            self._loop.call_soon(self._send)

    def close(self) -> None:
        """Send what there is, and no more after it."""
        self._send()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether nothing more is sent."""
        return self._transport.is_closing()

    def _send(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._transport.write(held)
