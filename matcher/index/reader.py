"""One consistent state of an index, for as long as somebody reads it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import compress
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.filters import Filters
from matcher.index.documents import Documents
from matcher.index.port import Entry, Hits
from matcher.index.segment import Segment, Words, words_of


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and which of its documents are alive."""

    segment: Segment
    alive: Words

    @classmethod
    def of(cls, segment: Segment) -> Self:
        """All documents alive."""
        return cls(segment, segment.exists)

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

    def living(self) -> tuple[Documents, csr_array]:
        """The documents that are alive, and their rows."""
        numbers = np.flatnonzero(self.mask())
        return self.segment.documents.taken(numbers), self.segment.rows(numbers)

    def best(self, query: csr_array, k: int, filters: Filters | None) -> "Found":
        passing = self.alive & self.segment.passing(filters) if filters else self.alive
        found = self.segment.best(query, k, passing)
        return Found(self, found.documents, found.scores, found.blocks, found.postings)


@dataclass(frozen=True, slots=True)
class Found:
    """The best documents of one part, best first, and the work that it took."""

    part: Part
    documents: NDArray[np.int32]
    scores: NDArray[np.float32]
    blocks: int
    postings: int

    def keys(self) -> Iterator[tuple[float, str, int]]:
        """What orders them among those of other parts, and where each is."""
        ids = self.part.segment.documents.ids
        for at, (number, score) in enumerate(
            zip(self.documents.tolist(), self.scores.tolist(), strict=True)
        ):
            yield -score, ids[number], at


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
        found = self.search(query, k, filters)
        best = sorted((*key, at) for at, one in enumerate(found) for key in one.keys())[:k]
        scores = np.array([-key[0] for key in best], dtype=np.float32)
        chosen = [(found[part].part, int(found[part].documents[at])) for *_, at, part in best]
        entries = tuple(part.segment.documents.entry(number) for part, number in chosen)
        return Hits(entries, scores, self._rows(chosen))

    def top_k_many(
        self, queries: csr_array, k: int, threads: int
    ) -> list[list[tuple[str, float]]]:
        def answer(number: int) -> list[tuple[str, float]]:
            found = self.search(queries[[number]], k)
            best = sorted(key for one in found for key in one.keys())[:k]
            return [(id_, -score) for score, id_, _ in best]

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(answer, range(queries.shape[0]), chunksize=64))

    def get(self, ids: Sequence[str]) -> tuple[tuple[Entry, ...], csr_array]:
        places: dict[str, tuple[Part, int]] = {}
        for part in self.parts:
            for id_, number in zip(ids, part.segment.numbers(ids).tolist(), strict=True):
                if part.is_alive(number):
                    places[id_] = part, number
        chosen = [places[id_] for id_ in ids if id_ in places]
        entries = tuple(part.segment.documents.entry(number) for part, number in chosen)
        return entries, self._rows(chosen)

    def _rows(self, chosen: Sequence[tuple[Part, int]]) -> csr_array:
        """The rows of these documents, in this order."""
        rows, order = [csr_array((0, self.width), dtype=np.float32)], []
        for part in self.parts:
            places = [i for i, (owner, _) in enumerate(chosen) if owner is part]
            if places:
                rows.append(part.segment.rows(np.array([chosen[i][1] for i in places])))
                order += places
        back = np.argsort(np.array(order, dtype=np.int64))
        if len(rows) == 2:
            return rows[1] if np.array_equal(back, np.arange(len(back))) else rows[1][back]
        return csr_array(vstack(rows, format="csr", dtype=np.float32))[back]

    def frequencies(self, query: csr_array) -> NDArray[np.int64]:
        counts = [part.segment.frequencies_of(query.indices) for part in self.parts]
        total: NDArray[np.int64] = np.sum(
            [np.zeros(query.nnz, np.int64), *counts], axis=0, dtype=np.int64
        )
        return total

    def stamps(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in self.parts:
            documents, is_alive = part.segment.documents, part.mask().tolist()
            found.update(compress(zip(documents.ids, documents.stamps, strict=True), is_alive))
        return found
