"""Token buckets on a clock of the test's own."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.limits.buckets import Buckets


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_as_many_as_a_minute_allows_then_no_more_until_one_is_refilled() -> None:
    clock = Clock()
    buckets = Buckets(6, clock)
    assert [buckets.take("a").left for _ in range(6)] == [5, 4, 3, 2, 1, 0]
    refused = buckets.take("a")
    assert (refused.allowed, refused.wait, refused.full) == (False, 10, 60)
    clock.now += 9.5
    assert buckets.take("a").wait == 1
    clock.now += 0.5
    assert buckets.take("a").allowed
    assert not buckets.take("a").allowed


def test_what_costs_more_takes_more_but_never_more_than_there_can_be() -> None:
    clock = Clock()
    buckets = Buckets(6, clock)
    assert buckets.take("a", 4).left == 2
    refused = buckets.take("a", 4)
    assert (refused.allowed, refused.left, refused.wait) == (False, 2, 20)
    assert buckets.take("a", 2).allowed
    clock.now += 60
    assert buckets.take("a", 100).allowed


def test_one_caller_takes_nothing_from_another() -> None:
    buckets = Buckets(1, Clock())
    assert buckets.take("a").allowed
    assert not buckets.take("a").allowed
    assert buckets.take("b").allowed


def test_what_is_saved_up_is_never_more_than_a_minute() -> None:
    clock = Clock()
    buckets = Buckets(3, clock)
    buckets.take("a")
    clock.now += 1e6
    assert sum(buckets.take("a").allowed for _ in range(10)) == 3


def test_the_caller_silent_longest_is_forgotten_first() -> None:
    buckets = Buckets(1, Clock(), most=2)
    for caller in ("a", "b", "a", "c"):
        buckets.take(caller)
    assert len(buckets) == 2
    assert not buckets.take("a").allowed  # was heard of after b
    assert buckets.take("b").allowed


def test_the_time_of_day_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    buckets = Buckets(1, time.monotonic)
    buckets.take("a")
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert not buckets.take("a").allowed


@given(st.integers(1, 50), st.lists(st.floats(0, 30), max_size=80))
def test_no_stretch_of_time_lets_through_more_than_its_share(
    per_minute: int, pauses: list[float]
) -> None:
    clock, allowed, begun = Clock(), 0, 1000.0
    buckets = Buckets(per_minute, clock)
    for pause in pauses:
        clock.now += pause
        taken = buckets.take("a")
        allowed += taken.allowed
        assert taken.allowed == (taken.wait == 0)
        assert 0 <= taken.left <= per_minute
    assert allowed <= per_minute + (clock.now - begun) * per_minute / 60 + 1e-6
