"""Which of several processes takes a new connection: one that has the fewest.

All of them listen on one socket, and whoever wakes up first would take whatever waits there. Users
keep their connections, so those of a process with four times as many wait four times as long.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

import uvloop

from api.observability.processes import folder

_PREFIX: Final = "connections-"
_GLANCE: Final = 0.004
_LONGEST: Final = 0.1
"""Seconds between two looks whose turn it is, and until one that is not our turn is taken."""
_EXHAUSTED: Final = 1.0
"""Seconds until the next attempt when the system has no more connections to give."""
Protocols = Callable[[], asyncio.BaseProtocol]


class Turns:
    """How many connections each process has, told to the others in a file of one line."""

    def __init__(self, shared: Path, name: str) -> None:
        self._shared = shared
        self._mine = shared / f"{_PREFIX}{name}"
        self._open: WeakSet[socket.socket] = WeakSet()
        self.tell()

    def take(self, connection: socket.socket) -> None:
        """Count a connection, for as long as it is open."""
        self._open.add(connection)
        self.tell()

    def tell(self) -> int:
        """Count again, and tell the others."""
        count = sum(connection.fileno() >= 0 for connection in self._open)
        self._mine.write_text(f"{count}\n", "ascii")
        return count

    def is_ours(self) -> bool:
        """Whether no other process has fewer connections, as far as is known here."""
        return self.tell() <= min(map(_told, self._shared.glob(f"{_PREFIX}*")))


def _told(file: Path) -> float:
    """What a process told; it may be ending, or just about to write."""
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return float("inf")


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


class Door(asyncio.AbstractServer):
    """Lets in one connection after another."""

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
