"""The survey: what the library has for each demand, kept so that pages need not search for it."""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from api.services.giving_way import GivingWay
from api.services.workspace import Workspace
from api.store import Outlook
from matcher.checks import MAX_K
from matcher.library import stamp
from matcher.pairing.batch import Pair, best_pairs
from matcher.records import Demand

_log = logging.getLogger(__name__)
STRONG: Final = 3
"""The lowest grade of a strong achievement."""
_FIRST: Final = 20
"""Pairings that are asked for; where all of these are strong, as many as one can ask for."""
_MOST: Final = 50
_BUDGET: Final = 0.05
"""Seconds of searching in one turn: requests are to wait for no more than that, and seldom."""
_REST: Final = 15.0
"""Seconds until it looks again, after nothing was left to do or something went wrong."""
_OLD: Final = timedelta(days=1)


class Survey:
    """Asks the library about demands, a few at a turn. Whatever fails, its caller goes on."""

    def __init__(
        self,
        workspace: Workspace,
        budget: float = _BUDGET,
        rest: float = _REST,
        giving_way: GivingWay | None = None,
    ) -> None:
        """``budget`` and ``rest``: seconds of work in one turn, and between two looks for work."""
        self._workspace = workspace
        self._budget, self._rest = budget, rest
        self._giving_way = giving_way or GivingWay()
        self._next = 0.0
        self._trouble = False

    def turn(self) -> None:
        """Do some of what is due, if this is the process that does it. Never raises."""
        if time.monotonic() < self._next or not self._giving_way.may_work():
            return
        try:
            done = self._workspace.leads() and survey(self._workspace, self._budget)
        except Exception as reason:  # the thread that asks has more to do than this
            self._note(type(reason).__name__)
            done = 0
        else:
            self._trouble = False
        if not done:
            self._next = time.monotonic() + self._rest
        self._giving_way.worked()

    def _note(self, trouble: str) -> None:
        if not self._trouble:
            _log.warning("the survey of demands rests, trying on: %s", trouble)
        self._trouble = True


def survey(workspace: Workspace, budget: float = _BUDGET) -> int:
    """Look at demands of which nothing current is known, for about ``budget`` seconds.

    How many were looked at. Without a grader nothing can be said, and nothing is.
    """
    model, started = workspace.model, time.monotonic()
    found: list[Outlook] = []
    strong: dict[str, list[str]] = {}
    if model is None or workspace.matchmaker.grader is None:
        return 0
    old = datetime.now(UTC) - _OLD
    for id_ in workspace.store.outlooks.due(model, old, _MOST):
        demand = workspace.demands.get(id_)
        if demand is not None:
            pairings = _pairs(workspace, demand)
            found.append(_outlook(demand, model, pairings))
            strong[id_] = _strong(pairings)
        if time.monotonic() - started > budget:
            break
    workspace.store.outlooks.store(found, strong)
    return len(found)


def _pairs(workspace: Workspace, demand: Demand) -> Sequence[Pair]:
    """The first ones, whatever was decided: an achievement that was accepted is still there."""
    # One at a time: what is found ahead of its turn would be lost when the turn ends.
    [found] = best_pairs(workspace.matchmaker, [demand], _FIRST, threads=1)
    if len(found.pairs) == _FIRST and _worth(found.pairs[-1])[0] >= STRONG:
        [found] = best_pairs(workspace.matchmaker, [demand], MAX_K, threads=1)
    return found.pairs  # none for a text too long to be matched


def _strong(pairings: Sequence[Pair]) -> list[str]:
    """The ids of the strong achievements, and of those with nearly the same text."""
    return [
        record.id
        for pairing in pairings
        if _worth(pairing)[0] >= STRONG
        for record in (pairing.achievement, *pairing.twins)
    ]


def _outlook(demand: Demand, model: str, pairings: Sequence[Pair]) -> Outlook:
    best = max(pairings, key=_worth, default=None)
    grading = best.grading if best else None
    return Outlook(
        demand_id=demand.id,
        stamp=stamp(demand),
        model=model,
        at=datetime.now(UTC),
        achievement_id=best.achievement.id if best else None,
        grade=grading.grade if grading else None,
        expected=grading.expected if grading else None,
        strong=sum(_worth(pairing)[0] >= STRONG for pairing in pairings),
    )


def _worth(pairing: Pair) -> tuple[int, int]:
    """Its grade, and of equal ones how early it stands."""
    return (pairing.grading.grade if pairing.grading else 0, -pairing.rank)
