"""Rows to the postings that the kernel reads, one range of documents at a time."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.index import transposing
from matcher.index.postings import BLOCK, group_shift
from matcher.index.shelf import Shelf
from matcher.scratch import zeros

MOST_DOCUMENTS: Final = BLOCK << 15
"""Documents that a segment may have: its blocks, half of them as a reserve, have 16 bits."""
MOST_POSTINGS: Final = (1 << 16) - 1
"""Postings that a block may have: they are counted in 16 bits."""
_MOST_GROUPS: Final = 1024
_DENSE: Final = 8
"""A term that occurs in more than one block in this many has its bounds in a dense row."""
MEMORY: Final = 1 << 30
"""Bytes that sorting takes where nobody says how many."""
_COST: Final = 32
"""Bytes for each posting of a range in work."""
_THREADS: Final = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """The columns that occur, numbered: local term t is column ``columns[t]``."""

    columns: NDArray[np.int32]
    """(T,), ascending"""
    frequencies: NDArray[np.int32]
    """(T,): in how many documents each occurs."""
    scales: NDArray[np.float32]
    """(T,): a bound of 1 stands for this weight."""
    numbers: NDArray[np.int32]
    """(width,): the term of each of these columns; what stands at others means nothing."""

    @classmethod
    def of(cls, rows: csr_array) -> "Terms":
        """The terms of these rows. Raises ValueError for a weight that is negative or no number."""
        with zeros(rows.shape[1], np.int32) as seen:
            known = transposing.statistics(rows.indices, rows.data, seen)
        columns, frequencies, highest = known
        if len(columns) == 0 and rows.nnz:
            raise ValueError("weights must be finite and not negative")
        numbers = np.empty(rows.shape[1], dtype=np.int32)
        numbers[columns] = np.arange(len(columns), dtype=np.int32)
        # Rounded up, so that 255 of them are never less than the highest weight.
        scales = np.nextafter(highest / np.float32(255), np.float32(np.inf))
        return cls(columns, frequencies, scales, numbers)

    @property
    def shift(self) -> int:
        """Bits of a term within its group."""
        return int(group_shift(len(self.columns), _MOST_GROUPS))

    @property
    def groups(self) -> int:
        """How many groups the terms make, at least one."""
        return max(1, ((len(self.columns) - 1) >> self.shift) + 1)


class _Packed(NamedTuple):
    """The arrays of ``Postings`` for one range; runs and starts count from 0."""

    runs: NDArray[np.int64]
    starts: NDArray[np.int64]
    groups: NDArray[np.uint16]
    terms: NDArray[np.uint16]
    places: NDArray[np.uint8]
    ends: NDArray[np.uint64]
    weights: NDArray[np.float32]


def pack(
    rows: csr_array, order: NDArray[np.int64], terms: Terms, shelf: Shelf, memory: int
) -> None:
    """Put the arrays of ``Postings`` on a shelf: document i is row ``order[i]``, none if < 0."""
    runs, starts = np.zeros(1, np.int64), np.zeros(1, np.int64)
    _append(shelf, runs=runs, starts=starts)
    for packed in _ranges(rows, order, terms, memory):
        runs, starts = packed.runs[1:] + runs[-1], packed.starts[1:] + starts[-1]
        _append(shelf, **(packed._asdict() | {"runs": runs, "starts": starts}))
    # What the kernel reads beyond the last run and the last posting.
    _append(shelf, terms=np.zeros(32, np.uint16), ends=np.zeros(1, np.uint64), scales=terms.scales)
    _bound(shelf, terms)


def padded(order: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave places empty (-1) where 64 documents have more postings than fit into a block.

    ``sizes`` are the postings by document, in this order. Raises ValueError if one alone has more.
    """
    if len(sizes) and sizes.max() > MOST_POSTINGS:
        raise ValueError(f"a document may have at most {MOST_POSTINGS} terms")
    sums = np.add.reduceat(sizes, np.arange(0, len(sizes), BLOCK)) if len(sizes) else sizes
    if len(order) > MOST_DOCUMENTS:
        raise ValueError(f"a segment may have at most {MOST_DOCUMENTS} documents")
    if len(sums) == 0 or sums.max() <= MOST_POSTINGS:
        return order
    placed: list[int] = []
    full = 0
    for number, size in zip(order.tolist(), sizes.tolist(), strict=True):
        if len(placed) % BLOCK == 0:
            full = 0
        elif full + size > MOST_POSTINGS:
            placed.extend([-1] * (-len(placed) % BLOCK))
            full = 0
        placed.append(number)
        full += size
    if len(placed) > 2 * MOST_DOCUMENTS:
        raise ValueError("these documents have too many terms for one segment")
    return np.array(placed, dtype=np.int64)


def _ranges(
    rows: csr_array, order: NDArray[np.int64], terms: Terms, memory: int
) -> Iterator[_Packed]:
    """The packed ranges in order; two threads work ahead of the one that stores them."""
    size = _range_size(rows.nnz, len(order), memory)
    parts = [order[first : first + size] for first in range(0, len(order), size)]
    if len(parts) == 1:  # as of every write: threads cost more, and leave memory of their own
        yield _packed(rows, parts[0], terms)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: list[Future[_Packed]] = []
        for part in parts:
            waiting.append(pool.submit(_packed, rows, part, terms))
            if len(waiting) == _THREADS:
                yield waiting.pop(0).result()
        yield from (future.result() for future in waiting)


def _range_size(postings: int, documents: int, memory: int) -> int:
    """How many documents the ranges in work may have: whole blocks."""
    cost = _THREADS * _COST * max(1, postings // max(1, documents))
    return max(1, memory // cost // BLOCK) * BLOCK


def _packed(rows: csr_array, order: NDArray[np.int64], terms: Terms) -> _Packed:
    by_term = transposing.by_term(
        rows.indptr, rows.indices, rows.data, order, terms.numbers, len(terms.columns)
    )
    blocks = (len(order) + BLOCK - 1) // BLOCK
    return _Packed(*transposing.by_block(*by_term, blocks, terms.groups, terms.shift))


def _bound(shelf: Shelf, terms: Terms) -> None:
    """Put the bounds of all terms by block on the shelf, dense or sparse."""
    made = shelf.arrays()
    blocks, count = len(made["runs"]) - 1, len(terms.columns)
    lengths = transposing.runs_of_terms(
        made["runs"], made["groups"], made["terms"], terms.shift, count
    )
    is_dense = lengths * _DENSE > blocks
    rows = np.where(is_dense, np.cumsum(is_dense) - 1, -1).astype(np.int32)
    sparse = np.concatenate([[0], np.cumsum(np.where(is_dense, 0, lengths))])
    _append(shelf, rows=rows, sparse=sparse)
    dense = shelf.room("dense", np.uint8, (int(is_dense.sum()), blocks))
    numbers = shelf.room("blocks", np.uint16, (int(sparse[-1]),))
    bounds = shelf.room("bounds", np.uint8, (int(sparse[-1]),))
    transposing.bound(
        *(made["runs"], made["starts"], made["groups"], made["terms"], made["ends"]),
        *(made["weights"], terms.shift, terms.scales, rows, sparse[:-1].copy()),
        *(dense, numbers, bounds),
    )


def _append(shelf: Shelf, **arrays: NDArray[np.generic]) -> None:
    for name, array in arrays.items():
        shelf.append(name, array)
