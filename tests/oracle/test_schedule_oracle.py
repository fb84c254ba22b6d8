"""The scheduler against every schedule there is."""

import pytest

from matcher.errors import InvalidQuery
from matcher.scheduling import Day, Meeting, schedule
from tests.oracle.every_schedule import best_worth, is_allowed, small_day, worth


@pytest.mark.parametrize("block", range(5))
def test_a_small_day_is_arranged_as_well_as_any_schedule_can_be(block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        day = small_day(seed)
        best = best_worth(day)
        if best is None:
            with pytest.raises(InvalidQuery):
                schedule(day)
            continue
        found = schedule(day)
        _assert_holds(day, found.meetings)
        assert worth(day, found.meetings) == pytest.approx(best, abs=1e-3), seed
        assert found.optimal, seed
        assert found.total == pytest.approx(best[1], abs=1e-3)
        assert found.spread == pytest.approx(best[0], abs=1e-3)


def _assert_holds(day: Day, meetings: tuple[Meeting, ...]) -> None:
    offers = {offer.key: offer for offer in day.offers}
    fixed = {wish.key: wish for wish in day.fixed}
    keys = [(meeting.demand_id, meeting.achievement_id) for meeting in meetings]
    assert is_allowed(
        day, [(offers[key], one.slot) for key, one in zip(keys, meetings, strict=True)]
    )
    assert len({(one.slot, one.room) for one in meetings}) == len(meetings)
    for key, one in zip(keys, meetings, strict=True):
        assert 0 <= one.room < day.rooms
        assert one.fixed == (key in fixed)
        assert not one.fixed or fixed[key].room in (None, one.room)
