"""Several server processes on one database: they agree, they are replaced, they end in order."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_workspace
from api.services.fitting import fit
from api.settings import Settings
from tests.databases import Folders
from tests.journey.kills import Writer, draft
from tests.journey.rounds import broker_key
from tests.journey.running import PATIENCE, Connection, Running

VISIBLE_WITHIN = 10.0  # seconds; one is the aim, which benchmarks/kills.py measures


@dataclass(frozen=True)
class Served:
    """A server with the settings of its data folder and the key of a broker."""

    server: Running
    settings: Settings
    key: str


@pytest.fixture
def key(data: Path, folders: Folders) -> str:
    return broker_key(folders.settings(data))


@pytest.fixture(scope="module")
def shared(
    prepared: Path, module_folders: Folders, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server for all tests after which it still serves."""
    data = module_folders.copy(prepared, tmp_path_factory.mktemp("workers") / "data")
    settings = module_folders.settings(data)
    key = broker_key(settings)
    with Running(module_folders.environment(data), workers=2) as running:
        yield Served(running, settings, key)


@pytest.fixture
def server(data: Path, folders: Folders, key: str) -> Iterator[Running]:
    with Running(folders.environment(data), workers=2) as running:
        yield running


@contextmanager
def both(server: Running, key: str) -> Iterator[list[Connection]]:
    """A connection to each of the two processes."""
    workers = server.workers()
    connections = [server.connect_to(worker, key) for worker in workers]
    yield connections
    for connection in connections:
        connection.close()


@contextmanager
def preparing(folders: Folders, folder: Path) -> Iterator[tuple[Running, int]]:
    """A server that has just begun to load demo data, and the process that does so."""
    environment = folders.environment(folder / "data")
    with Running(environment, 2, "--demo", wait=False) as server:
        assert server.process.stdout is not None
        assert "演示账号" in server.process.stdout.readline()
        [child] = server.children()
        yield server, child


def wait_until(holds: Callable[[], Any], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def matched(connection: Connection, text: str) -> dict[str, Any]:
    reply = connection.ask("POST", "/api/v1/matches", {"text": text, "k": 1})
    assert reply.status == 200, reply
    answer: dict[str, Any] = reply.json
    return answer


def titles(connection: Connection, text: str) -> list[str]:
    return [found["achievement"]["title"] for found in matched(connection, text)["pairings"]]


def is_gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def test_what_is_written_on_one_process_is_found_and_gone_on_the_other(
    shared: Served,
) -> None:
    body = draft("achievements")
    with both(shared.server, shared.key) as (one, other):
        made = one.ask("POST", "/api/v1/achievements", body).json
        assert titles(one, body["title"]) == [body["title"]]
        wait_until(lambda: titles(other, body["title"]) == [body["title"]], VISIBLE_WITHIN)
        assert one.ask("DELETE", f"/api/v1/achievements/{made['id']}").status == 204
        assert titles(other, body["title"]) != [body["title"]]  # not even for a moment


def test_a_process_that_died_is_started_again_while_the_other_serves(shared: Served) -> None:
    server, key = shared.server, shared.key
    dead, other = server.workers()
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: dead not in server.workers())
    with closing(server.connect_to(other, key)) as connection:
        assert connection.ask("GET", "/readyz").status == 200
    [new] = set(server.workers()) - {other}
    with closing(server.connect_to(new, key)) as connection:
        assert connection.ask("GET", "/readyz").status == 200


@pytest.mark.parametrize("how", ["told", "interrupted"])
def test_all_processes_end_in_order_and_one_of_them_saves_the_indexes(
    server: Running, data: Path, folders: Folders, key: str, how: str
) -> None:
    workers = server.workers()
    with both(server, key) as (one, other):
        for connection in (one, other):
            assert connection.ask("POST", "/api/v1/demands", draft("demands")).status == 201
    if how == "told":
        code = server.end(signal.SIGTERM)
    else:
        os.killpg(server.process.pid, signal.SIGINT)  # as a terminal does
        code = server.process.wait(PATIENCE)
    assert code in {0, 130}
    assert all(map(is_gone, workers))
    server.kill()
    assert "Traceback" not in "".join(server.errors)
    with closing(open_workspace(folders.settings(data))) as space:
        saved = data / "index" / space.registry.current() / "position.json"
        # Whoever saves first need not have heard of what the other was told last.
        assert json.loads(saved.read_bytes())["number"] >= space.store.changes.latest() - 1


def test_the_process_that_looks_after_the_others_has_loaded_nothing_large(shared: Served) -> None:
    shared.server.workers()
    mapped = Path(f"/proc/{shared.server.process.pid}/maps").read_text()
    assert "pydantic_core" in mapped
    assert "numpy" not in mapped


def test_all_threads_of_a_process_share_a_heap(shared: Served) -> None:
    for worker in shared.server.workers():
        given = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
        assert b"MALLOC_ARENA_MAX=1" in given


def test_what_cannot_be_prepared_is_told_once_with_its_exit_code(
    folders: Folders, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with Running(folders.environment(tmp_path / "file" / "data"), 2, wait=False) as server:
        assert server.process.wait(PATIENCE) == 6
    told = "".join(server.errors)
    assert told.count("错误：") == told.count("HONGNIANG_DATA") == 1
    assert "Traceback" not in told


@pytest.mark.parametrize("whom", ["terminal", "first"])
def test_a_server_that_is_interrupted_while_it_prepares_ends_in_order(
    folders: Folders, tmp_path: Path, whom: str
) -> None:
    with preparing(folders, tmp_path) as (server, child):
        if whom == "terminal":
            os.killpg(server.process.pid, signal.SIGINT)
        else:
            server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE) == 130
        assert is_gone(child)
    assert "Traceback" not in "".join(server.errors)


def test_a_preparation_that_is_killed_is_told_and_does_not_outlive_the_server(
    folders: Folders, tmp_path: Path
) -> None:
    with preparing(folders, tmp_path / "one") as (server, child):
        os.kill(child, signal.SIGKILL)
        assert server.process.wait(PATIENCE) == 6
    assert "意外退出" in "".join(server.errors)
    with preparing(folders, tmp_path / "other") as (server, child):
        server.process.kill()
        wait_until(lambda: is_gone(child))


def test_processes_whose_supervisor_was_killed_let_go_of_the_port(
    server: Running, key: str
) -> None:
    workers = server.workers()
    with both(server, key):  # both have started
        pass
    os.kill(server.process.pid, signal.SIGKILL)
    wait_until(lambda: all(map(is_gone, workers)))


def test_a_new_model_is_taken_up_and_rolled_back_while_requests_run(shared: Served) -> None:
    server, key = shared.server, shared.key
    ended, seen = threading.Event(), set()

    def ask(connection: Connection) -> None:
        while not ended.is_set():
            seen.add(matched(connection, "高氨氮废水")["model"])

    with both(server, key) as asked:
        before = matched(asked[0], "高氨氮废水")["model"]
        writer = Writer(server.connect(key), seed=1)
        askers = [threading.Thread(target=ask, args=(connection,)) for connection in asked]
        for thread in (writer, *askers):
            thread.start()
        try:
            with closing(open_workspace(shared.settings)) as space:
                new = fit(space)
                with both(server, key) as watched:  # the server ends those that wait for long
                    wait_until(lambda: {matched(c, "废水")["model"] for c in watched} == {new})
                    space.registry.roll_back()
                    wait_until(lambda: {matched(c, "废水")["model"] for c in watched} == {before})
        finally:
            ended.set()
            writer.ended.set()
            for thread in (writer, *askers):
                thread.join(PATIENCE)
    assert writer.books.unanswered == writer.books.refused == []
    assert writer.books.acknowledged > 0
    assert seen == {before, new}
