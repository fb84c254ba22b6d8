"""One consistent state of an index, for as long as somebody reads it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.filters import Filters
from matcher.index.documents import Documents
from matcher.index.kept import Keep, Kept, joint
from matcher.index.port import Entry, Hits
from matcher.index.postings import Floats, Ints
from matcher.index.segment import Segment, Words, words_of
from matcher.index.texts import Chosen

_keys = count(1)
Contents = tuple[list[Entry], csr_array]
"""The entries and rows of some documents."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and which of its documents are alive.

    ``key`` stays the same while documents are removed and the segment moves to disk.
    """

    segment: Segment
    alive: Words
    key: int

    @classmethod
    def of(cls, segment: Segment, alive: Words | None = None) -> Self:
        """A new part, all documents alive where nothing else is said."""
        return cls(segment, segment.exists if alive is None else alive, next(_keys))

    def __len__(self) -> int:
        return int(np.bitwise_count(self.alive).sum())

    def without(self, numbers: NDArray[np.int64]) -> Self:
        """The same with these documents dead; negative numbers are ignored."""
        numbers = numbers[numbers >= 0]
        if not len(numbers):
            return self
        dead = np.zeros(len(self.alive) * 64, dtype=np.bool_)
        dead[numbers] = True
        return replace(self, alive=self.alive & ~words_of(dead))

    def is_alive(self, number: int) -> bool:
        """Whether a document, -1 for none, may be found."""
        return number >= 0 and bool(int(self.alive[number >> 6]) >> (number & 63) & 1)

    def mask(self) -> NDArray[np.bool_]:
        """Whether each document is alive."""
        bits = np.unpackbits(self.alive.view(np.uint8), bitorder="little")
        return bits[: len(self.segment.documents)].astype(np.bool_)

    def present(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """The documents with these ids, as far as they are alive."""
        numbers = self.segment.numbers(ids)
        return numbers[[self.is_alive(number) for number in numbers.tolist()]]

    def living(self) -> NDArray[np.int64]:
        """The documents that are alive."""
        return np.flatnonzero(self.mask())

    def taken(self) -> tuple[Documents, csr_array]:
        """These documents and their rows, to be put elsewhere."""
        numbers = self.living()
        return self.segment.documents.taken(numbers), self.segment.gathered(numbers)

    def best(self, query: csr_array, k: int, filters: Filters | None) -> "Found":
        found = self.segment.best(query, k, self.alive, filters)
        return Found(self, found.documents, found.scores, found.blocks, found.postings, found.rows)

    def contents(self, numbers: NDArray[np.integer[Any]]) -> Contents:
        """Entries and rows of these documents."""
        return self.segment.documents.entries(numbers), self.segment.rows(numbers)


@dataclass(frozen=True, slots=True)
class Found:
    """The best documents of one part, best first, and the work that it took."""

    part: Part
    documents: NDArray[np.int32]
    scores: NDArray[np.float32]
    blocks: int
    postings: int
    rows: tuple[Ints, Ints, Floats] | None = None
    """Where their rows begin, columns and weights, if the search had to know them."""

    def ids(self) -> Chosen:
        """The ids of the documents."""
        return Chosen(self.part.segment.documents.ids, self.documents)

    def entries(self) -> list[Entry]:
        """All that is known of the documents besides their rows."""
        return self.part.segment.documents.entries(self.documents)

    def matrix(self) -> csr_array:
        """The rows of the documents."""
        segment = self.part.segment
        return segment.rows(self.documents) if self.rows is None else segment.matrix(*self.rows)

    @property
    def kept(self) -> tuple[Kept, Ints]:
        """What is kept of the documents of the part, and which of these they are."""
        return self.part.segment.kept, self.documents

    def sort_keys(self) -> Iterator[tuple[float, str]]:
        """What orders them among those of other parts: score, highest first, and id."""
        return zip((-self.scores).tolist(), self.ids(), strict=True)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The parts of an index at one moment."""

    parts: tuple[Part, ...]
    width: int

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def search(self, query: csr_array, k: int, filters: Filters | None = None) -> list[Found]:
        """The k best of each part."""
        return [part.best(query, k, filters) for part in self.parts]

    def top_k(self, query: csr_array, k: int, filters: Filters | None = None) -> Hits:
        """The k best of all parts."""
        found = self.search(query, k, filters)
        if len(found) == 1:
            (one,) = found
            kept, documents = one.kept
            own: Keep = partial(kept.rows, documents)
            return Hits(one.ids(), one.scores, one.matrix(), one.entries, own)
        order = self._order(found, k)
        scores = np.concatenate([np.zeros(0, np.float32), *(one.scores for one in found)])[order]
        entries, rows = self._joined([(one.entries(), one.matrix()) for one in found], order)
        keep = joint([one.kept for one in found], order)
        return Hits.of(entries, scores, rows, keep)

    def best(self, query: csr_array, k: int) -> list[tuple[str, float]]:
        """The ids and scores of the k best of all parts."""
        keys = sorted(key for one in self.search(query, k) for key in one.sort_keys())
        return [(id_, -score) for score, id_ in keys[:k]]

    def best_of_many(
        self, queries: csr_array, k: int, threads: int
    ) -> list[list[tuple[str, float]]]:
        """The same for each of many queries, one row each."""

        def answer(number: int) -> list[tuple[str, float]]:
            return self.best(queries[[number]], k)

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(answer, range(queries.shape[0])))

    def get(self, ids: Sequence[str]) -> tuple[tuple[Entry, ...], csr_array]:
        """The entries and rows of those ids that are present, in the order given."""
        places, found = [], []
        for part in self.parts:
            numbers = part.segment.numbers(ids)
            there = [i for i, number in enumerate(numbers.tolist()) if part.is_alive(number)]
            if there:
                places += there
                found.append(part.contents(numbers[there]))
        return self._joined(found, np.argsort(np.array(places, dtype=np.int64)))

    @staticmethod
    def _order(found: Sequence[Found], k: int) -> NDArray[np.int64]:
        """The k best of several answers, which are counted through."""
        keys = [key for one in found for key in one.sort_keys()]
        return np.array(sorted(range(len(keys)), key=keys.__getitem__)[:k], dtype=np.int64)

    def _joined(
        self, contents: Sequence[Contents], order: NDArray[np.int64]
    ) -> tuple[tuple[Entry, ...], csr_array]:
        """Entries and rows of documents of several parts, put in this order."""
        entries = [entry for some, _ in contents for entry in some]
        empty = csr_array((0, self.width), dtype=np.float32)
        rows = [empty, *(some for _, some in contents)]
        whole = csr_array(vstack(rows, format="csr", dtype=np.float32))
        return tuple(entries[i] for i in order.tolist()), whole[order]

    def frequencies(self, columns: NDArray[np.int32]) -> NDArray[np.int64]:
        total = np.zeros(len(columns), np.int64)
        for part in self.parts:
            total += part.segment.frequencies_of(columns)
        return total

    def stamps(self, ids: Sequence[str] | None = None) -> dict[str, str]:
        """The stamp of those ids that are present, or of all."""
        found: dict[str, str] = {}
        for part in self.parts:
            numbers = part.living() if ids is None else part.present(ids)
            known = part.segment.documents
            found.update(zip(known.ids.some(numbers), known.stamps.some(numbers), strict=True))
        return found
