"""Highlights as compiled, beside what they are: the union of what is shared."""

from itertools import accumulate, chain, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking.joining import covered, joined
from matcher.text.scripts import KINDS

TERMS, FIELDS, LENGTH = 4, 3, 8
IS_WORD = (True, False, True, False)
"""Of each term."""
PLACE = st.tuples(
    st.integers(0, FIELDS - 1), st.integers(0, 7), st.integers(1, 4), st.integers(0, 3)
)
"""Field, start, length and term."""
RECORD = st.lists(PLACE, max_size=8)
SHARED = st.lists(st.sets(st.integers(0, TERMS - 1)), min_size=3, max_size=3)
"""The terms that each record has."""


def kind_of(term: int) -> int:
    return KINDS.index("word" if IS_WORD[term] else "character")


def assert_united(
    found: tuple[np.ndarray, np.ndarray], records: list[list[tuple[int, int, int, int]]]
) -> None:
    """Given the places of what each record shares."""
    spans, bounds = found
    for record, shared in enumerate(records):
        words = [place for place in shared if IS_WORD[place[3]]]
        for field in range(FIELDS):
            of_field = [place for place in words or shared if place[0] == field]
            expected = {i for _, start, size, _ in of_field for i in range(start, start + size)}
            at = record * FIELDS + field
            some = spans[bounds[at] : bounds[at + 1]].tolist()
            assert {i for start, end in some for i in range(start, end)} == expected
            assert all(a[1] < b[0] for a, b in pairwise(some))


@given(st.lists(RECORD, min_size=1, max_size=3), SHARED)
def test_what_is_joined_covers_what_is_shared_and_nothing_else(
    records: list[list[tuple[int, int, int, int]]], terms: list[set[int]]
) -> None:
    records = [sorted(places) for places in records]
    shares = np.array([[0.5 * (term in some) for term in range(TERMS)] for some in terms])
    sizes = [
        sum(place[0] == field for place in places) for places in records for field in range(FIELDS)
    ]
    rows = [
        (term, kind_of(term), start, start + size)
        for places in records
        for _, start, size, term in places
    ]
    found = joined(
        shares[: len(records)],
        np.array([0, *accumulate(sizes)], np.int64),
        np.array(rows, np.int32).reshape(-1, 4),
        KINDS.index("character"),
    )
    assert_united(
        found, [[p for p in a if p[3] in b] for a, b in zip(records, terms, strict=False)]
    )


@given(RECORD, SHARED)
def test_the_query_is_covered_by_what_each_record_shares(
    places: list[tuple[int, int, int, int]], terms: list[set[int]]
) -> None:
    """A term that the query does not have is asked for by nobody, one without a number neither."""
    has = {place[3] for place in places}
    parts = [[(term, 0, 0) for term in some & has] + [(TERMS, -1, 0)] for some in terms]
    length = 12
    fields, starts, sizes, numbers = np.array(places, np.int64).reshape(-1, 4).T
    found = covered(
        np.array([0, *accumulate(map(len, parts))], np.int64),
        np.array([*chain.from_iterable(parts)], np.int32).reshape(-1, 3),
        TERMS,
        np.append(numbers, -1),
        np.array([*(IS_WORD[number] for number in numbers.tolist()), True], np.bool_),
        np.append(fields * length + starts, 0),
        np.append(fields * length + starts + sizes, 9),
        np.arange(1, FIELDS + 1) * length,
    )
    assert_united(found, [[place for place in places if place[3] in some] for some in terms])
