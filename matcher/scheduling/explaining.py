"""Why a party has no meeting."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.scheduling.day import Offer, Unplaced
from matcher.scheduling.problem import Problem
from matcher.scheduling.program import Columns


def unplaced(problem: Problem, meetings: Columns) -> tuple[Unplaced, ...]:
    """Each party without a meeting, with one sentence that says why."""
    placed = set(map(int, problem.sides[meetings.offer].ravel()))
    wanted = _by_party(problem)
    return tuple(
        Unplaced(party.id, _reason(problem, meetings, number, wanted.get(party.id, ())))
        for number, party in enumerate(problem.parties)
        if number not in placed
    )


def _by_party(problem: Problem) -> Mapping[str, list[Offer]]:
    """The offers of each party that are good enough, whether or not they can meet."""
    found: dict[str, list[Offer]] = {}
    for offer in problem.day.offers:
        if offer.grade >= problem.day.least and offer.demand_party != offer.achievement_party:
            found.setdefault(offer.demand_party, []).append(offer)
            found.setdefault(offer.achievement_party, []).append(offer)
    return found


def _reason(problem: Problem, meetings: Columns, number: int, wanted: Sequence[Offer]) -> str:
    party = problem.parties[number]
    if not problem.present[number].any():
        return "没有到场的时段。"
    if party.most == 0:
        return "最多场数为 0。"
    if not wanted:
        return f"没有期望等级达到 {problem.day.least:g} 的配对。"
    offers = np.flatnonzero((problem.sides == number).any(axis=1))
    if not len(offers):
        return f"与{_others(problem, number, wanted)}没有共同的到场时段。"
    return _crowded(problem, meetings, offers, _others(problem, number, wanted))


def _crowded(problem: Problem, meetings: Columns, offers: np.ndarray, others: str) -> str:
    """Why none of the offers that could meet does."""
    slots = problem.common(offers).any(axis=0)
    used = np.bincount(meetings.slot, minlength=problem.day.slots)
    if (used[slots] >= problem.day.rooms).all():
        return "共同在场的时段里场地都已排满，增加场地或时段后可以安排。"
    return f"{others}在共同的时段已排满，或已到最多场数。"


def _others(problem: Problem, number: int, wanted: Sequence[Offer]) -> str:
    """Who could be met, the first one by name."""
    me, parties = problem.parties[number].id, problem.day.parties
    ids = {
        offer.demand_party if offer.achievement_party == me else offer.achievement_party
        for offer in wanted
    }
    first = parties[min(ids)].name
    return f"“{first}”" if len(ids) == 1 else f"“{first}”等 {len(ids)} 家"
