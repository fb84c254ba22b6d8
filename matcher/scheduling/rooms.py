"""Rooms, which are all alike but where one was asked for."""

import numpy as np

from matcher.scheduling.problem import Numbers, Problem
from matcher.scheduling.program import Columns


def rooms(problem: Problem, meetings: Columns) -> Numbers:
    """A room for each of the meetings: the one asked for, or where one of both just was.

    So people change rooms as little as is easily found; the first free one serves the others.
    """
    found = problem.pinned_room[meetings.offer].copy()
    last: dict[int, int] = {}
    for slot in range(problem.day.slots):
        now = np.flatnonzero(meetings.slot == slot)
        taken = {int(room) for room in found[now] if room >= 0}
        for one in (one for one in now if found[one] < 0):
            wanted = (last.get(int(party)) for party in problem.sides[meetings.offer[one]])
            room = next((room for room in wanted if room is not None and room not in taken), None)
            if room is not None:
                found[one] = room
                taken.add(room)
        free = (room for room in range(problem.day.rooms) if room not in taken)
        for one in (one for one in now if found[one] < 0):
            found[one] = next(free)
        for one in now:
            for party in problem.sides[meetings.offer[one]]:
                last[int(party)] = int(found[one])
    return found
