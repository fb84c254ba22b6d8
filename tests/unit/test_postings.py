"""The parts of packing and of the kernel beside plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from scipy.sparse import csr_array

from matcher.index import packing, transposing
from matcher.index.blocks import select, smaller_among, span
from matcher.index.instructions import matches, ones
from matcher.index.packing import Terms, padded
from matcher.index.postings import BLOCK, Postings, group_shift
from matcher.index.segment import words_of
from matcher.index.shelf import MemoryShelf

SIXTEEN = 65_535


@given(
    st.lists(st.integers(0, 30_000) | st.sampled_from([0, 1, 1023, 1024, SIXTEEN]), max_size=300),
    st.integers(0, 100),
)
def test_padding_keeps_the_order_and_lets_every_block_count_its_postings(
    sizes: list[int], first: int
) -> None:
    order = np.arange(first, first + len(sizes), dtype=np.int64)[::-1]
    placed = padded(order, np.array(sizes, dtype=np.int64))
    assert placed[placed >= 0].tolist() == order.tolist()
    size_of = dict(zip(order.tolist(), sizes, strict=True)) | {-1: 0}
    for start in range(0, len(placed), BLOCK):
        assert sum(size_of[number] for number in placed[start : start + BLOCK].tolist()) <= SIXTEEN
    starts = range(0, len(sizes), BLOCK)
    if all(sum(sizes[start : start + BLOCK]) <= SIXTEEN for start in starts):
        assert len(placed) == len(order)
    # A block is left early only where the next document does not fit into it.
    for start in range(BLOCK, len(placed), BLOCK):
        before = placed[start - BLOCK : start].tolist()
        if before[-1] < 0:
            held = sum(size_of[number] for number in before)
            assert held + size_of[int(placed[start])] > SIXTEEN


def test_a_document_that_no_block_can_hold_is_refused() -> None:
    with pytest.raises(ValueError):
        padded(np.arange(3), np.array([1, SIXTEEN + 1, 1]))


weights = st.floats(2.0**-20, 2.0**20, width=32) | st.sampled_from([1.0, 255.0, 2.0**-20, 3.0])


@given(weights, st.floats(0, 1))
def test_a_rounded_weight_is_never_below_it_and_at_most_one_step_above(
    highest: float, share: float
) -> None:
    high = np.float32(highest)
    [scale] = Terms.of(csr_array(np.array([[high]], dtype=np.float32))).scales
    weight = max(np.float32(share) * high, np.float32(1e-30))
    for one in (weight, high):
        code = transposing.rounded_up(one, scale)
        assert 1 <= code <= 255
        assert np.float32(code) * scale >= one
        assert code == 1 or np.float32(code - 1) * scale < one * (1 + 1e-6)


@pytest.mark.parametrize("weight", [-1e-9, -1.0, np.nan, np.inf, -np.inf])
def test_weights_that_are_negative_or_no_numbers_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weights"):
        Terms.of(csr_array(np.array([[1, weight]], dtype=np.float32)))


@given(st.lists(st.booleans(), min_size=1, max_size=400), st.data())
def test_select_finds_where_so_many_runs_end(last: list[bool], data: st.DataObject) -> None:
    last[-1] = True
    ends = np.concatenate([words_of(np.array(last)), np.zeros(1, dtype=np.uint64)])
    at = data.draw(st.integers(0, len(last) - 1))
    borders = [place + 1 for place in range(at, len(last)) if last[place]]
    runs = data.draw(st.integers(0, len(borders)))
    assert select(ends, at, runs) == (borders[runs - 1] if runs else at)


@given(st.lists(st.booleans(), min_size=1, max_size=400), st.data())
def test_span_finds_a_run_behind_others(last: list[bool], data: st.DataObject) -> None:
    last[-1] = True
    ends = np.concatenate([words_of(np.array(last)), np.zeros(1, dtype=np.uint64)])
    at = data.draw(st.integers(0, len(last) - 1))
    borders = [at, *(place + 1 for place in range(at, len(last)) if last[place])]
    before = data.draw(st.integers(0, len(borders) - 2))
    assert span(ends, at, before) == (borders[before], borders[before + 1])


@given(st.sets(st.integers(0, 65_535), max_size=100), st.integers(0, 65_535), st.data())
def test_the_terms_below_another_are_counted(
    terms: set[int], value: int, data: st.DataObject
) -> None:
    stored = np.array([*sorted(terms), *[0] * 32], dtype=np.uint16)
    first = data.draw(st.integers(0, len(terms)))
    end = data.draw(st.integers(first, len(terms)))
    expected = sum(term < value for term in sorted(terms)[first:end])
    assert smaller_among(stored, first, end, value) == expected


@njit
def _matches(array, index, value):
    return matches(array, index, value), ones(matches(array, index, value))


@given(st.lists(st.sampled_from([0, 1, 63, 64, 128, 255]), min_size=64, max_size=150), st.data())
def test_matches_says_which_of_64_bytes_are_equal(column: list[int], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(column) - 64))
    value = data.draw(st.sampled_from([0, 1, 2, 63, 255]))
    bits, count = _matches(np.array(column, dtype=np.uint8), index, value)
    expected = [column[index + place] == value for place in range(64)]
    assert [bool(bits >> place & 1) for place in range(64)] == expected
    assert count == sum(expected)


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_masks_become_words_and_what_is_beyond_them_is_not_set(count: int) -> None:
    mask = np.random.default_rng(count).random(count) < 0.5
    words = words_of(mask)
    assert len(words) == -(-count // 64)
    bits = [bool(int(words[n >> 6]) >> (n & 63) & 1) for n in range(64 * len(words))]
    assert bits == [*mask.tolist(), *[False] * (64 * len(words) - count)]


@given(st.integers(0, 5000), st.integers(1, 1100))
def test_groups_are_as_few_bits_wide_as_their_number_allows(terms: int, groups: int) -> None:
    shift = group_shift(terms, groups)
    assert max(terms - 1, 0) >> shift < groups
    assert shift == 0 or (terms - 1) >> (shift - 1) >= groups


@pytest.mark.parametrize("piece", [64, 128, 1 << 15])
def test_packed_postings_are_those_of_the_rows(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again one by one; and no bound of a block is below a weight in it."""
    monkeypatch.setattr(packing, "_range_size", lambda *_: piece)
    monkeypatch.setattr(packing, "_MOST_GROUPS", 4)
    random = np.random.default_rng(3)
    dense = np.where(random.random((300, 23)) < 0.2, random.random((300, 23)), 0)
    dense[:, 7] = 0
    dense[:, 8] = 1
    rows = csr_array(dense.astype(np.float32))
    order = random.permutation(300)
    order = np.concatenate([order[:70], np.full(58, -1), order[70:]])
    terms, shelf = Terms.of(rows), MemoryShelf()
    packing.pack(rows, order, terms, shelf, packing.MEMORY)
    postings = Postings(*(shelf.arrays()[name] for name in Postings._fields))
    blocks = -(-len(order) // BLOCK)
    read, highest = {}, np.zeros((len(terms.columns), blocks), dtype=np.float32)
    for block in range(blocks):
        run, group = postings.runs[block], 0
        for at in range(postings.starts[block], postings.starts[block + 1]):
            if postings.places[at] == 255:
                break  # the rest of a range
            while postings.runs[block] + postings.groups[block, group + 1, 0] <= run:
                group += 1
            term = (group << terms.shift) + int(postings.terms[run])
            document = order[block * BLOCK + int(postings.places[at])]
            read[int(document), int(terms.columns[term])] = postings.weights[at]
            highest[term, block] = max(highest[term, block], postings.weights[at])
            run += int(postings.ends[at >> 6]) >> (at & 63) & 1
        assert run == postings.runs[block + 1]
    assert read == {(int(i), int(j)): rows[i, j] for i, j in zip(*rows.nonzero(), strict=True)}
    bounds = np.zeros_like(highest)
    for term, row in enumerate(postings.rows):
        if row >= 0:
            bounds[term] = postings.dense[row] * postings.scales[term]
        else:
            some = slice(postings.sparse[term], postings.sparse[term + 1])
            bounds[term, postings.blocks[some]] = postings.bounds[some] * postings.scales[term]
    assert (bounds >= highest).all()
    assert ((bounds > 0) == (highest > 0)).all()
    assert (bounds <= highest + postings.scales[:, None] * np.float32(1.01)).all()
