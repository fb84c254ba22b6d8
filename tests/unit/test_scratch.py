"""Arrays of zeros that are used again."""

import numpy as np
import pytest

from matcher.scratch import zeros


def test_what_is_left_as_it_was_found_is_used_again() -> None:
    with zeros(1000, np.int16) as first:
        first[7] = 1
        first[7] = 0
    with zeros(500, np.int16) as second:
        assert second.base is first.base
        assert len(second) == 500
        assert not second.any()


def test_two_at_once_do_not_share_and_a_longer_one_is_made() -> None:
    with zeros(10, np.int16) as one, zeros(10, np.int16) as other:
        assert not np.shares_memory(one, other)
    with zeros(100_000, np.int16) as longer:
        assert len(longer) == 100_000


def fail() -> None:
    with zeros(10, np.int8) as dirty:
        dirty[:] = 1
        raise KeyError


def test_after_an_error_an_array_is_not_used_again() -> None:
    with pytest.raises(KeyError):
        fail()
    with zeros(10, np.int8) as clean:
        assert not clean.any()
