"""Arrange a matchmaking day: at once if it is small, otherwise as a job in the background."""

from collections.abc import Iterator
from typing import Any, Final

from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.day_drafts import DayPlan
from api.services.day_problem import day_of
from api.services.day_records import Records, taking_part
from api.services.days import DayState, get, held, plan_of, refuse_published
from api.services.job_orders import ordered, orderer
from api.services.jobs import ARRANGE, Outcome, Work
from api.services.workspace import Workspace
from api.store import Booked, MatchDay
from matcher.errors import EditConflict, InvalidInput
from matcher.pairing.schedule import Schedule, schedule

_AT_ONCE: Final = 120_000
"""Pairs of records, times slots, that are arranged while the caller waits: about a second."""
_SECONDS: Final = 8.0
_SECONDS_IN_BACKGROUND: Final = 60.0
_SOLVING: Final = "排期"
_CHANGED: Final = "对接会在排期期间被修改，这次排期没有保存，请重新排期。"


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
    day, actor = get(workspace, given["day"]), orderer(work.job)
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
    given = {"day": day.id, "name": day.name}
    job = ordered(jobs.new_id(), ARRANGE, actor, given)
    with workspace.store.writing() as unit:
        refuse_published(held(workspace, unit, day.id))
        jobs.add(unit, job)
        return workspace.store.days.change(unit, day.id, {"job_id": job.id}, day.version)


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
