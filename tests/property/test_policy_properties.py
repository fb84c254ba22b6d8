"""The policy of folding, through any sequence of sizes."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.index import policy
from matcher.index.policy import FRESH, Size, to_fold

MOST = 1 << 22
living = st.integers(1, 50) | st.integers(1, 10**4) | st.integers(1, MOST)
sizes = st.lists(st.builds(Size, living, st.just(0) | st.integers(0, 10**4)), max_size=40)


def after(parts: Sequence[Size], chosen: Sequence[int]) -> list[Size]:
    """The sizes once those chosen are one, without its dead."""
    whole = Size(sum(parts[place].living for place in chosen))
    return [*(s for place, s in enumerate(parts) if place not in chosen), whole]


def settled(parts: Sequence[Size], most: int = MOST) -> tuple[list[Size], list[int]]:
    """The sizes once nothing is left to fold, and how many documents each step copied."""
    copied, now = [], list(parts)
    while chosen := to_fold(now, most):
        copied.append(sum(now[place].living for place in chosen))
        now = after(now, chosen)
        assert len(copied) <= 2 * len(parts), "no end"
    return now, copied


@given(sizes, st.integers(1, 10**5) | st.just(MOST))
def test_what_is_chosen_are_places_of_the_list_each_once_and_no_more_than_fit(
    parts: list[Size], most: int
) -> None:
    chosen = to_fold(parts, most)
    assert len(set(chosen)) == len(chosen)
    assert all(0 <= place < len(parts) for place in chosen)
    if len(chosen) > 1:
        assert sum(parts[place].living for place in chosen) <= most
    if len(chosen) == 1:
        assert 2 * parts[chosen[0]].dead >= parts[chosen[0]].living + parts[chosen[0]].dead


@given(sizes)
def test_folding_comes_to_an_end_with_few_segments_and_few_dead(parts: list[Size]) -> None:
    total = sum(part.living for part in parts)
    now, _ = settled(parts, most=10**9)
    assert sum(part.living for part in now) == total
    tiers = 1 + max(0, math.ceil(math.log(max(total, 1) / FRESH, 8)))
    assert len(now) <= 1 + 3 * tiers
    assert all(part.dead < part.living for part in now)
    assert to_fold(now, 10**9) == ()


@given(sizes, st.integers(1, 10**6))
def test_folding_comes_to_an_end_where_little_fits(parts: list[Size], most: int) -> None:
    now, _ = settled(parts, most)
    assert sum(part.living for part in now) == sum(part.living for part in parts)
    too_large = [part for part in now if part.living > most]
    assert sorted(too_large) == sorted(Size(p.living, p.dead) for p in now if p.living > most)
    assert {p.living for p in too_large} <= {p.living for p in parts}


@pytest.mark.parametrize("batch", [1, 7, 500, 2000])
def test_each_document_is_copied_once_a_tier_once_it_is_no_longer_fresh(batch: int) -> None:
    parts: list[Size] = []
    fresh, old, count = 0, 0, 0
    while count < 60_000:
        parts.append(Size(batch))
        count += batch
        while chosen := to_fold(parts, MOST):
            copied = sum(parts[place].living for place in chosen)
            if any(parts[place].living > FRESH for place in chosen):
                old += copied
            else:
                fresh += copied
            parts = after(parts, chosen)
        assert len(parts) <= 1 + 3 * (1 + math.ceil(math.log(max(8, count / FRESH), 8)))
    tiers = 1 + math.ceil(math.log(count / FRESH, 8))
    assert old <= 2 * tiers * count
    assert fresh <= (FRESH / batch + 1) * count  # the lowest tier is folded at every addition


def test_documents_that_are_replaced_again_and_again_take_no_more_room_than_twice() -> None:
    parts, alive = [Size(10_000)], 10_000
    for _ in range(300):  # a hundred of the largest segment are added anew
        place = max(range(len(parts)), key=lambda p: parts[p].living)
        parts[place] = Size(parts[place].living - 100, parts[place].dead + 100)
        parts.append(Size(100))
        parts, _ = settled(parts)
        assert sum(part.living for part in parts) == alive
        assert sum(part.dead for part in parts) <= alive


@pytest.mark.parametrize(
    ("parts", "chosen"),
    [
        ([], ()),
        ([Size(5)], ()),
        ([Size(5), Size(6)], (0, 1)),
        ([Size(FRESH), Size(1)], (0, 1)),
        ([Size(FRESH + 1), Size(1)], ()),
        ([Size(2000)] * 3, ()),
        ([Size(2000)] * 4, (0, 1, 2, 3)),
        ([Size(2000)] * 3 + [Size(20_000)], ()),
        ([Size(2000), Size(5), Size(2000), Size(2000), Size(3), Size(2000)], (1, 4)),
        ([Size(10, 9)], ()),
        ([Size(10, 10)], (0,)),
        ([Size(9000, 10), Size(10, 20)], (1,)),
        ([Size(9000, 9000), Size(5000, 5000)], (0,)),
    ],
    ids=str,
)
def test_which_segments_are_folded(parts: list[Size], chosen: tuple[int, ...]) -> None:
    assert to_fold(parts, MOST) == chosen


def test_segments_of_a_full_tier_that_fit_into_none_stay_as_they_are() -> None:
    assert to_fold([Size(2000)] * 4, 7999) == ()
    assert to_fold([Size(2000)] * 4, 8000) == (0, 1, 2, 3)
    assert policy.to_fold([Size(3), Size(3)], 5) == ()
