"""How several processes take connections from one socket: in turns.

Without them, whoever wakes up first would take all that wait there.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any, Final

import uvloop

from api.cli.turns import Turns
from api.observability.processes import folder

_GLANCE: Final = 0.004
_LONGEST: Final = 0.1
"""Seconds between two looks whose turn it is, and until one that is not our turn is taken."""
_EXHAUSTED: Final = 1.0
"""Seconds until the next attempt when the system has no more connections to give."""
Protocols = Callable[[], asyncio.BaseProtocol]


class SharingLoop(uvloop.Loop):
    """An event loop whose servers take connections in turns with those of other processes."""

    async def create_server(  # type: ignore[override]
        self,
        protocol_factory: Protocols,
        *,
        sock: socket.socket,
        backlog: int,
        **_options: Any,  # noqa: ANN401 - as asyncio has it
    ) -> "Door":
        """As asyncio's, for a socket on which others listen too. Ours never speak TLS."""
        sock.listen(backlog)
        sock.setblocking(False)
        door = Door(self, sock, protocol_factory, Turns(folder(), str(os.getpid())))
        door.open()
        return door


class Door:
    """Lets in one connection after another; as much of a server as uvicorn asks for."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listener: socket.socket,
        protocol_factory: Protocols,
        turns: Turns,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._protocol_factory = protocol_factory
        self._turns = turns
        self._greeted: set[asyncio.Task[Any]] = set()
        self._is_open = False

    def open(self) -> None:
        """Look for connections from now on."""
        self._is_open = True
        self._watch()

    def close(self) -> None:
        """Look for connections no more; the listener is closed too."""
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._listener)
            self._listener.close()

    async def wait_closed(self) -> None:
        """That is done at once: connections are the protocol's."""

    def _watch(self) -> None:
        if self._is_open:
            self._loop.add_reader(self._listener, self._knocked)

    def _knocked(self) -> None:
        self._loop.remove_reader(self._listener)
        self._consider(_LONGEST)

    def _consider(self, left: float) -> None:
        """Leave who waits to others, unless it is our turn or they do not come."""
        if left > 0 and self._is_open and not self._turns.is_ours():
            self._loop.call_later(_GLANCE, self._consider, left - _GLANCE)
        elif self._is_open and not self._let_in():
            self._loop.call_later(_EXHAUSTED, self._watch)
        else:
            self._watch()

    def _let_in(self) -> bool:
        """Take one connection, if one still waits; False if the system has none to give."""
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return True  # another process was faster, or the caller has left
        except OSError:
            return False
        self._turns.take(connection)
        self._greet(connection)
        return True

    def _greet(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        greeting = self._loop.connect_accepted_socket(self._protocol_factory, connection)
        task = self._loop.create_task(greeting)
        self._greeted.add(task)  # the loop alone does not keep it alive
        task.add_done_callback(self._greeted.discard)
