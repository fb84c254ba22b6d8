"""What a search should find, computed one document at a time."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import Entry, Hits
from matcher.records import Facets


def passes(facets: Facets, filters: Filters) -> bool:
    """What ``Filters`` promises, one record at a time."""
    region = facets.region or ""
    low, high = filters.maturity_min, filters.maturity_max
    day = facets.date.isoformat() if facets.date else None
    first, last = filters.date_from, filters.date_to
    return (
        (not filters.fields or facets.field in filters.fields)
        and (
            not filters.regions
            or any(region == r or region.startswith(r + "-") for r in filters.regions)
        )
        and (not filters.providers or facets.provider in filters.providers)
        and (not filters.kinds or facets.kind in filters.kinds)
        and (
            not filters.cooperation_modes
            or bool(filters.cooperation_modes & set(facets.cooperation_modes))
        )
        and (low is None or (facets.maturity is not None and facets.maturity >= low))
        and (high is None or (facets.maturity is not None and facets.maturity <= high))
        and (first is None or day is None or day >= first)
        and (last is None or (day is not None and day <= last))
    )


def sums(dense: NDArray[np.float32], query: csr_array) -> NDArray[np.float32]:
    """Inner products summed in float64 by ascending column, and rounded once."""
    total = np.zeros(len(dense))
    weights = query.toarray()[0].astype(np.float64)
    for column in np.flatnonzero(weights):
        total += weights[column] * dense[:, column].astype(np.float64)
    return total.astype(np.float32)


def best(
    entries: Sequence[Entry],
    dense: NDArray[np.float32],
    query: csr_array,
    k: int,
    may_be_found: Callable[[Entry], bool] = lambda _: True,
) -> list[tuple[str, float]]:
    """The ids and scores of the k best, equal ones in order of id."""
    found = [
        (entry.id, score)
        for entry, score in zip(entries, sums(dense, query).tolist(), strict=True)
        if score > 0.0 and may_be_found(entry)
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]


def pairs(hits: Hits) -> list[tuple[str, float]]:
    """The ids and scores of what a search found."""
    return list(zip(hits.ids, hits.scores.tolist(), strict=True))
