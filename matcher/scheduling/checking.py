"""What of a day contradicts itself, said in one sentence."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import isfinite
from typing import Final

import numpy as np

from matcher.errors import InvalidQuery
from matcher.scheduling.day import Day, Fixed, Offer, Party
from matcher.scheduling.problem import Problem
from matcher.scheduling.program import program, timed
from matcher.scheduling.solver import Deadline, most_placed

_PRIORITIES: Final = (0.001, 1000.0)


def check(day: Day) -> None:
    """Refuse a day that cannot be meant as it is.

    Raises
    ------
    InvalidQuery
        With one sentence that names the first contradiction.
    """
    _check_size(day)
    for id_, party in day.parties.items():
        _check_party(id_, party, day)
    _check_offers(day)
    _check_fixed(day)


def _check_size(day: Day) -> None:
    if day.slots < 1:
        raise InvalidQuery.of("slots", "对接会还没有时段，请至少安排一个时段。")
    if day.rooms < 1:
        raise InvalidQuery.of("rooms", "对接会还没有场地，请至少提供一个场地。")
    if not isfinite(day.least):
        raise InvalidQuery.of("least", "最低等级应是一个数，请改为 1 至 4 之间的数。")


def _check_party(id_: str, party: Party, day: Day) -> None:
    if party.id != id_:
        raise InvalidQuery.of("parties", f"参会方“{party.name}”的编号前后不一，请核对。")
    if party.most < 0:
        raise InvalidQuery.of("most", f"“{party.name}”的最多场数不能小于 0，请改正。")
    if not _PRIORITIES[0] <= party.priority <= _PRIORITIES[1]:
        raise InvalidQuery.of("priority", f"“{party.name}”的优先级应在 0.001 至 1000，请改正。")
    if party.slots is not None and not party.slots <= frozenset(range(day.slots)):
        raise InvalidQuery.of(
            "presence", f"“{party.name}”的到场时段超出了对接会的 {day.slots} 个时段，请改正。"
        )


def _check_offers(day: Day) -> None:
    for offer in day.offers:
        for party in (offer.demand_party, offer.achievement_party):
            if party not in day.parties:
                raise InvalidQuery.of("offers", f"配对中的“{party}”不在参会方之列，请补上。")
        if not isfinite(offer.grade):
            raise InvalidQuery.of("offers", f"{_pair(offer)}没有可用的期望等级，请重新计算。")
    twice = _repeated(offer.key for offer in day.offers)
    if twice:
        raise InvalidQuery.of("offers", f"配对“{'—'.join(twice)}”出现了两次，请只保留一次。")


def _check_fixed(day: Day) -> None:
    offers = {offer.key: offer for offer in day.offers}
    twice = _repeated(wish.key for wish in day.fixed)
    if twice:
        raise InvalidQuery.of("fixed", f"会面“{'—'.join(twice)}”固定了两次，请只保留一次。")
    for wish in day.fixed:
        offer = offers.get(wish.key)
        if offer is None:
            raise InvalidQuery.of(
                "fixed", f"固定的会面“{'—'.join(wish.key)}”不在可选的配对之中，请先加入双方。"
            )
        _check_one(day, wish, offer)


def check_together(problem: Problem, deadline: Deadline) -> None:
    """Refuse fixed meetings that cannot all be held, though each of them could.

    Raises
    ------
    InvalidQuery
        With one sentence that names the first of those for which nothing is left.
    """
    fixed = np.flatnonzero(problem.is_fixed)
    if not len(fixed):
        return
    free = replace(problem, is_fixed=np.zeros_like(problem.is_fixed))
    within = program(free, timed(free, fixed))
    held = within.columns.offer[most_placed(within, deadline)]
    left = np.setdiff1d(fixed, held)
    if len(left):
        one, other = (problem.parties[number] for number in problem.sides[left[0]])
        raise InvalidQuery.of(
            "fixed",
            f"{len(fixed)} 场固定的会面不能同时安排：最多 {len(held)} 场，"
            f"{_names(one, other)}再没有可用的时段和场地，请减少或改动固定的会面。",
        )


def _check_one(day: Day, wish: Fixed, offer: Offer) -> None:
    one, other = day.parties[offer.demand_party], day.parties[offer.achievement_party]
    if one.id == other.id:
        raise InvalidQuery.of("fixed", f"固定的会面里“{one.name}”和自己见面，请改正。")
    if wish.slot is not None and not 0 <= wish.slot < day.slots:
        raise InvalidQuery.of("fixed", f"{_names(one, other)}固定的时段不存在，请改正。")
    if wish.room is not None and not 0 <= wish.room < day.rooms:
        raise InvalidQuery.of("fixed", f"{_names(one, other)}固定的场地不存在，请改正。")
    for party in (one, other):
        if party.most == 0:
            raise InvalidQuery.of("fixed", f"“{party.name}”最多 0 场，却有固定的会面，请改正。")
        if wish.slot is not None and wish.slot not in party.present(day.slots):
            raise InvalidQuery.of(
                "fixed", f"“{party.name}”在第 {wish.slot + 1} 个时段不在场，{_MOVE}"
            )
    if not one.present(day.slots) & other.present(day.slots):
        raise InvalidQuery.of("fixed", f"{_names(one, other)}没有共同的到场时段，{_MOVE}")


_MOVE: Final = "请改动固定的会面或到场时段。"


def _names(one: Party, other: Party) -> str:
    return f"“{one.name}”与“{other.name}”"


def _pair(offer: Offer) -> str:
    return f"配对“{offer.demand_id}—{offer.achievement_id}”"


def _repeated(keys: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    return next((key for key, count in Counter(keys).items() if count > 1), None)
