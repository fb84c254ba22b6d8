"""Rounds of writing and killing on one data folder, and the check that nothing was lost."""

import os
import random
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from api.bootstrap import open_workspace
from api.security.roles import SYSTEM, Actor, Role
from api.services.accounts import add_account
from api.services.keys import add_key
from api.services.workspace import Workspace
from api.settings import Settings
from tests.journey.kills import Books, Known, Writer, added
from tests.journey.running import Connection, Running

WRITERS = 4
SAMPLE = 8
"""Records of a round that are asked for over HTTP; the database is asked for all."""


@dataclass
class Tally:
    """What all rounds together were told, and what of it was missing."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    records: dict[str, Known] = field(default_factory=dict)


class Rounds:
    """Kills one server after the other; each has to make up for what the one before left."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        workers: int,
        seed: int,
        key: str,
    ) -> None:
        self.tally = Tally()
        self._settings, self._environment, self._workers = settings, environment, workers
        self._random = random.Random(seed)
        self._key = key
        self._server = self._started()

    def close(self) -> None:
        self._server.kill()

    def play(self) -> None:
        """Write, kill, start again, and check all that was ever acknowledged."""
        books = self._written_until_killed()
        if self._random.random() < 0.2:
            self._kill_while_starting()
        self._server = self._started()
        for each in books:
            self.tally.acknowledged += each.acknowledged
            self.tally.records |= each.records
            assert not each.refused, each.refused[0]
        self._send_again(books)
        self._check_database()
        self._check_answers([id_ for each in books for id_ in each.records])

    def _written_until_killed(self) -> list[Books]:
        writers = [
            Writer(self._server.connect(self._key), self._random.getrandbits(32))
            for _ in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        time.sleep(self._random.uniform(0.05, 1.5))
        if self._workers > 1 and self._random.random() < 0.7:
            os.kill(self._random.choice(self._server.workers()), signal.SIGKILL)
            self.tally.kills += 1
            time.sleep(self._random.uniform(0.0, 1.0))
        elif self._random.random() < 0.1:
            self._server.process.terminate()  # the kill comes while it saves its indexes
            time.sleep(self._random.uniform(0.0, 0.3))
        self._kill()
        for writer in writers:
            writer.join()
        return [writer.books for writer in writers]

    def _kill_while_starting(self) -> None:
        self._server = Running(self._environment, self._workers, wait=False)
        time.sleep(self._random.uniform(0.5, 4.0))
        self._kill()

    def _kill(self) -> None:
        self._server.kill()
        self.tally.kills += 1

    def _started(self) -> Running:
        server = Running(self._environment, self._workers)
        with closing(server.connect()) as connection:  # answered once a process serves
            assert connection.ask("GET", "/readyz").status == 200
        return server

    def _send_again(self, books: Iterable[Books]) -> None:
        """What had no answer is sent again; made before or not, it is there once afterwards."""
        with closing(self._server.connect(self._key)) as connection:
            for addition in (addition for each in books for addition in each.unanswered):
                reply = added(connection, addition)
                assert reply.status == 201, reply
                title = addition[2]["title"]
                known = Known(addition[0], title, {title}, reply.json.get("receipt"))
                self.tally.records[reply.json["id"]] = known
                self.tally.acknowledged += 1

    def _check_database(self) -> None:
        """Every record is as its writer was told, and the index agrees with the database."""
        with closing(open_workspace(self._settings)) as space:
            for kind, table in (("achievements", space.achievements), ("demands", space.demands)):
                titles = {record.id: record.title for record in table.all()}
                assert len(set(titles.values())) == len(titles)
                mine = {i: known for i, known in self.tally.records.items() if known.kind == kind}
                for id_, known in mine.items():
                    if titles.get(id_) not in known.accepted:
                        self.tally.lost.append(f"{id_}: {titles.get(id_)} not {known.accepted}")
                    known.accepted = {titles.get(id_)}
            check_indexes(space)

    def _check_answers(self, ids: list[str]) -> None:
        with closing(self._server.connect(self._key)) as connection:
            for id_ in self._random.sample(ids, min(SAMPLE, len(ids))):
                known = self.tally.records[id_]
                [title] = known.accepted
                if not found(connection, known, id_):
                    self.tally.lost.append(f"{id_}: not found")
                if known.receipt and title and not has_receipt(connection, known.receipt, title):
                    self.tally.lost.append(f"{id_}: receipt")


def found(connection: Connection, known: Known, id_: str) -> bool:
    """Whether a search says what is expected: that it is found, or that it is not."""
    [title] = known.accepted
    query = {"text": title or known.title, "k": 5, "direction": known.kind}
    pairings = connection.ask("POST", "/api/v1/matches", query).json["pairings"]
    ids = {pairing[known.kind.removesuffix("s")]["id"] for pairing in pairings}
    return (id_ in ids) == (title is not None)


def has_receipt(connection: Connection, receipt: str, title: str) -> bool:
    """Whether somebody who holds a receipt code is shown the demand."""
    page = connection.ask("GET", f"/receipts/{receipt}")
    return page.status == 200 and title in page.body.decode()


def check_indexes(space: Workspace) -> None:
    """An index opened now has all that the tables have, and nothing else."""
    engine = space.matchmaker
    assert dict(engine.achievements.index.stamps()) == space.achievements.stamps()
    assert dict(engine.demands.index.stamps()) == space.demands.stamps()


def broker_key(settings: Settings) -> str:
    """A key of a new broker."""
    with closing(open_workspace(settings)) as space:
        account = add_account(space, SYSTEM, "jingjiren", "broker", "一句容易记住的长话 2026")
        actor = Actor(account.id, account.name, Role.broker)
        return add_key(space, actor, "测试", ["read", "match", "write"])[1]
