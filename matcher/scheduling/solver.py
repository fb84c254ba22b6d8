"""HiGHS, which solves the programs, behind one function."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.scheduling.problem import Numbers
from matcher.scheduling.program import Program

_TOLERANCE = 1e-6
"""Of HiGHS: so far may a row be violated, and so near to its bound is a solution the best."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop, on the clock of ``perf_counter``."""

    end: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        """So many seconds from now."""
        return cls(perf_counter() + seconds)

    @property
    def half(self) -> "Deadline":
        """Half of the time that remains, for the first of two tasks."""
        return Deadline.within(self.left / 2)

    @property
    def left(self) -> float:
        """Seconds that remain; a little is always left for what must be done."""
        return max(0.2, self.end - perf_counter())


@dataclass(frozen=True, slots=True)
class Solution:
    """The chosen columns, what they are worth, and what nothing can exceed."""

    chosen: Numbers
    value: float
    bound: float

    @property
    def is_best(self) -> bool:
        """Whether nothing better exists."""
        return self.bound - self.value <= 2 * _TOLERANCE * max(1.0, abs(self.bound))


@dataclass(frozen=True, slots=True)
class Solved:
    """The greatest spread, then the greatest total with that spread."""

    spread: Solution
    total: Solution


def solve(program: Program, deadline: Deadline) -> Solved | None:
    """First spread, then total; None if the time did not suffice, or nothing is possible."""
    fair = _maximum(program, program.spread, None, deadline.half)
    if fair is None:
        return None
    total = best(program, fair.value, deadline)
    return Solved(fair, total or Solution(fair.chosen, program.total_of(fair.chosen), np.inf))


def best(program: Program, least_spread: float, deadline: Deadline) -> Solution | None:
    """The greatest total of those with this spread."""
    return _maximum(program, program.total, least_spread, deadline)


def most_placed(program: Program, deadline: Deadline) -> Numbers:
    """The columns of as many meetings as possible; none if the time did not suffice."""
    worth = np.zeros(len(program.total))
    worth[: len(program.columns.offer)] = 1.0
    found = _maximum(program, worth, None, deadline)
    return np.zeros(0, dtype=np.int64) if found is None else found.chosen


def _maximum(
    program: Program, worth: NDArray[np.float64], least_spread: float | None, deadline: Deadline
) -> Solution | None:
    from scipy.optimize import Bounds, LinearConstraint, milp  # loads slowly

    meetings = len(program.columns.offer)
    if not meetings:
        return Solution(np.zeros(0, dtype=np.int64), 0.0, 0.0)
    rows = [LinearConstraint(program.matrix, program.low, program.high)]
    if least_spread is not None:
        fair = sparse.csr_matrix(program.spread[None])
        rows.append(LinearConstraint(fair, least_spread - _TOLERANCE, np.inf))
    found = milp(
        -worth,
        constraints=rows,
        integrality=np.arange(len(worth)) < meetings,
        bounds=Bounds(0, 1),
        options={"time_limit": deadline.left, "mip_rel_gap": _TOLERANCE},
    )
    if found.x is None:
        return None
    value, bound = -float(found.fun), -float(found.mip_dual_bound)
    return Solution(np.flatnonzero(found.x[:meetings] > 1 / 2), value, max(value, bound))
