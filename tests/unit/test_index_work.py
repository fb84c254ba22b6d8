"""How much of an index a search looks at, counted: it should be little, and grow slowly."""

from typing import NamedTuple

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import Entry, SegmentIndex, kernel, search, topics
from matcher.records import Facets

WIDTH, TOPICS, TERMS = 4000, 200, 16
RARE = Filters(providers=frozenset({"稀"}))
QUERIES = 40


@pytest.fixture(autouse=True)
def _by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the index is."""
    monkeypatch.setattr(search, "_LOOKUP", 0)


def topical(count: int) -> tuple[csr_array, np.ndarray]:
    """Rows of some terms of a topic and some of all, in no order, and their topics."""
    random = np.random.default_rng(20)
    words = random.integers(100, WIDTH, (TOPICS, 30))
    topic = random.integers(TOPICS, size=count)
    own = words[topic[:, None], random.integers(30, size=(count, TERMS - 4))]
    common = (100 * random.random((count, 4)) ** 3).astype(np.int64)
    columns = np.sort(np.hstack([own, common]), axis=1)
    weights = np.where(columns < 100, 0.1, 0.5 + random.random(columns.shape)).astype(np.float32)
    weights[:, 1:][columns[:, 1:] == columns[:, :-1]] = 0
    ends = np.arange(count + 1) * TERMS
    rows = csr_array((weights.ravel(), columns.ravel().astype(np.int32), ends), (count, WIDTH))
    rows.eliminate_zeros()
    return rows, topic


class Built(NamedTuple):
    index: SegmentIndex
    rows: csr_array
    rare: list[int]


def built(count: int, fewest: int) -> Built:
    """In a thousand documents one passes ``RARE``."""
    rows, _ = topical(count)
    rare = np.random.default_rng(1).choice(count, count // 1000, replace=False).tolist()
    facets = [Facets()] * count
    for number in rare:
        facets[number] = Facets(provider="稀")
    index = SegmentIndex(WIDTH)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_FEWEST", fewest)
        index.add([Entry(f"{n:05}", facet) for n, facet in enumerate(facets)], rows)
    return Built(index, rows, rare)


@pytest.fixture(scope="module")
def large() -> Built:
    return built(20_000, 4)


@pytest.fixture(scope="module")
def small() -> Built:
    return built(5_000, 4)


@pytest.fixture(scope="module")
def unordered() -> Built:
    return built(20_000, 10**9)


class Work(NamedTuple):
    blocks: float
    postings: float


def work(built: Built, k: int = 10, filters: Filters | None = None) -> Work:
    """The means over some queries, each a document with every second of its terms."""
    blocks, postings = 0, 0
    for number in range(QUERIES):
        query = built.rows[[number]]
        query = csr_array(
            (query.data[::2], query.indices[::2], [0, len(query.data[::2])]), (1, WIDTH)
        )
        [found] = built.index.snapshot.search(query, k, filters)
        blocks, postings = blocks + found.blocks, postings + found.postings
    return Work(blocks / QUERIES, postings / QUERIES)


def all_postings(built: Built) -> float:
    """What a search without any pruning would touch, in the mean."""
    frequencies = np.bincount(built.rows.indices, minlength=WIDTH)
    touched = [frequencies[built.rows[[n]].indices[::2]].sum() for n in range(QUERIES)]
    return float(np.mean(touched))


def test_a_search_looks_at_few_blocks_and_few_postings(large: Built) -> None:
    done = work(large)
    assert 0 < done.blocks < 0.1 * (20_000 / 64)
    assert 10 <= done.postings < 0.25 * all_postings(large)


def test_the_work_grows_slower_than_the_documents(small: Built, large: Built) -> None:
    before, after = work(small), work(large)
    assert after.blocks < 2.5 * before.blocks
    assert after.postings < 3 * before.postings


def test_without_an_order_of_topics_a_search_looks_at_far_more_blocks(
    large: Built, unordered: Built
) -> None:
    ordered, shuffled = work(large), work(unordered)
    assert shuffled.blocks > 4 * ordered.blocks
    assert shuffled.postings > 1.2 * ordered.postings


def test_the_order_of_topics_shows_in_no_answer(large: Built, unordered: Built) -> None:
    for number in range(QUERIES):
        query = large.rows[[number]]
        one, other = large.index.top_k(query, 20), unordered.index.top_k(query, 20)
        assert one.ids == other.ids
        assert one.scores.tolist() == other.scores.tolist()


def test_an_order_of_topics_puts_documents_of_a_topic_into_few_blocks(large: Built) -> None:
    _, topic = topical(20_000)
    [part] = large.index.snapshot.parts
    place = part.segment.numbers([f"{number:05}" for number in range(20_000)]) // 64
    blocks = [len(np.unique(place[topic == one])) for one in range(TOPICS)]
    assert np.mean(blocks) < 10  # some 100 documents, which need two at the least


def test_a_larger_k_takes_more_work_but_not_all(large: Built) -> None:
    assert work(large, 1).blocks <= work(large, 10).blocks <= work(large, 100).blocks
    assert work(large, 100).blocks < 0.25 * (20_000 / 64)


@pytest.mark.parametrize("k", [1, 20, 1000])
def test_a_filter_that_few_pass_has_only_their_blocks_looked_at(large: Built, k: int) -> None:
    [part] = large.index.snapshot.parts
    allowed = {int(n) // 64 for n in part.segment.numbers([f"{n:05}" for n in large.rare])}
    for number in range(QUERIES):
        [found] = large.index.snapshot.search(large.rows[[number]], k, RARE)
        assert found.blocks <= len(allowed) <= 20
        assert {int(n) // 64 for n in found.documents} <= allowed
    assert large.index.top_k(large.rows[[0]], k, Filters(providers=frozenset({"无"}))).ids == ()
    [nothing] = large.index.snapshot.search(
        large.rows[[0]], k, Filters(providers=frozenset({"无"}))
    )
    assert (nothing.blocks, nothing.postings) == (0, 0)


def test_removed_documents_take_no_work_once_their_block_is_empty(unordered: Built) -> None:
    [part] = unordered.index.snapshot.parts
    gone = part.without(np.arange(64, 20_000))
    found = gone.best(unordered.rows[[0]], 10, None)
    assert found.blocks <= 1
    assert all(number < 64 for number in found.documents)


def test_a_part_gives_its_best_documents_in_order_equal_ones_by_id() -> None:
    index = SegmentIndex(1)
    weights = [1, 3, 2, 3, 1, 2, 3] * 30
    ids = [f"{number * 101 % 210:03}" for number in range(210)]
    dense = np.array(weights, dtype=np.float32)[:, None]
    index.add([Entry(id_) for id_ in ids], csr_array(dense))
    [found] = index.snapshot.search(csr_array(np.ones((1, 1), np.float32)), 150)
    expected = sorted(range(210), key=lambda n: (-weights[n], ids[n]))[:150]
    assert found.documents.tolist() == expected
    assert found.scores.tolist() == [weights[n] for n in expected]


def test_what_bounds_do_not_narrow_goes_by_term(
    large: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are tried by block; common terms are in all documents, so each has to be looked at."""
    monkeypatch.setattr(search, "_FEWEST", -1000)
    monkeypatch.setattr(search, "_LOOKUP", 5)
    [part] = large.index.snapshot.parts
    [narrow] = large.index.snapshot.search(large.rows[[3]], 300)
    assert narrow.blocks > kernel.TRIAL + 300 // 16
    assert part.segment.search.lists is None
    monkeypatch.setattr(search, "_LOOKUP", 30)
    columns = np.arange(10, dtype=np.int32)
    query = csr_array((np.ones(10, np.float32), columns, [0, 10]), (1, WIDTH))
    [broad] = large.index.snapshot.search(query, 10)
    assert part.segment.search.lists is not None
    assert broad.postings == np.count_nonzero(large.rows.indices < 10)
