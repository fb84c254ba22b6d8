"""Arrange a matchmaking day: at once if it is small, otherwise as a job in the background."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from api.security.roles import Actor, Role
from api.services.auditing import Action, note
from api.services.day_drafts import DayPlan
from api.services.day_records import Records, achievement_party, demand_party, taking_part
from api.services.days import DayState, get, held, plan_of, refuse_published
from api.services.jobs import ARRANGE, Outcome, Work
from api.services.matching import learned
from api.services.workspace import Workspace
from api.store import Booked, Job, MatchDay, State
from matcher.errors import EditConflict, InvalidInput
from matcher.pairing.batch import grades_between
from matcher.pairing.schedule import Day, Fixed, Offer, Party, Schedule, schedule
from matcher.records import Demand

_AT_ONCE: Final = 120_000
"""Pairs of records, times slots, that are arranged while the caller waits: about a second."""
_SECONDS: Final = 8.0
_SECONDS_IN_BACKGROUND: Final = 60.0
_SOLVING: Final = "排期"
_REFUSED: Final = 1
"""The grade of pairings that a broker has judged to be none."""
_CHANGED: Final = "对接会在排期期间被修改，这次排期没有保存，请重新排期。"
_UNGRADED: Final = "现在的模型不能评定等级，无法排期，请管理员在“模型”中启用带评级的模型。"


def arrange(workspace: Workspace, actor: Actor, id_: str, expected: int) -> MatchDay:
    """Find the best schedule of a day: now, or for a large one as a job, whose id the day carries.

    Raises NotFound, EditConflict, and InvalidInput for a plan that contradicts itself or a day that
    is published.
    """
    day = get(workspace, id_)
    refuse_published(day)
    if day.version != expected:
        raise EditConflict
    plan = plan_of(day)
    if len(plan.demands) * len(plan.achievements) * plan.slots > _AT_ONCE:
        return _ordered(workspace, actor, day)
    return solve(workspace, actor, day, _SECONDS)


def solve(workspace: Workspace, actor: Actor, day: MatchDay, seconds: float) -> MatchDay:
    """Solve and keep; EditConflict if the day was changed meanwhile. Raises InvalidInput."""
    plan = plan_of(day)
    records = taking_part(workspace, plan)
    found = schedule(day_of(workspace, plan, records), seconds)
    columns = _outcome(found, records, plan) | {"job_id": None}
    with workspace.store.writing() as unit:
        refuse_published(held(workspace, unit, day.id))
        columns["arranged_at"] = unit.moment
        after = workspace.store.days.change(unit, day.id, columns, day.version)
        workspace.store.days.book(unit, day.id, _booked(found))
        note(
            workspace.store,
            unit,
            actor,
            Action.day_arrange,
            day.id,
            meetings=len(found.meetings),
            gap=round(found.gap, 6),
        )
        return after


def carry_out(workspace: Workspace, work: Work) -> Outcome:
    """The job: arrange the day as it was when the job was ordered."""
    given = work.job.parameters
    day, actor = get(workspace, given["day"]), _actor(work.job)
    if day.job_id != work.job.id:
        raise InvalidInput(_CHANGED)
    [after] = [
        solve(workspace, actor, day, _SECONDS_IN_BACKGROUND)
        for day in work.track([day], _SOLVING, 1)
    ]
    return f"已排出 {len(workspace.store.days.meetings(after.id))} 场会面。", {}


def _ordered(workspace: Workspace, actor: Actor, day: MatchDay) -> MatchDay:
    """Queue the job; a day that waits for one already goes on waiting for that."""
    jobs = workspace.store.jobs
    running = jobs.get(day.job_id) if day.job_id else None
    if running is not None and not running.is_finished:
        return day
    job = _job(jobs.new_id(), actor, day)
    with workspace.store.writing() as unit:
        refuse_published(held(workspace, unit, day.id))
        jobs.add(unit, job)
        return workspace.store.days.change(unit, day.id, {"job_id": job.id}, day.version)


def _job(id_: str, actor: Actor, day: MatchDay) -> Job:
    now = datetime.now(UTC)
    said = {"who": actor.name, "role": actor.role, "address": actor.address}
    return Job(
        id=id_,
        kind=ARRANGE,
        state=State.waiting,
        account_id=actor.account_id,
        parameters={"day": day.id, "name": day.name, **said},
        step="",
        done=0,
        total=None,
        message="",
        report={},
        worker=None,
        created_at=now,
        beat_at=now,
        finished_at=None,
    )


def _actor(job: Job) -> Actor:
    given = job.parameters
    return Actor(job.account_id, given["who"], Role(given["role"]), given["address"])


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
    decisions = {one.id: learned(workspace, one) for one in records.demands}
    ids = [one.id for one in records.achievements]
    grades = grades_between(workspace.matchmaker, records.demands, ids, decisions)
    if workspace.matchmaker.grader is None:
        raise InvalidInput(_UNGRADED)
    for demand, row in zip(records.demands, grades, strict=True):
        yield from _offers_of(demand, row, records, decisions[demand.id], fixed)


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


def _outcome(found: Schedule, records: Records, plan: DayPlan) -> dict[str, Any]:
    names = records.parties
    there = records.titles
    lost = sum(not {one.demand, one.achievement} <= there.keys() for one in plan.fixed)
    more = [f"{lost} 场必须安排的会面缺少一方，没有安排。"] if lost else []
    return {
        "state": DayState.arranged,
        "total": found.total,
        "bound": found.bound,
        "gap": 0.0 if found.optimal else found.gap,
        "unplaced": [
            {"party": names.get(one.party, one.party), "reason": one.reason}
            for one in found.unplaced
        ],
        "missing": [*records.missing, *more],
    }


def _booked(found: Schedule) -> Iterator[Booked]:
    for one in found.meetings:
        yield Booked(
            one.demand_id,
            one.achievement_id,
            one.demand_party,
            one.achievement_party,
            one.slot,
            one.room,
            one.grade,
            one.fixed,
        )
