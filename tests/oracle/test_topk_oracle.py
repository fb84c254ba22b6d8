"""The index of segments against brute force, on a few documents that Hypothesis can shrink."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import Entry, SegmentIndex, policy
from matcher.records import Facets
from matcher.values import COOPERATION_MODES, FIELDS, RESOURCE_KINDS
from tests.oracle.brute_force import best, pairs, passes

WIDTH = 8
REGIONS = ["江苏", "江苏-苏州", "江", "江苏省外", "浙江-杭州", "浙江"]
KINDS = list(RESOURCE_KINDS)
DAYS = ["0001-01-01", "2026-12-31", "2027-01-01", "9999-12-31"]
PROVIDERS = ["甲大学", "乙大学", "甲"]


@pytest.fixture(scope="module", autouse=True)
def _low_boundary() -> Iterator[None]:
    """A few documents are enough to be spread over several segments of the index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "FRESH", 2)
        patch.setattr(policy, "_FACTOR", 2)
        yield


facets = st.builds(
    Facets,
    field=st.none() | st.sampled_from(FIELDS[:3]),
    region=st.none() | st.sampled_from(REGIONS),
    provider=st.none() | st.sampled_from(PROVIDERS),
    cooperation_modes=st.lists(st.sampled_from(COOPERATION_MODES[:3]), unique=True, max_size=3).map(
        tuple
    ),
    maturity=st.none() | st.integers(1, 9),
    kind=st.none() | st.sampled_from(KINDS[:3]),
    date=st.none() | st.sampled_from(DAYS).map(date.fromisoformat),
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
    kinds=some(KINDS),
    date_from=st.none() | st.sampled_from(DAYS),
    date_to=st.none() | st.sampled_from(DAYS),
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
) -> tuple[SegmentIndex, list[tuple[Entry, list[float]]]]:
    index, living = SegmentIndex(WIDTH), {}
    for batch in batches:
        rows = np.array([weights for _, _, weights in batch], dtype=np.float32)
        index.add([Entry(id_, f) for id_, f, _ in batch], csr_array(rows.reshape(-1, WIDTH)))
        living.update({id_: (Entry(id_, f), weights) for id_, f, weights in batch})
    index.remove(removed)
    for id_ in removed:
        living.pop(id_, None)
    return index, list(living.values())


removals = st.lists(st.sampled_from(["b0", "b1", "a0", "甲3", "nobody"]), max_size=3)


@settings(max_examples=150)
@given(
    libraries(whole_weights) | libraries(wide_weights),
    removals,
    whole_weights | wide_weights,
    st.integers(1, 40),
    filters_,
)
def test_ids_scores_and_order_are_those_of_brute_force(
    batches: Any, removed: list[str], query: list[float], k: int, filters: Filters
) -> None:
    index, documents = built(batches, removed)
    row = csr_array(np.array([query], dtype=np.float32))
    entries = [entry for entry, _ in documents]
    dense = np.array([weights for _, weights in documents], dtype=np.float32).reshape(-1, WIDTH)
    expected = best(entries, dense, row, k, lambda entry: passes(entry.facets, filters))
    assert pairs(index.top_k(row, k, filters)) == expected
    assert len(index) == len(documents)
    found, rows = index.get([entry.id for entry in entries])
    assert list(found) == entries
    np.testing.assert_array_equal(rows.toarray(), dense)


@settings(max_examples=50)
@given(libraries(whole_weights), whole_weights)
def test_frequencies_are_at_least_those_of_the_living(batches: Any, query: list[float]) -> None:
    index, documents = built(batches, [])
    columns = np.flatnonzero(query)
    dense = np.array([weights for _, weights in documents]).reshape(-1, WIDTH)
    counted = index.frequencies(columns.astype(np.int32))
    assert counted.shape == columns.shape
    assert (counted >= np.count_nonzero(dense[:, columns], axis=0)).all()


@given(whole_weights, st.integers(2, 12), st.integers(1, 12))
def test_equal_documents_come_in_order_of_id(weights: list[float], count: int, k: int) -> None:
    index = SegmentIndex(WIDTH)
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
