"""Writers that keep books of what was acknowledged, while their server is killed."""

import http.client
import random
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.journey.running import Connection, Reply
from tests.unit.rows import achievement_row, demand_row, draft_values

ROWS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "achievements": achievement_row,
    "demands": demand_row,
}
Addition = tuple[str, str, dict[str, Any]]
"""Kind, idempotency key and body."""


@dataclass
class Known:
    """A record as its writer knows it. Until an answer comes it may be in one of two states."""

    kind: str
    title: str
    accepted: set[str | None]
    """Titles that it may have; None: it may be deleted."""
    receipt: str | None = None
    version: int = 1

    @property
    def is_deleted(self) -> bool:
        return None in self.accepted


@dataclass
class Books:
    """What a writer was told."""

    records: dict[str, Known] = field(default_factory=dict)
    unanswered: list[Addition] = field(default_factory=list)
    refused: list[Reply] = field(default_factory=list)
    acknowledged: int = 0


class Writer(threading.Thread):
    """Adds, changes, deletes and restores records of its own until the server is gone."""

    def __init__(self, connection: Connection, seed: int) -> None:
        super().__init__(daemon=True)
        self.books = Books()
        self.ended = threading.Event()
        self._connection = connection
        self._random = random.Random(seed)

    def run(self) -> None:
        with closing(self._connection), suppress(OSError, http.client.HTTPException):
            while not self.ended.is_set():
                self._act()

    def _act(self) -> None:
        records = self.books.records
        if len(records) < 3 or self._random.random() < 0.6:
            self._add(self._random.choice(list(ROWS)))
            return
        id_ = self._random.choice(list(records))
        known = records[id_]
        if known.is_deleted:
            self._edit(known, "POST", f"{id_}/restore", known.title)
        elif self._random.random() < 0.3:
            self._edit(known, "DELETE", id_, None)
        else:
            body = draft(known.kind)
            self._edit(known, "PUT", id_, body["title"], body)

    def _add(self, kind: str) -> None:
        addition = kind, secrets.token_hex(16), draft(kind)
        self.books.unanswered.append(addition)
        reply = added(self._connection, addition)
        self.books.unanswered.pop()
        if self._is_good(reply):
            title = addition[2]["title"]
            known = Known(kind, title, {title}, reply.json.get("receipt"))
            self.books.records[reply.json["id"]] = known

    def _edit(
        self, known: Known, method: str, place: str, title: str | None, body: Any = None
    ) -> None:
        before = known.accepted
        known.accepted = before | {title}
        path, tag = f"/api/v1/{known.kind}/{place}", f'"{known.version}"'
        if self._is_good(self._connection.ask(method, path, body, If_Match=tag)):
            known.accepted, known.title = {title}, title or known.title
            known.version += 1
        else:
            known.accepted = before

    def _is_good(self, reply: Reply) -> bool:
        good = reply.status in {200, 201, 204}
        self.books.acknowledged += good
        if not good:
            self.books.refused.append(reply)
        return good


def draft(kind: str) -> dict[str, Any]:
    """A record that can be told from all others by one word of its title."""
    return draft_values(ROWS[kind](title=f"膜曝气脱氮装置{secrets.token_hex(8)}"))


def added(connection: Connection, addition: Addition) -> Reply:
    """Send an addition; sent again, it must not be made a second time."""
    kind, key, body = addition
    return connection.ask("POST", f"/api/v1/{kind}", body, Idempotency_Key=key)
