"""From a problem to who meets when, with what no schedule can exceed.

Who meets is chosen first, as if there were no slots; that is solved in a second, and its best is a
bound. Then those meetings are given slots. Mostly all find one: the schedule is proven the best.
Where people are present so little that some find none, the program with slots is solved, over all
offers if they are few, otherwise over the most promising.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.scheduling.fairness import spread
from matcher.scheduling.greedy import greedy
from matcher.scheduling.problem import Numbers, Problem
from matcher.scheduling.program import Columns, Program, program, timed, untimed
from matcher.scheduling.solver import Deadline, Solved, best, most_placed, solve

_COLUMNS: Final = 12_000
"""Pairs of an offer and a slot that are solved at once."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Who meets when, how good that is, and what cannot be exceeded."""

    meetings: Columns
    spread: float
    total: float
    spread_bound: float
    bound: float


def arrange(problem: Problem, deadline: Deadline) -> Arrangement:
    """The best schedule that is found until the deadline."""
    choice = program(problem, untimed(problem))
    wanted = solve(choice, deadline)
    if wanted is None:
        return _arrangement(problem, greedy(problem), np.inf, np.inf)
    placed = _placed(problem, wanted.total.chosen, deadline)
    if len(placed.offer) == len(wanted.total.chosen):
        return _arrangement(problem, placed, wanted.spread.bound, wanted.total.bound)
    return _with_slots(problem, choice, wanted, placed, deadline)


def _placed(problem: Problem, offers: Numbers, deadline: Deadline) -> Columns:
    """Slots for as many of these offers as find one."""
    within = program(problem, timed(problem, offers))
    return _chosen(within, most_placed(within, deadline))


def _with_slots(
    problem: Problem, choice: Program, wanted: Solved, placed: Columns, deadline: Deadline
) -> Arrangement:
    """The best schedule where not all of those who were chosen find a slot."""
    offers = _promising(problem, wanted.total.chosen)
    within = program(problem, timed(problem, offers))
    found = solve(within, deadline)
    found_columns = _chosen(within, found.total.chosen) if found else greedy(problem)
    chosen = max(placed, found_columns, greedy(problem), key=lambda one: _worth(problem, one))
    fair, _ = _worth(problem, chosen)
    relaxed = best(choice, fair, deadline)
    spread_bound, bound = wanted.spread.bound, relaxed.bound if relaxed else np.inf
    if found and len(offers) == len(problem.offers):
        spread_bound = min(spread_bound, found.spread.bound)
        bound = min(bound, found.total.bound)
    return _arrangement(problem, chosen, spread_bound, bound)


def _promising(problem: Problem, chosen: Numbers) -> Numbers:
    """All offers if they are few; otherwise those chosen and the best of each party."""
    slots = problem.common(np.arange(len(problem.offers))).sum(axis=1)
    if slots.sum() <= _COLUMNS:
        return np.arange(len(problem.offers))
    first = np.zeros(len(problem.offers), dtype=np.int64)
    for side in problem.sides.T:
        order = np.lexsort((-problem.weight, side))
        starts = np.searchsorted(side[order], side[order])
        first[order] = np.maximum(first[order], 0) + np.arange(len(order)) - starts
    first[problem.is_fixed] = -2
    first[chosen] = -1
    order = np.argsort(first, kind="stable")
    return np.sort(order[np.cumsum(slots[order]) <= _COLUMNS])


def _chosen(within: Program, chosen: Numbers) -> Columns:
    return Columns(within.columns.offer[chosen], within.columns.slot[chosen])


def _worth(problem: Problem, meetings: Columns) -> tuple[float, float]:
    counts = np.bincount(problem.sides[meetings.offer].ravel(), minlength=len(problem.parties))
    fair = spread(counts, problem.priority)
    return round(fair, 6), float(problem.weight[meetings.offer].sum())


def _arrangement(
    problem: Problem, meetings: Columns, spread_bound: float, bound: float
) -> Arrangement:
    fair, total = _worth(problem, meetings)
    most = float(np.sort(problem.weight)[::-1][: problem.capacity].sum())
    widest = spread(problem.most, problem.priority)
    return Arrangement(
        meetings, fair, total, max(fair, min(widest, spread_bound)), max(total, min(most, bound))
    )
