"""An immutable set of documents with its rows, its postings and its columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.filters import Filters
from matcher.index.columns import Columns, Mask
from matcher.index.port import Entry, Hits


@dataclass(frozen=True, slots=True)
class Part:
    """Documents 0 … n-1. ``postings`` is ``rows`` transposed: one row a term."""

    entries: tuple[Entry, ...]
    numbers: dict[str, int]
    columns: Columns
    rows: csr_array
    postings: csr_array
    alive: Mask

    @classmethod
    def of(cls, entries: Sequence[Entry], rows: csr_array) -> Self:
        return cls(
            entries=tuple(entries),
            numbers={entry.id: number for number, entry in enumerate(entries)},
            columns=Columns.of([entry.facets for entry in entries]),
            rows=rows,
            postings=csr_array(rows.T.tocsr()),
            alive=np.ones(len(entries), dtype=np.bool_),
        )

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alive))

    def without(self, ids: Collection[str]) -> Self:
        """The same part with these documents dead; unknown ids are ignored."""
        gone = [self.numbers[id_] for id_ in ids if id_ in self.numbers]
        alive = self.alive.copy()
        alive[gone] = False
        return replace(self, alive=alive)

    def living(self) -> list[Entry]:
        """The entries that were not removed."""
        return [self.entries[number] for number in np.flatnonzero(self.alive)]

    def living_rows(self) -> csr_array:
        """The rows of ``living``."""
        return self.rows if self.alive.all() else self.rows[np.flatnonzero(self.alive)]

    def numbers_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Where those of ``ids`` stand that are present and alive."""
        found = ((id_, self.numbers.get(id_, -1)) for id_ in ids)
        return {id_: number for id_, number in found if number >= 0 and self.alive[number]}

    def frequencies(self, terms: NDArray[np.int32]) -> NDArray[np.int64]:
        """The length of each of these postings, dead documents included."""
        indptr = self.postings.indptr
        lengths: NDArray[np.int64] = indptr[terms + 1] - indptr[terms]
        return lengths

    def best(self, query: csr_array, k: int, filters: Filters | None) -> Hits:
        """The k best, ties by id: all that are level with the k-th are weighed before the cut."""
        found = query @ self.postings
        passing = self.alive & self.columns.mask(filters) if filters else self.alive
        keep = passing[found.indices] & (found.data > 0.0)
        documents, scores = found.indices[keep], found.data[keep]
        if len(scores) > k:
            kth = np.partition(scores, len(scores) - k)[len(scores) - k]
            documents, scores = documents[scores >= kth], scores[scores >= kth]
        ids = [self.entries[document].id for document in documents]
        order = sorted(range(len(ids)), key=lambda i: (-scores[i], ids[i]))[:k]
        best = documents[order]
        own = (self.entries[number] for number in best)
        return Hits.of(own, scores[order], self.rows[best])
