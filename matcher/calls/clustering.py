"""Demands grouped by topic: average linkage on the cosine of their embeddings.

Two demands are as like as their embeddings, in which single characters count half: on short texts
they find what words miss, but two demands that share 池 and 面 are not yet one topic. Demands of
different fields are a little less like each other. Groups join as long as the mean likeness of
their members reaches a threshold, so a group is never a chain of neighbours.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.spatial.distance import squareform

from matcher.representation import CHARACTER, TfidfRepresentation

FINE: Final = 0.09
USUAL: Final = 0.06
COARSE: Final = 0.045
"""Mean likenesses from which on demands are one topic. Over the 64 demo demands, nearly all on
subjects of their own, 0.06 makes eleven groups of two or three, of which two are no topic."""
_CHARACTER_WEIGHT: Final = 0.5
_OTHER_FIELD: Final = 0.6
_EXACT: Final = 2_000
"""Demands that are compared each with each; of more, neighbourhoods are found first."""
_PART: Final = 1_000
_FACTORS: Final = 64

Groups = list[NDArray[np.intp]]


def clusters(
    representation: TfidfRepresentation,
    rows: csr_array,
    fields: Sequence[str | None],
    near: float = USUAL,
) -> Groups:
    """Places of rows that belong together, the largest group first, then by their first place.

    ``rows`` are embeddings of demands by ``representation``, such as its index holds, ``fields``
    their fields, ``near`` in (0, 1]. Each row is in exactly one group, one without terms in one of
    its own. The same rows in the same order make the same groups.

    Up to 2,000 rows, each is compared with each. More are first parted into neighbourhoods of some
    1,000 by k-means on 64 latent factors; groups do not reach over their borders.
    """
    if not rows.shape[0]:
        return []
    unit, names = _unit(representation, rows), np.array([field or "" for field in fields])
    found = [
        part[group]
        for part in _parts(unit, np.arange(rows.shape[0]))
        for group in _linked(unit[part], names[part], near)
    ]
    return sorted(found, key=lambda group: (-len(group), group[0]))


def likeness(unit: csr_array, fields: NDArray[np.str_]) -> NDArray[np.float32]:
    """How like each row of unit length is to each, in [0, 1], as (n, n)."""
    same: NDArray[np.float32] = (unit @ unit.T).toarray()
    same *= np.where(fields[:, None] == fields[None, :], np.float32(1), np.float32(_OTHER_FIELD))
    return np.clip(same, 0, 1, out=same)


def _unit(representation: TfidfRepresentation, rows: csr_array) -> csr_array:
    """The rows with characters weighed down, of unit length again, zeros where there is nothing.

    Only columns that any of them has are kept: few of those that a representation has.
    """
    weights = np.where(representation.kinds_ == CHARACTER, np.float32(_CHARACTER_WEIGHT), 1)
    width = len(weights)
    data = rows.data * weights[rows.indices % width]
    of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(of, data.astype(np.float64) ** 2, rows.shape[0]))
    scaled = (data / lengths[of]).astype(np.float32)
    used, columns = np.unique(rows.indices, return_inverse=True)
    shape = (rows.shape[0], len(used))
    return csr_array((scaled, columns.astype(np.int32), rows.indptr), shape=shape)


def _linked(unit: csr_array, fields: NDArray[np.str_], near: float) -> Iterator[NDArray[np.intp]]:
    if unit.shape[0] == 1:
        yield np.zeros(1, dtype=np.intp)
        return
    apart = 1 - likeness(unit, fields)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    labels = fcluster(tree, 1 - near, "distance")
    order = np.argsort(labels, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _parts(unit: csr_array, places: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Neighbourhoods that are small enough; one that k-means cannot part is cut as it lies."""
    if len(places) <= _EXACT:
        yield places
        return
    from sklearn.cluster import MiniBatchKMeans  # half a second that most libraries never need
    from sklearn.utils.extmath import randomized_svd

    number = min(_FACTORS, unit.shape[1])
    left, strength, _ = randomized_svd(unit[places], number, n_iter=2, random_state=0)
    parts = MiniBatchKMeans(-(-len(places) // _PART), n_init=1, random_state=0)
    labels = parts.fit_predict(left * strength)
    if np.bincount(labels).max() == len(places):
        labels = np.arange(len(places)) // _EXACT
    for label in np.unique(labels):
        yield from _parts(unit, places[labels == label])
