"""Matchmaking days (对接会): made, changed, published, withdrawn, removed."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.catalogue import not_found
from api.services.day_drafts import DayDraft, DayPlan
from api.services.day_records import proposed
from api.services.once import Once
from api.services.workspace import Workspace
from api.store import MatchDay, Unit
from api.store.idempotency import claim
from api.store.mapping import new_id
from matcher.errors import EditConflict, InvalidInput

LABEL: Final = "对接会"
_NOT_ARRANGED: Final = "排期之后才能发布，请先点“排期”，核对无误后再发布。"
_PUBLISHED: Final = "这次对接会已发布，请先撤回发布，再修改。"


class DayState(StrEnum):
    """A draft has no meetings, or its plan changed after they were arranged."""

    draft = "draft"
    arranged = "arranged"
    published = "published"


STATE_NAMES: Final = {
    DayState.draft: "草稿",
    DayState.arranged: "已排期",
    DayState.published: "已发布",
}


def make(workspace: Workspace, actor: Actor, draft: DayDraft, once: Once | None = None) -> MatchDay:
    """Keep a new day; sent ``once`` more, it is the one that was kept before.

    Without demands it takes those published in its field and region, without achievements those
    that fit them best. Raises InvalidInput if there are none, and KeyReused.
    """
    plan = proposed(workspace, draft.plan())
    id_, now = new_id("m"), datetime.now(UTC)
    day = MatchDay(
        id=id_,
        name=draft.name,
        date=draft.date,
        place=draft.place,
        state=DayState.draft,
        plan=plan.model_dump(mode="json"),
        total=None,
        bound=None,
        gap=None,
        unplaced=[],
        missing=[],
        job_id=None,
        arranged_at=None,
        published_at=None,
        owner_id=actor.account_id,
        version=1,
        created_at=now,
        updated_at=now,
    )
    with workspace.store.writing() as unit:
        made = claim(unit, once.key_hash, once.content_hash, id_) if once else id_
        if made == id_:
            workspace.store.days.add(unit, day)
            note(workspace.store, unit, actor, Action.day_make, id_)
    return get(workspace, made)


def get(workspace: Workspace, id_: str) -> MatchDay:
    """The day with this id. Raises NotFound."""
    found = workspace.store.days.get(id_)
    if found is None:
        raise not_found(LABEL, id_)
    return found


def plan_of(day: MatchDay) -> DayPlan:
    """Its plan, as it was checked when it was stored."""
    return DayPlan.model_validate(day.plan)


def draft_of(day: MatchDay) -> DayDraft:
    """All that can be changed of a day."""
    return DayDraft(name=day.name, date=day.date, place=day.place, **day.plan)


def change(
    workspace: Workspace, actor: Actor, id_: str, draft: DayDraft, expected: int
) -> MatchDay:
    """Replace what a day was planned as. Its meetings stay until it is arranged again.

    Raises NotFound, EditConflict, and InvalidInput for a day that is published.
    """
    before = get(workspace, id_)
    refuse_published(before)
    plan = proposed(workspace, draft.plan()).model_dump(mode="json")
    columns: dict[str, object] = {"name": draft.name, "date": draft.date, "place": draft.place}
    if plan == before.plan and all(getattr(before, n) == v for n, v in columns.items()):
        return before
    if plan != before.plan:
        columns |= {"plan": plan, "state": DayState.draft}
    with workspace.store.writing() as unit:
        refuse_published(held(workspace, unit, id_))
        after = workspace.store.days.change(unit, id_, columns, expected)
        note(workspace.store, unit, actor, Action.day_change, id_, changed=sorted(columns))
        return after


def adjust(
    workspace: Workspace, actor: Actor, id_: str, expected: int, **parts: object
) -> MatchDay:
    """Replace some ``parts`` of the plan: presence, priorities, fixed meetings. As ``change``."""
    before = get(workspace, id_)
    given = {name: getattr(before, name) for name in ("name", "date", "place")}
    draft = DayDraft.model_validate({**before.plan, **given, **parts})
    return change(workspace, actor, id_, draft, expected)


def publish(
    workspace: Workspace, actor: Actor, id_: str, is_public: bool, expected: int
) -> MatchDay:
    """Publish a day that is arranged, so that its calendars can be handed out; or take that back.

    Who asks for what is so already is not refused. Raises NotFound, EditConflict and InvalidInput.
    """
    wanted = DayState.published if is_public else DayState.arranged
    with workspace.store.writing() as unit:
        day = held(workspace, unit, id_)
        if day.state == wanted:
            return day
        if day.state == DayState.draft:
            raise InvalidInput(_NOT_ARRANGED)
        columns = {"state": wanted, "published_at": unit.moment if is_public else None}
        after = workspace.store.days.change(unit, id_, columns, expected)
        action = Action.day_publish if is_public else Action.day_withdraw
        note(workspace.store, unit, actor, action, id_)
        return after


def remove(workspace: Workspace, actor: Actor, id_: str, expected: int) -> None:
    """Forget a day with its meetings. Raises NotFound, EditConflict, and InvalidInput if public."""
    with workspace.store.writing() as unit:
        day = held(workspace, unit, id_)
        refuse_published(day)
        if day.version != expected:
            raise EditConflict
        workspace.store.days.remove(unit, id_)
        note(workspace.store, unit, actor, Action.day_remove, id_)


def held(workspace: Workspace, unit: Unit, id_: str) -> MatchDay:
    """The day, which nobody else can change until the unit ends. Raises NotFound."""
    day = workspace.store.days.held(unit, id_)
    if day is None:
        raise not_found(LABEL, id_)
    return day


def refuse_published(day: MatchDay) -> None:
    """Raise InvalidInput for a day that others may have in their calendars already."""
    if day.state == DayState.published:
        raise InvalidInput(_PUBLISHED)
