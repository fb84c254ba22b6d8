"""A plan and its records as the solver takes them: parties, offers with grades, fixed meetings."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from api.services.day_drafts import DayPlan
from api.services.day_records import Records, achievement_party, demand_party
from api.services.workspace import Workspace
from matcher.errors import InvalidInput
from matcher.pairing.batch import grades_between
from matcher.pairing.schedule import Day, Fixed, Offer, Party
from matcher.records import Demand

_REFUSED: Final = 1
"""The grade of pairings that a broker has judged to be none."""
_UNGRADED: Final = "现在的模型不能评定等级，无法排期，请管理员在“模型”中启用带评级的模型。"


def day_of(workspace: Workspace, plan: DayPlan, records: Records) -> Day:
    """What the solver is asked: parties, pairs with grades, what must be. Raises InvalidInput."""
    fixed = list(_fixed(plan, records))
    wanted = {(one.demand_id, one.achievement_id) for one in fixed}
    return Day(
        slots=plan.slots,
        rooms=len(plan.rooms),
        parties={id_: _party(id_, name, plan) for id_, name in records.parties.items()},
        offers=list(_offers(workspace, records, wanted)),
        fixed=fixed,
        least=plan.least,
    )


def _party(id_: str, name: str, plan: DayPlan) -> Party:
    """Slots that the day no longer has are passed over."""
    present = plan.presence.get(id_)
    slots = None if present is None else frozenset(s for s in present if s < plan.slots)
    return Party(id_, name, slots, plan.most, plan.priorities.get(id_, 1.0))


def _fixed(plan: DayPlan, records: Records) -> Iterator[Fixed]:
    demands = {one.id for one in records.demands}
    achievements = {one.id for one in records.achievements}
    for one in plan.fixed:
        if one.demand in demands and one.achievement in achievements:
            yield Fixed(one.demand, one.achievement, one.slot, one.room)


def _offers(workspace: Workspace, records: Records, fixed: set[tuple[str, str]]) -> Iterator[Offer]:
    """Every pairing with a grade that no broker has refused, and those that are fixed."""
    needs = [one.id for one in records.demands]
    decisions = workspace.store.decisions.grades_of_many("demand_id", needs)
    ids = [one.id for one in records.achievements]
    grades = grades_between(workspace.matchmaker, records.demands, ids, decisions)
    if workspace.matchmaker.grader is None:
        raise InvalidInput(_UNGRADED)
    for demand, row in zip(records.demands, grades, strict=True):
        yield from _offers_of(demand, row, records, decisions.get(demand.id, {}), fixed)


def _offers_of(
    demand: Demand,
    grades: "np.ndarray[Any, np.dtype[np.float64]]",
    records: Records,
    decisions: Mapping[str, int],
    fixed: set[tuple[str, str]],
) -> Iterator[Offer]:
    party = demand_party(demand)
    for achievement, grade in zip(records.achievements, grades.tolist(), strict=True):
        key = demand.id, achievement.id
        is_open = not np.isnan(grade) and decisions.get(achievement.id) != _REFUSED
        if is_open or key in fixed:
            known = 1.0 if np.isnan(grade) else grade
            yield Offer(*key, party, achievement_party(achievement), known)
