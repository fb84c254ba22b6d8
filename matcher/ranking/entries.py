"""The entries of embeddings, title and whole text apart, as flat arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entries:
    """One block of n rows: the weight of ``columns[i]`` in ``records[i]``, by record.

    Columns count from the start of the block.
    """

    records: NDArray[np.intp]
    columns: NDArray[np.int32]
    weights: Matrix
    n: int

    @classmethod
    def split(cls, rows: csr_array, width: int) -> tuple["Entries", "Entries"]:
        """The block of the title and the block of the whole text, each ``width`` wide."""
        records = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        in_whole = rows.indices >= width
        title, whole = np.flatnonzero(~in_whole), np.flatnonzero(in_whole)
        return (
            cls(records[title], rows.indices[title], rows.data[title], rows.shape[0]),
            cls(records[whole], rows.indices[whole] - width, rows.data[whole], rows.shape[0]),
        )

    def dense(self, place: NDArray[np.int32], m: int) -> Matrix:
        """The weights in m columns (n, m); ``place`` maps a column to 1 … m, or to 0."""
        found = place[self.columns]
        keep = np.flatnonzero(found)
        dense = np.zeros(self.n * m, dtype=np.float32)
        dense[self.records[keep] * m + found[keep] - 1] = self.weights[keep]
        return dense.reshape(self.n, m)

    def sums(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """The sum of ``values``, one for each entry, by record: (n,)."""
        return np.bincount(self.records, values, minlength=self.n).astype(np.float64, copy=False)

    def least(self, values: Matrix) -> Matrix:
        """The least of ``values`` by record (n,); infinite for a record without entries."""
        least = np.full(self.n, np.inf, dtype=np.float32)
        if len(values):
            starts = np.flatnonzero(np.diff(self.records, prepend=-1))
            least[self.records[starts]] = np.minimum.reduceat(values, starts)
        return least
