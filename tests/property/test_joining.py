"""Highlights as compiled, beside what they are: the union of what is shared."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking.joining import joined

TERMS, FIELDS, LENGTH = 4, 3, 8
PLACE = st.tuples(
    st.integers(0, FIELDS - 1),
    st.integers(0, LENGTH - 1),
    st.integers(1, 4),
    st.integers(0, TERMS - 1),
    st.booleans(),
)
"""Field, start, length, term, and whether it is a word."""


@given(
    st.lists(st.lists(PLACE, max_size=8), min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=3 * TERMS, max_size=3 * TERMS),
)
def test_what_is_joined_covers_what_is_shared_and_nothing_else(
    records: list[list[tuple[int, int, int, int, bool]]], flags: list[bool]
) -> None:
    n = len(records)
    is_shared = np.array(flags, np.bool_)[: n * TERMS].reshape(n, TERMS)
    records = [sorted(places) for places in records]
    ends = np.cumsum([len(places) for places in records])
    flat = np.array([place for places in records for place in places], np.int64).reshape(-1, 5)
    fields, starts, lengths, numbers, is_word = flat.T
    spans, bounds = joined(
        is_shared,
        FIELDS,
        np.append(0, ends[:-1]),
        ends,
        fields,
        numbers,
        is_word.astype(np.bool_),
        starts,
        starts + lengths,
    )
    for record, places in enumerate(records):
        shared = [place for place in places if is_shared[record, place[3]]]
        words = [place for place in shared if place[4]]
        for field in range(FIELDS):
            of_field = [place for place in words or shared if place[0] == field]
            covered = {i for _, start, size, _, _ in of_field for i in range(start, start + size)}
            at = record * FIELDS + field
            found = spans[:, bounds[at] : bounds[at + 1]].T.tolist()
            assert {i for start, end in found for i in range(start, end)} == covered
            assert all(a[1] < b[0] for a, b in pairwise(found))
