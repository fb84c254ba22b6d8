"""Whose turn it is to take a new connection: that of the process that has the fewest.

Users keep their connections, so those of a process with four times as many wait four times as long.
"""

import socket
import time
from pathlib import Path
from typing import Final
from weakref import WeakSet

_PREFIX: Final = "connections-"
Told = tuple[int, int]
"""How many connections are open, and when the latest was taken."""


class Turns:
    """How many connections each process has, told to the others in a file of one line.

    Of those that have the fewest it is the turn of the one that has waited longest.
    """

    def __init__(self, shared: Path, name: str) -> None:
        self._shared = shared
        self._mine = shared / f"{_PREFIX}{name}"
        self._open: WeakSet[socket.socket] = WeakSet()
        self._latest = 0
        self.tell()

    @property
    def count(self) -> int:
        """Connections that are open."""
        return sum(connection.fileno() >= 0 for connection in self._open)

    def take(self, connection: socket.socket) -> None:
        """Count a connection, for as long as it is open."""
        self._open.add(connection)
        self._latest = time.monotonic_ns()  # one clock for all processes
        self.tell()

    def tell(self) -> Told:
        """Count again, and tell the others."""
        told = self.count, self._latest
        self._mine.write_text(f"{told[0]} {told[1]}", "ascii")
        return told

    def is_ours(self) -> bool:
        """Whether it is our turn, as far as is known here."""
        mine = self.tell()
        others = (_told(file) for file in self._shared.glob(f"{_PREFIX}*") if file != self._mine)
        return all(other is None or mine <= other for other in others)


def _told(file: Path) -> Told | None:
    """What a process told, unless it is ending, or just about to write."""
    try:
        count, latest = file.read_text("ascii").split()
    except (OSError, ValueError):
        return None
    return int(count), int(latest)
