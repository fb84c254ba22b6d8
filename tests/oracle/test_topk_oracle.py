"""The exact index against brute force on dense arrays and a predicate in plain Python."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import Entry, ExactIndex, exact
from matcher.records import Facets
from matcher.values import COOPERATION_MODES, FIELDS

WIDTH = 8
REGIONS = ["江苏", "江苏-苏州", "江", "江苏省外", "浙江-杭州", "浙江"]
PROVIDERS = ["甲大学", "乙大学", "甲"]


@pytest.fixture(scope="module", autouse=True)
def _low_boundary() -> Iterator[None]:
    """A few documents are enough to be spread over both parts of the index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "_FOLD_AT", 4)
        yield


def passes(facets: Facets, filters: Filters) -> bool:
    """What ``Filters`` promises, one record at a time."""
    region = facets.region or ""
    low, high = filters.maturity_min, filters.maturity_max
    return (
        (not filters.fields or facets.field in filters.fields)
        and (
            not filters.regions
            or any(region == r or region.startswith(r + "-") for r in filters.regions)
        )
        and (not filters.providers or facets.provider in filters.providers)
        and (
            not filters.cooperation_modes
            or bool(filters.cooperation_modes & set(facets.cooperation_modes))
        )
        and (low is None or (facets.maturity is not None and facets.maturity >= low))
        and (high is None or (facets.maturity is not None and facets.maturity <= high))
    )


def brute_force(
    documents: Sequence[tuple[Entry, Sequence[float]]],
    query: NDArray[np.float32],
    k: int,
    filters: Filters,
) -> list[tuple[str, float]]:
    scores = {
        entry.id: float(np.array(weights, dtype=np.float32) @ query)
        for entry, weights in documents
        if passes(entry.facets, filters)
    }
    found = [(id_, score) for id_, score in scores.items() if score > 0.0]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]


facets = st.builds(
    Facets,
    field=st.none() | st.sampled_from(FIELDS[:3]),
    region=st.none() | st.sampled_from(REGIONS),
    provider=st.none() | st.sampled_from(PROVIDERS),
    cooperation_modes=st.lists(st.sampled_from(COOPERATION_MODES[:3]), unique=True, max_size=3).map(
        tuple
    ),
    maturity=st.none() | st.integers(1, 9),
)


def some(values: Sequence[str]) -> st.SearchStrategy[frozenset[str]]:
    """Mostly no condition, so that several conditions at once leave something over."""
    return st.just(frozenset()) | st.frozensets(st.sampled_from(values), min_size=1, max_size=2)


filters_ = st.just(Filters()) | st.builds(
    Filters,
    fields=some(FIELDS[:4]),
    regions=some([*REGIONS, "北京"]),
    providers=some([*PROVIDERS, "丙大学"]),
    cooperation_modes=some(COOPERATION_MODES[:4]),
    maturity_min=st.none() | st.integers(1, 9),
    maturity_max=st.none() | st.integers(1, 9),
)

# Small whole numbers are exact in float32 and make many ties; zeros make the rows sparse.
whole_weights = st.lists(st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0]), min_size=WIDTH, max_size=WIDTH)
# From about 1e-6 to about 1e6.
wide_weights = st.lists(
    st.just(0.0) | st.floats(2.0**-20, 2.0**20, width=32), min_size=WIDTH, max_size=WIDTH
)


def libraries(weights: st.SearchStrategy[list[float]]) -> st.SearchStrategy[Any]:
    """Batches of (id, facets, weights); an id that comes again replaces what it named."""
    ids = st.sampled_from([f"{letter}{number}" for letter in "ba甲" for number in range(8)])
    batch = st.lists(st.tuples(ids, facets, weights), max_size=8)
    return st.lists(batch, max_size=5)


def built(
    batches: Sequence[Sequence[tuple[str, Facets, list[float]]]], removed: Sequence[str]
) -> tuple[ExactIndex, list[tuple[Entry, list[float]]]]:
    index, living = ExactIndex(WIDTH), {}
    for batch in batches:
        rows = np.array([weights for _, _, weights in batch], dtype=np.float32)
        index.add([Entry(id_, f) for id_, f, _ in batch], csr_array(rows.reshape(-1, WIDTH)))
        living.update({id_: (Entry(id_, f), weights) for id_, f, weights in batch})
    index.remove(removed)
    for id_ in removed:
        living.pop(id_, None)
    return index, list(living.values())


removals = st.lists(st.sampled_from(["b0", "b1", "a0", "甲3", "nobody"]), max_size=3)


@settings(max_examples=200)
@given(libraries(whole_weights), removals, whole_weights, st.integers(1, 40), filters_)
def test_ids_scores_and_order_are_those_of_brute_force(
    batches: Any, removed: list[str], query: list[float], k: int, filters: Filters
) -> None:
    index, documents = built(batches, removed)
    row = np.array([query], dtype=np.float32)
    hits = index.top_k(csr_array(row), k, filters)
    found = list(zip(hits.ids, hits.scores.tolist(), strict=True))
    assert found == brute_force(documents, row[0], k, filters)
    assert len(index) == len(documents)


@settings(max_examples=100)
@given(libraries(wide_weights), wide_weights, st.integers(1, 40), filters_)
def test_weights_of_any_size_are_summed_as_brute_force_sums_them(
    batches: Any, query: list[float], k: int, filters: Filters
) -> None:
    index, documents = built(batches, [])
    row = np.array([query], dtype=np.float32)
    hits = index.top_k(csr_array(row), k, filters)
    expected = brute_force(documents, row[0], k, filters)
    everything = dict(brute_force(documents, row[0], len(documents) + 1, filters))
    # Scores that differ by rounding only may change places, so compare places by score.
    assert hits.scores.tolist() == pytest.approx([score for _, score in expected], rel=1e-5)
    for id_, score in zip(hits.ids, hits.scores.tolist(), strict=True):
        assert score == pytest.approx(everything[id_], rel=1e-5)
    order = list(zip((-hits.scores).tolist(), hits.ids, strict=True))
    assert order == sorted(order)
    assert len(set(hits.ids)) == len(hits.ids)


@settings(max_examples=50)
@given(libraries(whole_weights), whole_weights)
def test_frequencies_are_at_least_those_of_the_living(batches: Any, query: list[float]) -> None:
    index, documents = built(batches, [])
    columns = np.flatnonzero(query)
    dense = np.array([weights for _, weights in documents]).reshape(-1, WIDTH)
    counted = index.frequencies(csr_array(np.array([query], dtype=np.float32)))
    assert counted.shape == columns.shape
    assert (counted >= np.count_nonzero(dense[:, columns], axis=0)).all()


@given(whole_weights, st.integers(2, 12), st.integers(1, 12))
def test_equal_documents_come_in_order_of_id(weights: list[float], count: int, k: int) -> None:
    index = ExactIndex(WIDTH)
    ids = [f"{number * 7 % 13:02}" for number in range(count)]
    for id_ in ids:
        index.add([Entry(id_)], csr_array(np.array([weights], dtype=np.float32)))
    query = csr_array(np.ones((1, WIDTH), dtype=np.float32))
    expected = sorted(ids)[:k] if any(weights) else []
    assert list(index.top_k(query, k).ids) == expected


@settings(max_examples=30)
@given(libraries(whole_weights))
def test_nothing_is_found_where_everything_is_filtered_out(batches: Any) -> None:
    index, _ = built(batches, [])
    query = csr_array(np.ones((1, WIDTH), dtype=np.float32))
    assert index.top_k(query, 50, Filters(regions=frozenset({"北京"}))).ids == ()
