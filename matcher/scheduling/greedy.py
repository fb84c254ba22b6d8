"""A schedule at once, for when the time does not suffice for a good one."""

import numpy as np

from matcher.scheduling.problem import Problem
from matcher.scheduling.program import Columns


def greedy(problem: Problem) -> Columns:
    """The best offers first, each in the first slot that is free for it; fixed ones before all."""
    offers = np.arange(len(problem.offers))
    common, busy = problem.common(offers), ~problem.present
    left, used = problem.most.copy(), np.zeros(problem.day.slots, dtype=np.int64)
    chosen: list[tuple[int, int]] = []
    for offer in np.lexsort((-problem.weight, ~problem.is_fixed)):
        one, other = problem.sides[offer]
        free = common[offer] & ~busy[one] & ~busy[other] & (used < problem.day.rooms)
        if free.any() and left[one] and left[other]:
            slot = int(free.argmax())
            busy[[one, other], slot] = True
            left[[one, other]] -= 1
            used[slot] += 1
            chosen.append((int(offer), slot))
    pairs = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return Columns(pairs[:, 0], pairs[:, 1])
