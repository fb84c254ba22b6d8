"""The oracle: an exact index on scipy, simple enough to be believed."""

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.filters import Filters
from matcher.index.port import Entry, Hits
from tests.oracle.exact_part import Part

_FOLD_AT: Final = 1000
"""Documents that the fresh part may hold: it is built anew at every addition."""


class ExactIndex:
    """Two immutable parts, a large frozen one and a small fresh one. Implements ``Index`` but for
    the disk.

    Readers take the pair of parts once and keep it; the writer replaces the pair.
    """

    def __init__(self, width: int) -> None:
        """An empty index for rows of ``width`` columns."""
        self._writing = threading.Lock()
        empty = Part.of((), csr_array((0, width), dtype=np.float32))
        self._parts = (empty, empty)

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def add(self, entries: Sequence[Entry], rows: csr_array) -> None:
        if len(entries) != rows.shape[0]:
            raise ValueError(f"{len(entries)} entries for {rows.shape[0]} rows")
        last = {entry.id: i for i, entry in enumerate(entries)}
        if len(last) < len(entries):  # an id given twice: the last one counts
            kept = sorted(last.values())
            entries, rows = [entries[i] for i in kept], rows[kept]
        with self._writing:
            frozen, fresh = (part.without(last) for part in self._parts)
            self._parts = _folded(frozen, _joined(fresh, Part.of(entries, rows)))

    def remove(self, ids: Collection[str]) -> None:
        with self._writing:
            frozen, fresh = self._parts
            self._parts = (frozen.without(ids), fresh.without(ids))

    def top_k(self, query: csr_array, k: int, filters: Filters | None = None) -> Hits:
        found = [part.best(query, k, filters) for part in self._parts]
        entries = [entry for hits in found for entry in hits.entries]
        scores = np.concatenate([hits.scores for hits in found])
        order = sorted(range(len(entries)), key=lambda i: (-scores[i], entries[i].id))[:k]
        rows = csr_array(vstack([hits.rows for hits in found], format="csr"))
        return Hits.of((entries[i] for i in order), scores[order], rows[order])

    def get(self, ids: Sequence[str]) -> tuple[tuple[Entry, ...], csr_array]:
        parts = self._parts
        places = {i: (part, n) for part in parts for i, n in part.numbers_of(ids).items()}
        found = [places[id_] for id_ in ids if id_ in places]
        rows = [part.rows[[number]] for part, number in found]
        empty = parts[0].rows[:0]
        return (
            tuple(part.entries[number] for part, number in found),
            csr_array(vstack([empty, *rows], format="csr")),
        )

    def frequencies(self, columns: NDArray[np.int32]) -> NDArray[np.int64]:
        counts = [part.frequencies(columns) for part in self._parts]
        total: NDArray[np.int64] = np.sum(counts, axis=0, dtype=np.int64)
        return total

    def stamps(self, ids: Sequence[str] | None = None) -> Mapping[str, str]:
        living = [entry for part in self._parts for entry in part.living()]
        return {entry.id: entry.stamp for entry in living if ids is None or entry.id in ids}


def _joined(*parts: Part) -> Part:
    """One part of the living documents of several."""
    entries = [entry for part in parts for entry in part.living()]
    rows = vstack([part.living_rows() for part in parts], format="csr", dtype=np.float32)
    return Part.of(entries, csr_array(rows))


def _folded(frozen: Part, fresh: Part) -> tuple[Part, Part]:
    """Move the fresh documents to the frozen part once they are many."""
    if len(fresh) <= _FOLD_AT:
        return frozen, fresh
    nothing = Part.of((), fresh.rows[:0])
    return _joined(frozen, fresh), nothing
