"""Between records and rows, the same way for every kind; and the ids that records get."""

import hashlib
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import JSON, ColumnElement, and_

from api.store.tables import DemandRow, RecordRow
from matcher.library import stamp
from matcher.records import Demand
from matcher.resources import Record
from matcher.values import RETURNED

_REVIEW: Final = ("state", "review_note", "reviewed_at", "reviewer_id", "coach")
_MORE: Final = ("version", "created_at", "updated_at", "owner_id", *_REVIEW)
"""What ``Stored`` has besides the record, in its order; reviews are of demands alone."""
R = TypeVar("R", bound=Record)


class _Clock:
    """Numbers that always grow: milliseconds since 1970 with 16 bits to count within one."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def tick(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000 << 16)
            return self._last


_clock: Final = _Clock()


def new_id(prefix: str) -> str:
    """An opaque id. Later ones sort behind earlier ones; 48 of its bits cannot be guessed."""
    return f"{prefix}{_clock.tick():016x}{secrets.token_hex(6)}"


def is_possible(id_: str) -> bool:
    """Whether an id can be asked for at all: databases refuse others in different ways."""
    return id_.isascii() and "\0" not in id_


@dataclass(frozen=True)
class Mapped(Generic[R]):
    """One kind of record and its table."""

    kind: str
    row: type[RecordRow]
    record: type[R]
    prefix: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields of the record, which are columns of the row."""
        return tuple(field.name for field in fields(self.record))

    def columns(self, record: R) -> dict[str, Any]:
        """What a row holds of a record: its fields, its stamp and its fingerprint."""
        values = {name: _plain(getattr(record, name)) for name in self.names}
        return values | {"stamp": stamp(record), "fingerprint": fingerprint(record)}

    @cached_property
    def columns_read(self) -> tuple[ColumnElement[Any], ...]:
        """What is read of a row: the record's fields first, then what ``Stored`` has besides.

        Plain columns: objects of the mapper cost three times as much to read.
        """
        columns = self.row.__table__.columns
        return tuple(columns[name] for name in (*self.names, *_MORE) if name in columns)

    @cached_property
    def findable(self) -> ColumnElement[bool]:
        """Which rows the engine may find: neither deleted nor, of demands, returned."""
        present = self.row.deleted_at.is_(None)
        if issubclass(self.row, DemandRow):
            return and_(present, self.row.state != RETURNED)
        return present

    @cached_property
    def _lists(self) -> tuple[str, ...]:
        columns = self.row.__table__.columns
        return tuple(name for name in self.names if isinstance(columns[name].type, JSON))

    @cached_property
    def _setters(self) -> tuple[Callable[[R, Any], None], ...]:
        return tuple(getattr(self.record, name).__set__ for name in self.names)

    def record_of(self, row: Sequence[Any]) -> R:
        """The record in ``columns_read`` of a row."""
        values: dict[str, Any] = dict(zip(self.names, row, strict=False))
        for name in self._lists:
            values[name] = tuple(values[name])
        return self.record(**values)

    def records_of(self, columns: Sequence[Sequence[Any]]) -> list[R]:
        """The records whose fields are in columns, in the order of ``columns_read``.

        Frozen records take five times as long to make one by one, each field past a guard.
        """
        records = [self.record.__new__(self.record) for _ in columns[0]]
        for name, set_in, column in zip(self.names, self._setters, columns, strict=True):
            values = map(tuple, column) if name in self._lists else column
            for _ in map(set_in, records, values):
                pass
        return records

    def record_from(self, values: Mapping[str, Any]) -> R:
        """The record with these columns; others are passed over."""
        return self.record(**{name: _frozen(values[name]) for name in self.names})


def fingerprint(record: Record) -> str:
    """32 hexadecimal digits, equal for records whose texts differ in form alone.

    Width, case, spaces and punctuation are form. Who offers an achievement, or needs something,
    is not: two universities may use one title.
    """
    who = record.organisation if isinstance(record, Demand) else record.provider
    return fingerprint_of(record.texts(), who)


def fingerprint_of(texts: Mapping[str, str], who: str | None) -> str:
    """The fingerprint of texts and of whose they are."""
    parts = (_letters(text) for text in (who or "", *texts.values()))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:  # noqa: ANN401 - as a row holds it
    return tuple(value) if isinstance(value, list) else value
