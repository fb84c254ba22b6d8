"""New connections go to the process that has the fewest."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import cast

import pytest

from api.cli.accepting import Door, SharingLoop
from api.cli.turns import Turns
from api.observability.processes import VARIABLE, forget, share

PATIENCE = 20.0


class Echo(asyncio.Protocol):
    """Sends back what came."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        yield found


@contextmanager
def serving(listener: socket.socket, folder: Path, name: str) -> Iterator[Turns]:
    """As one of several processes does, but in a thread."""
    loop, turns = SharingLoop(), Turns(folder, name)
    own = listener.dup()
    own.setblocking(False)
    door = Door(loop, own, Echo, turns)
    loop.call_soon(door.open)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield turns
    finally:
        loop.call_soon_threadsafe(door.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


@contextmanager
def connected(listener: socket.socket, count: int) -> Iterator[None]:
    """Clients that have all been answered."""
    with ExitStack() as held:
        for _ in range(count):
            address = listener.getsockname()
            client = held.enter_context(socket.create_connection(address, PATIENCE))
            client.sendall(b"x")
            assert client.recv(1) == b"x"
        yield


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def test_two_processes_share_connections_evenly(listener: socket.socket, tmp_path: Path) -> None:
    with serving(listener, tmp_path, "a") as one, serving(listener, tmp_path, "b") as other:
        with connected(listener, 30):
            assert one.count + other.count == 30
            assert abs(one.count - other.count) <= 6  # 0 where each gets its time
        wait_until(lambda: not one.count and not other.count)


def test_who_waits_for_a_process_that_does_not_come_is_let_in_all_the_same(
    listener: socket.socket, tmp_path: Path
) -> None:
    Turns(tmp_path, "hung")
    with serving(listener, tmp_path, "a") as busy:
        with connected(listener, 2):
            assert busy.count == 2
        wait_until(lambda: not busy.count)


def test_it_is_the_turn_of_whoever_has_the_fewest(tmp_path: Path) -> None:
    one, other = Turns(tmp_path, "a"), Turns(tmp_path, "b")
    assert one.is_ours()
    assert other.is_ours()
    with socket.socket() as connection:
        one.take(connection)
        assert not one.is_ours()
        assert other.is_ours()
        with socket.socket() as another, socket.socket() as third:
            other.take(another)
            other.take(third)
            assert one.is_ours()
            assert not other.is_ours()


def test_of_those_that_have_as_many_the_one_that_waited_longest_comes_first(tmp_path: Path) -> None:
    one, other = Turns(tmp_path, "a"), Turns(tmp_path, "b")
    for first, second in ((one, other), (other, one)):
        with socket.socket() as connection:
            first.take(connection)
        assert not first.is_ours()
        assert first.count == 0, "a connection that was closed still counts"
        assert second.is_ours()


def test_nobody_waits_for_the_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, os.devnull)  # is put back
    share(tmp_path)
    Turns(tmp_path, "77")
    mine = Turns(tmp_path, "78")
    with socket.socket() as connection:
        mine.take(connection)
        assert not mine.is_ours()
        forget(77)
        assert mine.is_ours()


def test_a_file_that_is_just_being_written_says_nothing(tmp_path: Path) -> None:
    mine = Turns(tmp_path, "a")
    (tmp_path / "connections-b").write_text("")
    with socket.socket() as connection:
        mine.take(connection)
        assert mine.is_ours()
