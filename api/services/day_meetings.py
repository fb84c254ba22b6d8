"""Meetings moved, fixed and let go by hand; what stands in the way is named."""

from collections.abc import Iterator, Sequence

from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.catalogue import not_found
from api.services.day_drafts import DayPlan, FixedPair
from api.services.days import held, plan_of
from api.services.workspace import Workspace
from api.store import Booked, MatchDay, MeetingLine, Unit
from matcher.errors import EditConflict, FieldProblem, InvalidInput


def move(
    workspace: Workspace,
    actor: Actor,
    id_: str,
    meeting: tuple[str, str],
    place: tuple[int, int],
    expected: int,
) -> MatchDay:
    """Give the ``meeting`` (demand, achievement) another ``place`` (slot, room), and fix it there.

    Raises NotFound, EditConflict, and InvalidInput that names every conflict.
    """
    with workspace.store.writing() as unit:
        day = _seen(workspace, unit, id_, expected)
        booked = workspace.store.days.booked(unit, id_)
        one, plan = _one(booked, meeting), plan_of(day)
        if found := list(_conflicts(one, place, booked, plan)):
            problems = [FieldProblem("slot", sentence) for sentence in found]
            raise InvalidInput("".join(found), problems)
        return _keep(workspace, unit, actor, day, plan, one, place)


def release(
    workspace: Workspace, actor: Actor, id_: str, meeting: tuple[str, str], expected: int
) -> MatchDay:
    """Let a fixed meeting go where the next arrangement puts it. Raises as ``move``."""
    with workspace.store.writing() as unit:
        day = _seen(workspace, unit, id_, expected)
        one = _one(workspace.store.days.booked(unit, id_), meeting)
        return _keep(workspace, unit, actor, day, plan_of(day), one, None)


def _seen(workspace: Workspace, unit: Unit, id_: str, expected: int) -> MatchDay:
    day = held(workspace, unit, id_)
    if day.version != expected:
        raise EditConflict
    return day


def _one(booked: Sequence[MeetingLine], meeting: tuple[str, str]) -> MeetingLine:
    for one in booked:
        if (one.demand_id, one.achievement_id) == meeting:
            return one
    raise not_found("会面", "".join(meeting))


def _keep(
    workspace: Workspace,
    unit: Unit,
    actor: Actor,
    day: MatchDay,
    plan: DayPlan,
    one: MeetingLine,
    place: tuple[int, int] | None,
) -> MatchDay:
    """The meeting at its place, in the plan as among the meetings; anywhere if there is none."""
    slot, room = place or (one.slot, one.room)
    others = tuple(
        pair
        for pair in plan.fixed
        if (pair.demand, pair.achievement) != (one.demand_id, one.achievement_id)
    )
    pair = FixedPair(demand=one.demand_id, achievement=one.achievement_id, slot=slot, room=room)
    fixed = (*others, pair) if place else others
    kept = plan.model_copy(update={"fixed": fixed}).model_dump(mode="json")
    after = workspace.store.days.change(unit, day.id, {"plan": kept}, day.version)
    columns = {name: getattr(one, name) for name in Booked.__slots__}
    moved = Booked(**columns | {"slot": slot, "room": room, "fixed": place is not None})
    workspace.store.days.rebook(unit, day.id, moved)
    note(workspace.store, unit, actor, Action.day_move, day.id, slot=slot, room=room)
    return after


def _conflicts(
    one: MeetingLine, place: tuple[int, int], booked: Sequence[MeetingLine], plan: DayPlan
) -> Iterator[str]:
    slot, room = place
    if not (0 <= slot < plan.slots and 0 <= room < len(plan.rooms)):
        yield "这次对接会没有这个时段或场地，请从列表中选择。"
        return
    at, parties = plan.clock(slot), (one.demand_party, one.achievement_party)
    for party in parties:
        if slot not in plan.presence.get(party, (slot,)):
            yield f"“{party}”在 {at} 不在场，请换一个时段，或先在“参会安排”中改动。"
    for other in booked:
        if other.slot != slot or other is one:
            continue
        if other.room == room:
            yield f"{plan.rooms[room]}在 {at} 已有“{_pair(other)}”，请换一个场地或时段。"
        for party in sorted({other.demand_party, other.achievement_party} & {*parties}):
            yield f"“{party}”在 {at} 已有另一场会面（{_pair(other)}），请换一个时段。"


def _pair(one: MeetingLine) -> str:
    return f"{one.demand_party} 与 {one.achievement_party}"
