"""Long queries, answered by term, against the search by block: the same documents and scores."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array, random_array

from matcher.index import Entry, search
from matcher.index.documents import Documents
from matcher.index.lists import CHUNK, Lists
from matcher.index.postings import Found
from matcher.index.segment import Segment, words_of

COUNT, WIDTH = CHUNK + 1000, 90


@pytest.fixture(scope="module")
def filled() -> Segment:
    """More than a chunk; weights of few values, so that many scores are equal."""
    generator = np.random.default_rng(3)
    rows = csr_array(random_array((COUNT, WIDTH), density=0.15, rng=generator, dtype=np.float32))
    rows.data = np.ceil(rows.data * 3).astype(np.float32)
    entries = [Entry(f"{number:06}") for number in generator.permutation(COUNT)]
    return Segment.of(Documents.of(entries), rows)


def test_the_lists_hold_every_posting_once(filled: Segment) -> None:
    lists = Lists.of(filled.postings)
    assert len(lists.weights) == filled.sizes.sum()
    assert np.diff(lists.starts, axis=1).sum(axis=1).tolist() == filled.frequencies.tolist()


@pytest.mark.parametrize("k", [1, 20, 200])
@pytest.mark.parametrize("share", [1.0, 0.3, 0.001])
def test_long_queries_find_what_short_ones_would(
    filled: Segment, k: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(k)
    passing = words_of(generator.random(len(filled.documents)) < share) & filled.exists
    for terms in (40, 80):
        query = asked(generator.permutation(WIDTH)[:terms], generator.random(terms))
        by_term, by_block = (
            found_in(filled, query, k, passing, lookup, monkeypatch) for lookup in (10**6, 0)
        )
        assert by_term.documents.tolist() == by_block.documents.tolist()
        assert by_term.scores.tolist() == by_block.scores.tolist()
        assert by_term.postings != by_block.postings  # two ways indeed


def test_a_long_query_is_answered_by_term_and_a_short_or_narrow_one_by_block(
    filled: Segment,
) -> None:
    query, whole = asked(np.arange(40), np.ones(40)), int(filled.frequencies[:40].sum())
    assert filled.best(query, 5, filled.exists).postings == whole
    assert filled.best(query, 5, words_of(np.arange(COUNT) == 7)).postings < whole
    assert filled.best(asked(np.arange(1), np.ones(1)), 5, filled.exists).blocks < COUNT // 64


def found_in(
    filled: Segment, query: csr_array, k: int, passing: NDArray[np.uint64], lookup: int, patch: Any
) -> Found:
    """What is found when to look up a term in a block costs this much."""
    with patch.context() as patched:
        patched.setattr(search, "_LOOKUP", lookup)
        return filled.best(query, k, passing)


def asked(columns: NDArray[np.int64], weights: NDArray[np.float64]) -> csr_array:
    order = np.argsort(columns)
    parts = (weights[order].astype(np.float32), columns[order].astype(np.int32), [0, len(columns)])
    return csr_array(parts, shape=(1, WIDTH))
