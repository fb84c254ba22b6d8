"""A day as an integer program: who meets whom, with the slots or without.

One column says that an offer meets, with ``slot`` that it meets then; after these come the levels,
a column for each of the first meetings of every party, which :mod:`fairness` counts.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.scheduling.fairness import LEVELS
from matcher.scheduling.problem import Numbers, Problem

Matrix = Any
"""scipy.sparse has no types."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What may be chosen: numbers of offers, each with a slot, or -1 where slots do not count."""

    offer: Numbers
    slot: Numbers


@dataclass(frozen=True, slots=True)
class Program:
    """Rows ``low ≤ matrix @ x ≤ high``; ``spread`` and ``total`` are the worth of the columns."""

    columns: Columns
    matrix: Matrix
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    spread: NDArray[np.float64]
    total: NDArray[np.float64]

    def total_of(self, chosen: Numbers) -> float:
        """What these columns are worth."""
        return float(self.total[chosen].sum())


def untimed(problem: Problem) -> Columns:
    """Every offer, whenever."""
    count = len(problem.offers)
    return Columns(np.arange(count), np.full(count, -1))


def timed(problem: Problem, offers: Numbers) -> Columns:
    """These offers in every slot in which both parties are present."""
    row, slot = np.nonzero(problem.common(offers))
    return Columns(offers[row], slot)


def program(problem: Problem, columns: Columns) -> Program:
    """The program over these columns.

    Without slots it leaves out that nobody is in two places, but for the number of slots in which
    each party is present: a schedule always fits, so its best is a bound for schedules.
    """
    parties, levels = len(problem.parties), len(LEVELS)
    rows = [_once(problem, columns), _most(problem, columns), _rooms(problem, columns)]
    if columns.slot.size and columns.slot[0] >= 0:
        rows += [_one_place(problem, columns), _pinned_rooms(problem, columns)]
    meets = sparse.vstack([matrix for matrix, _, _ in rows])
    counted = sparse.kron(sparse.identity(parties), np.ones((1, levels)))
    matrix = sparse.bmat([[meets, None], [_most(problem, columns)[0], -counted]]).tocsr()
    worth = np.outer(problem.priority, LEVELS).ravel()
    return Program(
        columns,
        matrix,
        np.concatenate([*(low for _, low, _ in rows), np.zeros(parties)]),
        np.concatenate([*(high for _, _, high in rows), np.full(parties, np.inf)]),
        np.concatenate([np.zeros(len(columns.offer)), worth]),
        np.concatenate([problem.weight[columns.offer], np.zeros(parties * levels)]),
    )


Rows = tuple[Matrix, NDArray[np.float64], NDArray[np.float64]]


def _once(problem: Problem, columns: Columns) -> Rows:
    """An offer meets once at most, a fixed one exactly once."""
    present, row = np.unique(columns.offer, return_inverse=True)
    fixed = problem.is_fixed[present].astype(np.float64)
    return _sums(row, len(present)), fixed, np.ones(len(present))


def _most(problem: Problem, columns: Columns) -> Rows:
    """No party has more meetings than it wants, or than slots in which it is present."""
    first, second = problem.sides[columns.offer].T
    count = len(problem.parties)
    high = problem.most.astype(np.float64)
    return _sums(first, count) + _sums(second, count), np.zeros(count), high


def _rooms(problem: Problem, columns: Columns) -> Rows:
    """No slot has more meetings than rooms; without slots, no day has."""
    if columns.slot.size and columns.slot[0] >= 0:
        slots = problem.day.slots
        return _sums(columns.slot, slots), np.zeros(slots), np.full(slots, float(problem.day.rooms))
    everything = np.zeros(len(columns.offer), dtype=np.int64)
    return _sums(everything, 1), np.zeros(1), np.array([float(problem.capacity)])


def _one_place(problem: Problem, columns: Columns) -> Rows:
    """Nobody is in two places at once."""
    slots, count = problem.day.slots, len(problem.parties) * problem.day.slots
    first, second = problem.sides[columns.offer].T * slots + columns.slot
    return _sums(first, count) + _sums(second, count), np.zeros(count), np.ones(count)


def _pinned_rooms(problem: Problem, columns: Columns) -> Rows:
    """A room that was asked for holds one of the meetings that ask for it."""
    rooms, count = problem.day.rooms, problem.day.rooms * problem.day.slots
    room = problem.pinned_room[columns.offer]
    asking = np.flatnonzero(room >= 0)
    place = columns.slot[asking] * rooms + room[asking]
    matrix = sparse.csr_matrix(
        (np.ones(len(asking)), (place, asking)), shape=(count, len(columns.offer))
    )
    return matrix, np.zeros(count), np.ones(count)


def _sums(row: Numbers, count: int) -> Matrix:
    """One row of ones per number, over the columns that carry it."""
    columns = np.arange(len(row))
    return sparse.csr_matrix((np.ones(len(row)), (row, columns)), shape=(count, len(row)))
