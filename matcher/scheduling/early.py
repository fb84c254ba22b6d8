"""Nobody waits without need: meetings move up where nothing stands in their way."""

import numpy as np
from numpy.typing import NDArray

from matcher.scheduling.problem import Numbers, Problem
from matcher.scheduling.program import Columns


def moved_up(problem: Problem, meetings: Columns) -> Columns:
    """The same meetings, each in the first slot that both parties, rooms and wishes allow.

    Who meets stays, and with it all that schedules are measured by. The earliest move first, again
    and again until none can.
    """
    slot = meetings.slot.copy()
    possible = problem.common(meetings.offer)
    while _one_pass(problem, meetings.offer, slot, possible):
        pass
    return Columns(meetings.offer, slot)


def _one_pass(problem: Problem, offer: Numbers, slot: Numbers, possible: NDArray[np.bool_]) -> bool:
    sides, room = problem.sides[offer], problem.pinned_room[offer]
    has_moved = False
    for one in np.argsort(slot, kind="stable"):
        for earlier in np.flatnonzero(possible[one, : slot[one]]):
            there = np.flatnonzero(slot == earlier)
            is_met = np.isin(sides[there], sides[one]).any()
            is_taken = room[one] >= 0 and bool((room[there] == room[one]).any())
            if len(there) < problem.day.rooms and not is_met and not is_taken:
                slot[one], has_moved = earlier, True
                break
    return has_moved
