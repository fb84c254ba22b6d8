"""One side of the market: the records of one kind, and the index over their embeddings."""

import hashlib
import json
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Final, Generic, Protocol, TypeVar, get_args

from matcher.embedding import Embed
from matcher.index import Batch, Entry, Index, SegmentIndex
from matcher.representation import FieldTexts, TfidfRepresentation, stacked
from matcher.resources import Record

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)


class RecordSource(Protocol[R_co]):
    """Where records are kept: in memory, or in a database that others change too."""

    def get_many(self, ids: Sequence[str]) -> Mapping[str, R_co]:
        """The records that still exist, by id."""
        ...


class Library(Generic[R]):
    """Records that live elsewhere, searchable through an index that knows their ids only."""

    def __init__(
        self,
        representation: TfidfRepresentation,
        records: RecordSource[R],
        index: Index | None = None,
    ) -> None:
        self.representation = representation
        self._records = records
        self.index = SegmentIndex(representation.width) if index is None else index

    def __len__(self) -> int:
        return len(self.index)

    def add(self, records: Iterable[R], embed: Embed | None = None) -> None:
        """Make records findable, in the next search, replacing those with the same ids.

        ``embed`` : an ``embedder`` of several processes, for large batches.
        """
        parts = list(self.batches(records, embed))
        entries = [entry for entries, _ in parts for entry in entries]
        rows = stacked((rows for _, rows in parts), self.representation.width)
        self.index.add(entries, rows)

    def batches(self, records: Iterable[R], embed: Embed | None = None) -> Iterator[Batch]:
        """What ``add`` puts into the index, some records at a time."""
        waiting: deque[Entry] = deque()

        def texts() -> Iterator[FieldTexts]:
            for record in records:
                waiting.append(Entry(record.id, record.facets(), stamp(record)))
                yield record.texts()

        for rows in (embed or self.representation.transform_in_chunks)(texts()):
            yield [waiting.popleft() for _ in range(rows.shape[0])], rows

    def remove(self, ids: Collection[str]) -> None:
        """Make records unfindable; unknown ids are ignored."""
        self.index.remove(ids)

    def get_many(self, ids: Sequence[str]) -> Mapping[str, R]:
        """The records that still exist, by id."""
        return self._records.get_many(ids)


class MemoryLibrary(Library[R]):
    """A library that keeps its records itself."""

    def __init__(self, representation: TfidfRepresentation, records: Iterable[R] = ()) -> None:
        self._kept = MemoryRecords[R]()
        super().__init__(representation, self._kept)
        self.add(records)

    def add(self, records: Iterable[R], embed: Embed | None = None) -> None:
        batch = list(records)
        self._kept.update({record.id: record for record in batch})
        super().add(batch, embed)

    def remove(self, ids: Collection[str]) -> None:
        super().remove(ids)
        for id_ in ids:
            self._kept.pop(id_, None)


class MemoryRecords(dict[str, R]):
    """Records by id."""

    def get_many(self, ids: Sequence[str]) -> Mapping[str, R]:
        """The records that are present, by id."""
        return {id_: self[id_] for id_ in ids if id_ in self}


def stamp(record: Record) -> str:
    """16 hexadecimal digits that change whenever any value of the record does."""
    values = {name: _canonical(getattr(record, name)) for name in _NAMES[type(record)]}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def _canonical(value: object) -> object:
    """5 and 5.0 are equal, so they are written alike."""
    return float(value) if isinstance(value, int) else value


_NAMES: Final = {kind: tuple(f.name for f in fields(kind)) for kind in get_args(Record)}
