"""The index of segments against brute force on enough documents for blocks and superblocks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import Entry, SegmentIndex, packing, topics, writer
from matcher.records import Facets
from tests.oracle.brute_force import best, pairs, passes
from tests.oracle.exact_index import ExactIndex

SIZES = [1, 2, 63, 64, 65, 127, 128, 129, 500, 2047, 2048, 2049]
ORDERS = ["ascending", "descending", "shuffled"]
WEIGHTS = ["ones", "whole", "wide", "alike"]
RIPE = Filters(maturity_min=8)
Knobs = Mapping[str, int | None]


@contextmanager
def turned(knobs: Knobs) -> Iterator[None]:
    """Limits of packing that small data never reach, lowered; None leaves one as it is."""
    places = {
        "most_postings": (packing, "MOST_POSTINGS"),
        "groups": (packing, "_MOST_GROUPS"),
        "dense": (packing, "_DENSE"),
        "range": (packing, "_range_size"),
        "topics": (topics, "_FEWEST"),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in knobs.items():
            if value is not None:
                patch.setattr(*places[name], (lambda *_, n=value: n) if name == "range" else value)
        yield


def documents(
    random: np.random.Generator, count: int, width: int, density: float, kind: str
) -> NDArray[np.float32]:
    """Random rows; some of them have no term, and one column may occur everywhere."""
    mask = random.random((count, width)) < density
    mask[random.random(count) < 0.05] = False
    if random.random() < 0.5:
        mask[:, random.integers(width)] = True
    if kind == "ones":
        weights = np.ones((count, width))
    elif kind == "whole":
        weights = random.integers(1, 4, (count, width)).astype(float)
    elif kind == "wide":
        weights = 10.0 ** random.uniform(-6, 6, (count, width))
    else:  # few different rows, so that most have equals in other blocks
        few = 10.0 ** random.uniform(-3, 3, (5, width))
        chosen = random.integers(5, size=count)
        return np.asarray(np.where(random.random((5, width)) < 0.5, few, 0)[chosen], np.float32)
    return np.where(mask, weights, 0).astype(np.float32)


def named(random: np.random.Generator, count: int, order: str) -> list[Entry]:
    numbers = np.arange(count)
    if order == "descending":
        numbers = numbers[::-1]
    elif order == "shuffled":
        numbers = random.permutation(count)
    maturity = random.integers(0, 10, count).tolist()
    return [
        Entry(f"{number:05}", Facets(maturity=m or None), str(number))
        for number, m in zip(numbers.tolist(), maturity, strict=True)
    ]


def query_of(random: np.random.Generator, columns: NDArray[np.int64], width: int) -> csr_array:
    """Weights from 1e-6 to 1e6 or all 1, the columns in any order."""
    columns = random.permutation(columns).astype(np.int32)
    weights = np.ones(len(columns)) if random.random() < 0.5 else 10 ** random.uniform(-6, 6, width)
    data = weights[: len(columns)].astype(np.float32)
    return csr_array((data, columns, [0, len(columns)]), shape=(1, width))


@settings(max_examples=80)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.sampled_from(SIZES),
    width=st.sampled_from([1, 2, 3, 17, 64, 65, 130]),
    density=st.sampled_from([0.02, 0.2, 0.9]),
    kind=st.sampled_from(WEIGHTS),
    order=st.sampled_from(ORDERS),
    parts=st.sampled_from([1, 1, 2, 5]),
    knobs=st.fixed_dictionaries(
        {
            "most_postings": st.sampled_from([None, None, 130, 150, 2000]),
            "groups": st.sampled_from([None, 1, 2, 3, 16]),
            "dense": st.sampled_from([None, 0, 1, 10_000]),
            "range": st.sampled_from([None, 64, 192, 1024]),
            "topics": st.sampled_from([None, 4]),
        }
    ),
)
def test_whatever_the_data_and_their_layout_the_answers_are_those_of_brute_force(
    seed: int,
    count: int,
    width: int,
    density: float,
    kind: str,
    order: str,
    parts: int,
    knobs: Knobs,
) -> None:
    random = np.random.default_rng(seed)
    dense, entries = documents(random, count, width, density, kind), named(random, count, order)
    index = SegmentIndex(width)
    with turned(knobs), pytest.MonkeyPatch.context() as patch:
        if parts > 1:
            patch.setattr(writer, "to_fold", lambda *_: ())
        for chosen in np.array_split(np.arange(count), parts):
            index.add([entries[i] for i in chosen], csr_array(dense[chosen]))
        kept = list(range(count))
        if random.random() < 0.5:
            gone = set(random.choice(count, count // 3, replace=False).tolist())
            index.remove({entries[i].id for i in gone})
            kept = [i for i in kept if i not in gone]
    entries, dense = [entries[i] for i in kept], dense[kept]
    assert len(index) == len(kept)
    for asked in [np.arange(width), random.choice(width, min(3, width), replace=False)]:
        query = query_of(random, asked, width)
        for k in (1, 3, 64, count + 5):
            assert pairs(index.top_k(query, k)) == best(entries, dense, query, k)
        expected = best(entries, dense, query, 7, is_ripe)
        assert pairs(index.top_k(query, 7, RIPE)) == expected
        assert index.top_k(query, 7, Filters(fields=frozenset({"新材料"}))).ids == ()
        occurs = np.count_nonzero(dense[:, query.indices], axis=0)
        assert (index.frequencies(query.indices) >= occurs).all()
    places = random.permutation(len(kept))[:100]
    found, rows = index.get([entries[i].id for i in places])
    assert found == tuple(entries[i] for i in places)
    np.testing.assert_array_equal(rows.toarray(), dense[places])
    assert rows.has_canonical_format
    hits = index.top_k(query, 50)
    place = {entry.id: i for i, entry in enumerate(entries)}
    expected_rows = dense[[place[id_] for id_ in hits.ids]].reshape(-1, width)
    np.testing.assert_array_equal(hits.rows.toarray(), expected_rows)


def is_ripe(entry: Entry) -> bool:
    return passes(entry.facets, RIPE)


@pytest.mark.parametrize("count", [64, 65, 2048, 2049, 4200])
@pytest.mark.parametrize("order", ORDERS)
def test_equal_documents_of_all_blocks_come_in_order_of_id(count: int, order: str) -> None:
    random = np.random.default_rng(1)
    entries = named(random, count, order)
    index = SegmentIndex(3)
    index.add(entries, csr_array(np.tile(np.array([[0.1, 0.7, 0]], np.float32), (count, 1))))
    query = csr_array(np.array([[0.3, 1, 5]], dtype=np.float32))
    ids = sorted(entry.id for entry in entries)
    for k in (1, 63, 64, 65, count - 1, count, count + 1):
        assert list(index.top_k(query, k).ids) == ids[:k]


@pytest.mark.parametrize("last", [1, 63, 64])
@pytest.mark.parametrize("blocks", [0, 1, 31, 32, 63])
def test_the_last_document_is_found_wherever_blocks_and_superblocks_end(
    blocks: int, last: int
) -> None:
    count = blocks * 64 + last
    dense = np.ones((count, 2), dtype=np.float32)
    dense[:, 1] = 0
    dense[-1] = [2, 1]
    dense[0, 0] = 3
    index = SegmentIndex(2)
    index.add([Entry(f"{number:05}") for number in range(count)], csr_array(dense))
    final, first = f"{count - 1:05}", "00000"
    assert index.top_k(csr_array(np.array([[1, 2]], np.float32)), 1).ids == (
        (final,) if count > 1 else (first,)
    )
    assert index.top_k(csr_array(np.array([[0, 1]], np.float32)), 9).ids == (final,)
    assert index.top_k(csr_array(np.array([[1, 0]], np.float32)), 2).ids == (
        (first, final) if count > 1 else (first,)
    )


@pytest.mark.parametrize("everywhere", [True, False], ids=["dense", "sparse"])
@pytest.mark.parametrize("apart", [64, 64 * 40], ids=["other block", "other superblock"])
def test_what_rounding_loses_from_a_bound_loses_no_document(apart: int, everywhere: bool) -> None:
    """1 + 2**-25 is 1 in float32: a bound that is summed so is less than the exact score."""
    small, count = 1000, 64 * 72
    one = np.full(small + 1, 2.0**-25, dtype=np.float32)
    one[0] = 1
    ends = np.arange(count + 1) * (small + 1)
    if everywhere:
        data, lower = np.tile(one, (count, 1)), np.float32(0.5)
        data[1:] *= lower
        data[apart] = one
        columns = np.tile(np.arange(small + 1, dtype=np.int32), count)
        rows = csr_array((data.ravel(), columns, ends), shape=(count, small + 1))
    else:
        dense = np.zeros((count, small + 1), dtype=np.float32)
        dense[0] = dense[apart] = one
        rows = csr_array(dense)
    ids = [f"{count - number:05}" for number in range(count)]
    index = SegmentIndex(small + 1)
    index.add([Entry(id_) for id_ in ids], rows)
    hits = index.top_k(csr_array(np.ones((1, small + 1), dtype=np.float32)), 1)
    assert hits.ids == (ids[apart],)  # both are equal, and this one has the lower id
    assert hits.scores[0] > 1


def test_blocks_hold_no_more_postings_than_they_can_count() -> None:
    """64 documents of 1,100 terms are 70,400 postings; some have the most a document may have."""
    random = np.random.default_rng(7)
    width, count = 65_535, 150
    sizes = np.full(count, 1100)
    sizes[[0, 70, 71, 149]] = [65_535, 65_535, 1, 65_535]
    columns = [np.sort(random.choice(width, size, replace=False)) for size in sizes.tolist()]
    data = random.integers(1, 5, sizes.sum()).astype(np.float32)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    rows = csr_array((data, np.concatenate(columns).astype(np.int32), ends), shape=(count, width))
    entries = [Entry(f"{number * 37 % count:03}", stamp=str(number)) for number in range(count)]
    index = SegmentIndex(width)
    index.add(entries, rows)
    dense = rows.toarray()
    for asked in [np.arange(width), np.arange(0, width, 1000), np.array([width - 1])]:
        query = csr_array((np.ones(len(asked), np.float32), asked, [0, len(asked)]), (1, width))
        assert pairs(index.top_k(query, 20)) == best(entries, dense, query, 20)
    found, got = index.get([entry.id for entry in entries])
    assert found == tuple(entries)
    assert (got != rows).nnz == 0
    assert len(index) == count == len(index.stamps())


def test_a_document_with_more_terms_than_a_block_can_count_is_refused() -> None:
    index = SegmentIndex(65_536)
    with pytest.raises(ValueError):
        index.add([Entry("a")], csr_array(np.ones((1, 65_536), dtype=np.float32)))
    assert len(index) == 0


@pytest.mark.parametrize("groups", [1, 2, 3, 4, 5, 8, 1024])
@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 7, 8, 9, 16, 17])
def test_terms_at_the_borders_of_their_groups_are_found(width: int, groups: int) -> None:
    dense = np.vstack([np.eye(width), np.ones((1, width))]).astype(np.float32)
    with turned({"groups": groups}):
        index = SegmentIndex(width)
        index.add([Entry(f"{number:02}") for number in range(width + 1)], csr_array(dense))
    for column in range(width):
        query = csr_array(np.eye(width, dtype=np.float32)[[column]])
        assert index.top_k(query, 5).ids == (f"{column:02}", f"{width:02}")
    _, rows = index.get([f"{number:02}" for number in range(width + 1)])
    np.testing.assert_array_equal(rows.toarray(), dense)


def test_more_than_two_to_the_sixteenth_terms_are_told_apart() -> None:
    """As many groups as there may be, so that a term's number in its group is a small one."""
    width, count = 150_000, 300
    random = np.random.default_rng(3)
    columns = random.permutation(width).reshape(count, -1)
    data = random.integers(1, 4, columns.size).astype(np.float32)
    ends = np.arange(count + 1) * columns.shape[1]
    rows = csr_array((data, columns.ravel().astype(np.int32), ends), shape=(count, width))
    entries = [Entry(f"{number:03}") for number in range(count)]
    for groups in (None, 3):
        with turned({"groups": groups}):
            index = SegmentIndex(width)
            index.add(entries, rows)
        for column in [0, 1, 65_535, 65_536, 131_071, 131_072, width - 1]:
            query = csr_array((np.ones(1, np.float32), [column], [0, 1]), shape=(1, width))
            owner = int(np.flatnonzero((columns == column).any(axis=1))[0])
            assert index.top_k(query, 5).ids == (f"{owner:03}",)
        rows.sort_indices()
        assert (index.get([entry.id for entry in entries])[1] != rows).nnz == 0


def test_the_answers_are_those_of_the_scipy_index() -> None:
    """Skewed frequencies, as texts have them; additions, replacements and removals in between."""
    random = np.random.default_rng(11)
    width = 3000
    index, oracle = SegmentIndex(width), ExactIndex(width)
    for batch in range(6):
        sizes = random.integers(0, 40, 900)
        columns = [np.unique(random.zipf(1.3, size) % width) for size in sizes.tolist()]
        ends = np.concatenate([[0], np.cumsum(list(map(len, columns)))])
        data = random.integers(1, 100, ends[-1]).astype(np.float32)
        rows = csr_array((data, np.concatenate(columns), ends), shape=(900, width))
        names = random.choice(4000, 900, replace=False).tolist()
        entries = [Entry(f"{n:04}", Facets(maturity=1 + n % 9), f"{batch}-{n}") for n in names]
        gone = [f"{n:04}" for n in random.choice(4000, 50).tolist()]
        for one in (index, oracle):
            one.add(entries, rows)
            one.remove(gone)
    assert len(index) == len(oracle)
    assert index.stamps() == oracle.stamps()
    queries = rows[random.choice(900, 60)]
    for number in range(60):
        query = queries[[number]]
        for filters in (None, Filters(maturity_min=3, maturity_max=3)):
            expected, hits = oracle.top_k(query, 25, filters), index.top_k(query, 25, filters)
            assert pairs(hits) == pairs(expected)
            assert hits.entries == expected.entries
            assert (hits.rows != expected.rows).nnz == 0
    many = index.snapshot.best_of_many(queries, 25, threads=2)
    assert many == [pairs(index.top_k(queries[[number]], 25)) for number in range(60)]
