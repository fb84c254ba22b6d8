"""Long queries in large segments, by coarse scores, against the search by block and brute force."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array, random_array

from matcher.index import Entry, SegmentIndex, coarse, forward, search, store
from matcher.index.adding import coarse_scores
from matcher.index.coarse import Coarse
from matcher.index.documents import Documents
from matcher.index.forward import Forward
from matcher.index.lists import CHUNK
from matcher.index.opening import read_segment
from matcher.index.postings import Found
from matcher.index.refining import search_coarse
from matcher.index.segment import Segment, words_of
from tests.oracle.brute_force import best, pairs

COUNT, WIDTH = CHUNK + 1000, 90
BY_TERM, BY_BLOCK = 10**6, 0
"""What it costs to look up a term in a block."""


@pytest.fixture(autouse=True)
def _every_segment_is_large_and_every_query_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SMALL", 0)
    monkeypatch.setattr(search, "_LONG", 0)


def strewn(kind: str) -> Segment:
    """More than a chunk; some terms are in half of all documents, others in one of a hundred."""
    generator = np.random.default_rng(3)
    parts = [
        random_array((COUNT, WIDTH // 3), density=share, rng=generator, dtype=np.float32).tocsc()
        for share in (0.5, 0.1, 0.01)
    ]
    dense = np.hstack([part.toarray() for part in parts])[:, generator.permutation(WIDTH)]
    rows = csr_array(dense)
    if kind == "few":  # so that many scores are equal
        rows.data = np.ceil(rows.data * 3).astype(np.float32)
    if kind == "same":
        rows = csr_array(np.ones((COUNT, WIDTH), dtype=np.float32))
    entries = [Entry(f"{number:06}") for number in generator.permutation(COUNT)]
    return Segment.of(Documents.of(entries), rows)


@pytest.fixture(scope="module", params=["many", "few", "same"])
def filled(request: pytest.FixtureRequest) -> Segment:
    return strewn(request.param)


def test_every_posting_is_kept_once_rounded_up(filled: Segment) -> None:
    made = Coarse.of(filled.postings, filled.frequencies)
    is_common = made.common >= 0
    counted = np.diff(made.starts, axis=1).sum(axis=1)
    counted[is_common] = np.count_nonzero(made.dense, axis=1)
    assert counted.tolist() == filled.frequencies.tolist()
    rows = filled.rows(np.arange(COUNT)).tocsc()
    for term in np.flatnonzero(is_common):
        weights, scale = rows[:, [term]].toarray().ravel(), filled.postings.scales[term]
        codes = made.dense[made.common[term], :COUNT].astype(np.float32)
        assert (codes * scale >= weights).all()
        assert ((codes - 1) * scale < weights)[codes > 0].all()


def test_coarse_scores_are_no_less_than_exact_ones_and_hardly_more(filled: Segment) -> None:
    generator = np.random.default_rng(5)
    made, rows = Coarse.of(filled.postings, filled.frequencies), filled.rows(np.arange(COUNT))
    terms = generator.permutation(WIDTH)[:50].astype(np.int32)
    weights = generator.random(50).astype(np.float32)
    scores = np.empty(made.dense.shape[1], dtype=np.float32)
    shares = weights * filled.postings.scales[terms]
    coarse_scores(made, terms, shares, scores)
    exact = rows[:, terms].astype(np.float64) @ weights.astype(np.float64)
    assert (scores[:COUNT] >= exact).all()
    assert (scores[:COUNT] <= exact * (1 + 1e-4) + shares.sum()).all()
    assert (scores[COUNT:] == 0).all()


@pytest.mark.parametrize("k", [1, 20, 200, COUNT])
@pytest.mark.parametrize("share", [1.0, 0.3, 0.001])
def test_the_same_is_found_as_by_block_with_the_rows(
    filled: Segment, k: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(k)
    passing = words_of(generator.random(len(filled.documents)) < share) & filled.exists
    for terms in (2, 40, 80):
        query = asked(generator.permutation(WIDTH)[:terms], generator.random(terms))
        by_term, by_block = (
            found_in(filled, query, k, passing, lookup, monkeypatch)
            for lookup in (BY_TERM, BY_BLOCK)
        )
        assert by_block.rows is None
        assert by_term.rows is not None  # two ways indeed
        assert by_term.documents.tolist() == by_block.documents.tolist()
        assert by_term.scores.tolist() == by_block.scores.tolist()
        known, gathered = filled.matrix(*by_term.rows), filled.rows(by_block.documents)
        assert known.shape == gathered.shape
        assert vars(known).keys() == vars(gathered).keys()
        assert known.indptr.tolist() == gathered.indptr.tolist()
        assert known.indices.tolist() == gathered.indices.tolist()
        assert known.data.tolist() == gathered.data.tolist()


def test_rows_by_document_are_those_gathered_from_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward, "_PIECE", 1000)
    filled = strewn("many")
    store.write_segment(tmp_path, WIDTH, filled.put)
    [folder] = tmp_path.iterdir()
    stored, generator = read_segment(folder), np.random.default_rng(2)
    for count in (0, 1, 500, COUNT):
        numbers = generator.permutation(COUNT)[:count]
        expected = filled.gathered(numbers)  # nothing is kept by document where nobody searched
        assert filled.search.forward is None
        with monkeypatch.context() as patched:
            patched.setattr(search, "gather", None)
            found = stored.gathered(numbers)
        assert found.shape == expected.shape
        assert found.indptr.tolist() == expected.indptr.tolist()
        assert found.indices.tolist() == expected.indices.tolist()
        assert found.data.tolist() == expected.data.tolist()


def test_what_is_stored_is_found_beside_the_rest_and_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = strewn("many")
    store.write_segment(tmp_path, WIDTH, filled.put)
    [folder] = tmp_path.iterdir()
    made, stored = Coarse.of(filled.postings, filled.frequencies), read_segment(folder)
    rows = Forward.of(filled.postings, filled.sizes)
    for there, here in (stored.search.coarse, made), (stored.search.forward, rows):
        for array, expected in zip(there, here, strict=True):
            assert array.dtype == expected.dtype
            assert np.array_equal(array, expected)
            assert not array.flags.writeable
    query = asked(np.arange(WIDTH), np.ones(WIDTH))
    expected = found_in(filled, query, 200, filled.exists, BY_TERM, monkeypatch)
    monkeypatch.setattr(coarse, "_filled", None)
    monkeypatch.setattr(forward, "gather", None)
    monkeypatch.setattr(search_coarse, "_can_compile", False)  # one kind of arrays, either way
    found = found_in(stored, query, 200, stored.exists, BY_TERM, monkeypatch)
    assert found.rows is not None
    assert found.documents.tolist() == expected.documents.tolist()
    assert found.scores.tolist() == expected.scores.tolist()


def test_few_blocks_are_looked_up_beside_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    segment, generator = strewn("many"), np.random.default_rng(8)
    blocks = []
    for _ in range(10):
        query = asked(generator.permutation(WIDTH)[:60], generator.random(60))
        found = found_in(segment, query, 100, segment.exists, BY_TERM, monkeypatch)
        blocks.append(found.blocks)
    assert 0 < np.mean(blocks) < 0.2 * COUNT / 64


def test_what_no_coarse_score_told_of_is_found_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two documents whose coarse scores are in the wrong order."""
    rows = np.zeros((64 * 40, 3), dtype=np.float32)
    rows[:, 0] = 0.01
    rows[0] = [0, 255, 255]  # the scales
    rows[70], rows[2000] = [0, 100.01, 1.01], [0, 100.9, 1.0]
    segment = Segment.of(
        Documents.of([Entry(f"{n:04}") for n in range(len(rows))]), csr_array(rows)
    )
    query = asked(np.array([1, 2]), np.array([1, 1]))
    found = found_in(segment, query, 2, segment.exists, BY_TERM, monkeypatch)
    expected = found_in(segment, query, 2, segment.exists, BY_BLOCK, monkeypatch)
    assert found.documents.tolist() == expected.documents.tolist()
    assert found.scores.tolist() == [510, np.float32(101.9)]
    assert found.blocks == 1
    assert (
        segment.matrix(*found.rows).toarray().tolist()
        == segment.rows(expected.documents).toarray().tolist()
    )


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.sampled_from([1, 2, 63, 64, 65, 500, 2049]),
    width=st.sampled_from([1, 2, 17, 130]),
    density=st.sampled_from([0.02, 0.2, 0.9]),
    wide=st.booleans(),
)
def test_whatever_the_data_the_answers_are_those_of_brute_force(
    seed: int, count: int, width: int, density: float, wide: bool
) -> None:
    random = np.random.default_rng(seed)
    weights = 10.0 ** random.uniform(-6, 6, (count, width)) if wide else np.ones((count, width))
    dense = np.where(random.random((count, width)) < density, weights, 0).astype(np.float32)
    entries = [Entry(f"{n:05}") for n in random.permutation(count).tolist()]
    index = SegmentIndex(width)
    index.add(entries, csr_array(dense))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_LOOKUP", BY_TERM)
        patch.setattr(search, "_FEWEST", 10**6)
        for k in (1, 3, 64, count + 5):
            values = 10.0 ** random.uniform(-6, 6, width)
            query = asked(random.permutation(width), values)
            query = csr_array((query.data, query.indices, query.indptr), shape=(1, width))
            hits = index.top_k(query, k)
            assert pairs(hits) == best(entries, dense, query, k)
            place = {entry.id: i for i, entry in enumerate(entries)}
            expected = dense[[place[id_] for id_ in hits.ids]].reshape(-1, width)
            np.testing.assert_array_equal(hits.rows.toarray(), expected)


def found_in(
    filled: Segment, query: csr_array, k: int, passing: NDArray[np.uint64], lookup: int, patch: Any
) -> Found:
    """What is found when to look up a term in a block costs this much."""
    with patch.context() as patched:
        patched.setattr(search, "_LOOKUP", lookup)
        patched.setattr(search, "_FEWEST", 10**6 if lookup else 0)
        return filled.best(query, k, passing)


def asked(columns: NDArray[np.int64], weights: NDArray[np.float64]) -> csr_array:
    order = np.argsort(columns)
    parts = (weights[order].astype(np.float32), columns[order].astype(np.int32), [0, len(columns)])
    return csr_array(parts, shape=(1, WIDTH))
