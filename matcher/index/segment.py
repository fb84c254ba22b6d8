"""An immutable set of documents: their rows as postings, their ids, stamps and facets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.filters import Filters
from matcher.index.coarse import Coarse
from matcher.index.documents import Documents, numbers_of
from matcher.index.forward import Forward
from matcher.index.kept import Kept
from matcher.index.narrowing import Mask
from matcher.index.packing import MEMORY, Terms, pack, padded
from matcher.index.postings import BLOCK, Floats, Found, Ints, Postings
from matcher.index.search import SMALL, Search
from matcher.index.shelf import Arrays, MemoryShelf, Shelf, read_only
from matcher.index.topics import topic_order
from matcher.sparse import rows_of

Words = NDArray[np.uint64]
"""One bit a document, 64 of a block to a word: which documents may be found."""
Values = dict[str, list[str]]
"""The values of coded columns, the only part of a segment that is no array."""
_MASKS: Final = 64
"""Filters whose words a segment remembers, each one bit a document."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Documents 0 … n-1, like beside like; some places may be empty.

    ``columns`` (T,) are the columns that occur, ``frequencies`` (T,) in how many documents each
    does, ``sizes`` (n,) how many terms each document has. ``by_id`` lists the documents in order of
    id, and ``ranks`` (n,) is where each stands in it.
    """

    width: int
    documents: Documents
    postings: Postings
    columns: NDArray[np.int32]
    frequencies: NDArray[np.int32]
    sizes: NDArray[np.uint16]
    by_id: NDArray[np.int32]
    ranks: NDArray[np.int32]
    exists: Words
    search: Search
    kept: Kept
    _masks: dict[Filters, Mask] = field(default_factory=dict)
    _whole: list[csr_array] = field(default_factory=list)
    """All rows as they are, once a small segment was asked for some; else empty."""

    @classmethod
    def of(cls, documents: Documents, rows: csr_array) -> Self:
        """A segment in memory. Raises ValueError for a weight that is negative or no number."""
        shelf = MemoryShelf()
        values = build(documents, rows, shelf)
        return cls.found(shelf.arrays(), values, rows.shape[1])

    @classmethod
    def found(cls, arrays: Arrays, values: Values, width: int) -> Self:
        """The segment whose arrays ``build`` has put on a shelf, with what it returned."""
        arrays = {name: read_only(array) for name, array in arrays.items()}
        postings = Postings(*(arrays[name] for name in Postings._fields))
        return cls(
            width=width,
            documents=Documents.found(arrays, values),
            postings=postings,
            columns=arrays["columns"],
            frequencies=arrays["frequencies"],
            sizes=arrays["sizes"],
            by_id=arrays["by_id"],
            ranks=arrays["ranks"],
            exists=arrays["exists"],
            kept=Kept(len(arrays["sizes"])),
            search=Search(
                postings,
                columns=arrays["columns"],
                frequencies=arrays["frequencies"],
                sizes=arrays["sizes"],
                ranks=arrays["ranks"],
                coarse=Coarse.found(arrays),
                forward=Forward.found(arrays),
            ),
        )

    def put(self, shelf: Shelf) -> Values:
        """Put all arrays on a shelf; what is no array is returned."""
        for name, array in self.postings._asdict().items():
            shelf.append(name, array)
        for name in _OWN:
            shelf.append(name, getattr(self, name))
        return self.documents.put(shelf)

    def __len__(self) -> int:
        """How many documents there are, dead ones included."""
        return len(self.by_id)

    def numbers(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """The document of each id, or -1."""
        found = numbers_of(self.documents.ids, self.by_id, ids)
        return np.fromiter(found, np.int64, len(ids))

    def best(
        self, query: csr_array, k: int, passing: Words, filters: Filters | None = None
    ) -> Found:
        """The k best of the documents in ``passing`` that pass the filters too; ties by id."""
        return self.search.best(query, k, passing, self._mask(filters) if filters else None)

    def _mask(self, filters: Filters) -> Mask:
        """Which documents pass the filters; the last ones asked for are remembered."""
        mask = self._masks.get(filters)
        if mask is None:
            if len(self._masks) >= _MASKS:
                self._masks.clear()
            words = words_of(self.documents.columns.mask(filters))
            mask = self._masks[filters] = Mask.of(words)
        return mask

    def rows(self, numbers: NDArray[np.integer[Any]]) -> csr_array:
        """The rows of these documents."""
        if len(self.postings.weights) > SMALL:
            return self.gathered(numbers)
        if not self._whole:
            self._whole.append(self.gathered(np.arange(len(self.documents))))
        return self._whole[0][numbers]

    def matrix(self, ends: Ints, columns: Ints, weights: Floats) -> csr_array:
        """Rows that are known already."""
        return rows_of(weights, columns, ends, self.width)

    def gathered(self, numbers: NDArray[np.integer[Any]]) -> csr_array:
        """The same, once: nothing is kept for the next time."""
        ends, terms, weights = self.search.rows(numbers.astype(np.int64))
        if ends[-1] <= np.iinfo(np.int32).max:
            ends = ends.astype(np.int32)
        shape = len(ends) - 1, self.width
        return csr_array((weights, self.columns[terms], ends), shape=shape)

    def frequencies_of(self, columns: NDArray[np.int32]) -> NDArray[np.int64]:
        """In how many documents each column occurs, dead ones included."""
        if not len(self.columns):
            return np.zeros(len(columns), dtype=np.int64)
        at = self.columns.searchsorted(columns)
        is_here = self.columns.take(at, mode="clip") == columns
        found: NDArray[np.int64] = self.frequencies.take(at, mode="clip") * is_here.astype(np.int64)
        return found


_OWN: Final = ("columns", "frequencies", "sizes", "by_id", "ranks", "exists")


def build(documents: Documents, rows: csr_array, shelf: Shelf, memory: int = MEMORY) -> Values:
    """Put all arrays of a segment on a shelf; what is no array is returned.

    ``rows`` (n, width) may be mapped from a file; they are read twice, and in the second pass in
    another order.
    """
    # One kind of arrays for compiled code, whether in memory or mapped.
    parts = tuple(map(read_only, (rows.data, rows.indices, rows.indptr)))
    rows = csr_array(parts, shape=rows.shape)
    terms = Terms.of(rows)
    order = topic_order(rows, terms.frequencies, terms.columns)
    sizes = np.diff(rows.indptr).astype(np.int64)
    order = padded(order, sizes[order])
    pack(rows, order, terms, shelf, memory)
    documents = documents.taken(order)
    kept = np.flatnonzero(order >= 0).astype(np.int32)
    by_id = kept[documents.ids.order(kept)]
    ranks = np.full(-(-len(order) // BLOCK) * BLOCK, np.iinfo(np.int32).max, dtype=np.int32)
    ranks[by_id] = np.arange(len(by_id))
    own: Arrays = {
        "columns": terms.columns,
        "frequencies": terms.frequencies,
        "sizes": np.where(order < 0, 0, sizes[order]).astype(np.uint16),
        "by_id": by_id,
        "ranks": ranks,
        "exists": words_of(order >= 0),
    }
    for name, array in own.items():
        shelf.append(name, array)
    return documents.put(shelf)


def words_of(mask: NDArray[np.bool_]) -> Words:
    """A mask over documents as one word a block."""
    whole = np.zeros(-(-len(mask) // BLOCK) * BLOCK, dtype=np.bool_)
    whole[: len(mask)] = mask
    return np.packbits(whole, bitorder="little").view(np.uint64)
