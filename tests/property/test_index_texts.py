"""Texts in flat arrays against a list of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.index.texts import Chosen, Texts

anything = st.text(st.characters(exclude_categories=())) | st.text("ab01-")


@given(st.lists(anything, min_size=1, max_size=9), st.data())
def test_some_are_those_of_a_list(texts: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=9))
    known = Texts.of(texts)
    assert known.some(np.array(numbers, dtype=np.int32)) == [texts[number] for number in numbers]
    assert list(known) == texts


@given(st.lists(anything, min_size=1, max_size=9), st.data())
def test_chosen_ones_are_those_of_a_list_however_they_are_looked_at(
    texts: list[str], data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=9))
    chosen = Chosen(Texts.of(texts), np.array(numbers, dtype=np.int32))
    expected = tuple(texts[number] for number in numbers)
    assert [*reversed(chosen)] == [*reversed(expected)]  # one by one, from the end
    assert (tuple(chosen), chosen[:3], len(chosen)) == (expected, expected[:3], len(expected))
    assert chosen == expected
    assert chosen != (*expected, "")
    assert repr(chosen) == repr(expected)
