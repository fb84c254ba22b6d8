"""An order of documents that puts like beside like, so that most blocks can be passed over.

Documents are projected on latent factors, and clustered again and again until a cluster is no
larger than a block; clusters follow their nearest neighbours. Cf. Mackenzie, Petri, Moffat, "Faster
Index Reordering with Bipartite Graph Partitioning", SIGIR 2021, for what such an order is worth.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.utils.extmath import randomized_svd

from matcher.compiled import compiled
from matcher.index.postings import BLOCK, Floats, Ints

_FEWEST: Final = 10_000
"""Documents from which on an order pays: below, a search looks at few blocks anyway."""
_FACTORS: Final = 64
_SAMPLE: Final = 10_000
_COLUMNS: Final = 30_000
"""The most frequent columns, which the factors are made of."""
_FAN: Final = 64
"""Clusters into which one is divided."""
_ROUNDS: Final = 6

Latent = Floats


def topic_order(
    rows: csr_array, frequencies: NDArray[np.int32], columns: NDArray[np.int32]
) -> NDArray[np.int64]:
    """A permutation of the rows; the same for the same rows.

    ``frequencies`` (T,) are the numbers of rows in which the ``columns`` (T,) occur.
    """
    n = rows.shape[0]
    if n < _FEWEST or not len(columns):
        return np.arange(n)
    frequent = columns[np.argsort(-frequencies, kind="stable")[:_COLUMNS]]
    random = np.random.default_rng(0)
    factors = _factors(rows, np.sort(frequent), random)
    return _divided(_projected(rows, factors), np.arange(n), random)


def _factors(rows: csr_array, columns: NDArray[np.int32], random: np.random.Generator) -> Latent:
    """The latent factors of a sample: float32 (width, 64), zero beyond ``columns``."""
    chosen = np.sort(random.choice(rows.shape[0], min(_SAMPLE, rows.shape[0]), replace=False))
    place = np.full(rows.shape[1], -1, dtype=np.int32)
    place[columns] = np.arange(len(columns))
    sample = rows[chosen]
    kept = place[sample.indices] >= 0
    ends = np.concatenate([[0], np.cumsum(kept)])[sample.indptr]
    shape = (len(chosen), len(columns))
    frequent = csr_array((sample.data[kept], place[sample.indices[kept]], ends), shape=shape)
    count = min(_FACTORS, *shape)
    # The sample has fewer rows than columns: iterating on that side is cheap.
    _, _, vectors = randomized_svd(
        frequent, count, n_iter=2, power_iteration_normalizer="LU", transpose=False, random_state=0
    )
    factors = np.zeros((rows.shape[1], _FACTORS), dtype=np.float32)
    factors[columns, :count] = vectors.T
    return factors


def _projected(rows: csr_array, factors: Latent) -> Latent:
    """The rows in the space of the factors, each of unit length, on two threads: (n, 64)."""
    latent = np.zeros((rows.shape[0], factors.shape[1]), dtype=np.float32)
    bounds = np.linspace(0, rows.shape[0], 9).astype(np.int64)
    with ThreadPoolExecutor(2) as pool:
        work = (
            pool.submit(project, rows.indptr, rows.indices, rows.data, factors, latent, first, last)
            for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        )
        for done in list(work):
            done.result()
    return latent


@compiled(fastmath=True)
def project(
    indptr: Ints,
    columns: Ints,
    weights: Floats,
    factors: Floats,
    latent: Floats,
    first: int,
    last: int,
) -> None:
    """Fill ``latent[first:last]``."""
    for row in range(first, last):
        target = latent[row]
        for at in range(indptr[row], indptr[row + 1]):
            factor = factors[columns[at]]
            for i in range(len(target)):
                target[i] += weights[at] * factor[i]
        length = np.sqrt(np.dot(target, target))
        if length > 0.0:
            target /= length


def _divided(
    latent: Latent, members: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.int64]:
    """The members of a cluster in order, its parts one behind the other."""
    if len(members) <= BLOCK:
        return members
    inside = latent[members]
    centres = _centres(inside, min(_FAN, -(-len(members) // BLOCK)), random)
    nearest = _nearest(inside, centres)
    parts = [members[nearest == number] for number in _chain(centres)]
    if max(map(len, parts)) == len(members):  # all alike
        return members
    return np.concatenate([_divided(latent, part, random) for part in parts])


def _centres(latent: Latent, count: int, random: np.random.Generator) -> Latent:
    """The centres of clusters by spherical k-means on a sample."""
    size = min(len(latent), max(20 * count, 4096))
    sample = latent[random.choice(len(latent), size, replace=False)]
    centres = sample[:count].copy()
    for _ in range(_ROUNDS):
        nearest = _nearest(sample, centres)
        sums = (nearest == np.arange(count)[:, None]).astype(np.float32) @ sample
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres


def _nearest(latent: Latent, centres: Latent, chunk: int = 1 << 16) -> NDArray[np.intp]:
    """The centre that each row is most like."""
    parts = (latent[i : i + chunk] @ centres.T for i in range(0, len(latent), chunk))
    return np.concatenate([part.argmax(axis=1) for part in parts])


def _chain(centres: Latent) -> list[int]:
    """The centres, each followed by the one most like it that is left."""
    likeness = centres @ centres.T
    order = [0]
    likeness[:, 0] = -np.inf
    while len(order) < len(centres):
        order.append(int(likeness[order[-1]].argmax()))
        likeness[:, order[-1]] = -np.inf
    return order
