"""Documents and queries as sparse rows, on the way to the processes that measure.

A query's weights are the idf of its terms, however often they occur, over one length. Engines
whose queries carry no weights can then keep the idf in their postings and rank the same products.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, load_npz, save_npz

Columns = NDArray[np.int32]
Weights = NDArray[np.float32]
_ARRAYS: Final = ("data", "indices", "indptr")


class Corpus(NamedTuple):
    """Documents as unit rows, queries by number of terms, and the idf of every column."""

    rows: csr_array
    queries: dict[int, csr_array]
    idf: Weights


def stacked(chunks: Sequence[tuple[NDArray, ...]], width: int) -> csr_array:
    """One float32 matrix with indices of 32 bits, from weights, columns and lengths of rows."""
    data, indices, lengths = (np.concatenate(arrays) for arrays in zip(*chunks, strict=True))
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return csr_array((data, indices, indptr), shape=(len(lengths), width))


def weighted(queries: csr_array, idf: Weights) -> csr_array:
    """The same terms with their idf as weights, each row of unit length."""
    data = idf[queries.indices]
    lengths = np.sqrt(np.add.reduceat(data * data, queries.indptr[:-1]))
    data = (data / np.repeat(lengths, np.diff(queries.indptr))).astype(np.float32)
    return csr_array((data, queries.indices, queries.indptr), shape=queries.shape)


def write_corpus(folder: Path, corpus: Corpus) -> None:
    """To a folder, from which the processes that measure read."""
    write_matrix(folder, corpus.rows)
    np.save(folder / "idf.npy", corpus.idf)
    for length, queries in corpus.queries.items():
        save_npz(folder / f"queries-{length}.npz", queries, compressed=False)


def read_queries(folder: Path, length: int) -> csr_array:
    return csr_array(load_npz(folder / f"queries-{length}.npz"))


def write_matrix(folder: Path, rows: csr_array) -> None:
    np.save(folder / "shape.npy", np.array(rows.shape))
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(rows, name))


def read_matrix(folder: Path) -> csr_array:
    """Into memory: compiled code takes a mapped array for another type."""
    arrays = tuple(np.load(folder / f"{name}.npy") for name in _ARRAYS)
    return csr_array(arrays, shape=tuple(np.load(folder / "shape.npy")))
