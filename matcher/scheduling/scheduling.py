"""The way from a day to its schedule."""

from time import perf_counter

from matcher.scheduling.arranging import arrange
from matcher.scheduling.checking import check, check_together
from matcher.scheduling.day import Day, Meeting, Schedule
from matcher.scheduling.early import moved_up
from matcher.scheduling.explaining import unplaced
from matcher.scheduling.problem import Problem, problem
from matcher.scheduling.program import Columns
from matcher.scheduling.rooms import rooms
from matcher.scheduling.solver import Deadline

_PROVEN = 1e-5
"""A gap so small is none: solvers count with such tolerances."""


def schedule(day: Day, seconds: float = 60.0) -> Schedule:
    """The fairest schedule, and of these the one with the greatest total expected grade.

    What that means exactly stands in :mod:`matcher.scheduling.fairness`. After ``seconds``, about,
    the best that was found is returned, with the bounds that are proven until then.

    Raises
    ------
    InvalidQuery
        The day contradicts itself; the sentence names where.
    """
    start, deadline = perf_counter(), Deadline.within(seconds)
    check(day)
    arrays = problem(day)
    check_together(arrays, deadline)
    found = arrange(arrays, deadline)
    meetings = moved_up(arrays, found.meetings)
    gap = max(_gap(found.spread, found.spread_bound), _gap(found.total, found.bound))
    return Schedule(
        meetings=_meetings(arrays, meetings),
        total=found.total,
        bound=found.bound,
        gap=gap,
        optimal=gap == 0.0,
        seconds=perf_counter() - start,
        unplaced=unplaced(arrays, meetings),
        spread=found.spread,
        spread_bound=found.spread_bound,
    )


def _gap(value: float, bound: float) -> float:
    gap = (bound - value) / bound if bound > 0 else 0.0
    return gap if gap > _PROVEN else 0.0


def _meetings(arrays: Problem, chosen: Columns) -> tuple[Meeting, ...]:
    """The meetings in order of slot and room."""
    found = []
    for number, slot, room in zip(chosen.offer, chosen.slot, rooms(arrays, chosen), strict=True):
        offer = arrays.offers[number]
        found.append(
            Meeting(
                offer.demand_id,
                offer.achievement_id,
                offer.demand_party,
                offer.achievement_party,
                int(slot),
                int(room),
                offer.grade,
                bool(arrays.is_fixed[number]),
            )
        )
    return tuple(sorted(found, key=lambda meeting: (meeting.slot, meeting.room)))
