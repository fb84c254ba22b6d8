"""The terms of a query sentence by sentence: as compiled, and by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking.phrased import phrased

LENGTH = 12
IDF = np.array([0.0, 0.7, 3.1], np.float32)
SENTENCES = st.lists(st.integers(0, LENGTH), max_size=6, unique=True).map(
    lambda ends: list(zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
"""Begins and ends, with and without something between two."""
TOKENS = st.lists(st.tuples(st.integers(0, LENGTH), st.integers(-1, len(IDF) - 1)), max_size=12)
"""Start and column."""


def by_hand(
    sentences: list[tuple[int, int]], tokens: list[tuple[int, int]], saturation: float
) -> np.ndarray:
    found = np.zeros((len(sentences), len(IDF)), np.float32)
    for start, column in tokens:
        number = next((i for i, (_, end) in enumerate(sentences) if end > start), None)
        if number is not None and sentences[number][0] <= start and column >= 0:
            found[number, column] += 1
    k, limit = np.float32(saturation), np.float32(saturation + 1)
    return found * limit / (found + k) * IDF


@given(SENTENCES, TOKENS, st.booleans(), st.sampled_from((0.3, 1.2)))
def test_terms_are_weighed_in_the_sentence_that_they_stand_in(
    sentences: list[tuple[int, int]],
    tokens: list[tuple[int, int]],
    is_in_order: bool,
    saturation: float,
) -> None:
    """To the last digit, in whatever order tokens come."""
    tokens = sorted(tokens) if is_in_order else tokens
    begins, ends = np.array(sentences, np.int64).reshape(-1, 2).T.copy()
    starts, columns = np.array(tokens, np.int64).reshape(-1, 2).T.copy()
    found = phrased(begins, ends, starts, columns, IDF, saturation)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, by_hand(sentences, tokens, saturation))
