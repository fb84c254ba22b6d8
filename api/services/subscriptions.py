"""Subscriptions: made, changed and ended by whoever they belong to."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final

from api.security.roles import Actor
from api.security.tokens import new_token
from api.services import digests
from api.services.auditing import Action, note
from api.services.filtering import DAYS, filters_of
from api.services.schedule import next_run
from api.services.times import today
from api.services.wishes import Manner, Wish, check, clean, made
from api.services.workspace import Workspace
from api.store.digests import Found
from api.store.subscriptions import Subscription
from matcher.errors import BundleError, InvalidInput, NotFitted, NotFound

_MOST: Final = 50


def subscribe(workspace: Workspace, actor: Actor, wish: Wish, manner: Manner) -> Subscription:
    """Keep a search; one that the account keeps already is given back as it is.

    What is found now counts as told, unless it is wished for. Without a model that is settled by
    the first run. Raises InvalidInput and NotFound.
    """
    assert actor.account_id is not None  # noqa: S101 - visitors do not get here
    kept = workspace.store.subscriptions.of(actor.account_id)
    wanted = made(workspace, actor.account_id, wish, manner)
    if same := next((one for one in kept if _search(one) == _search(wanted)), None):
        return same
    if len(kept) >= _MOST:
        raise InvalidInput(f"每个账号最多 {_MOST} 个订阅，请先删除不用的。")
    found: list[Found] | None = None
    with suppress(BundleError, NotFitted):
        found = digests.look(workspace, wanted)
    with workspace.store.writing() as unit:
        workspace.store.subscriptions.add(unit, wanted)
        if found is not None:
            digests.tell(workspace, unit, wanted, found, wanted.created_at, not wish.existing)
        if found is not None or wish.existing:
            workspace.store.subscriptions.change(unit, wanted.id, last_at=wanted.created_at)
        note(workspace.store, unit, actor, Action.subscribe, wanted.id)
    return wanted


def own(workspace: Workspace, actor: Actor, id_: str) -> Subscription:
    """One of one's own subscriptions. Raises NotFound, also for those of others."""
    found = workspace.store.subscriptions.get(id_)
    if found is None or found.account_id != actor.account_id:
        raise NotFound("没有这个订阅，它可能已被删除，请返回“订阅”查看。")
    return found


def change(workspace: Workspace, actor: Actor, id_: str, manner: Manner) -> None:
    """Change how a subscription tells. Raises NotFound and InvalidInput."""
    before = own(workspace, actor, id_)
    check(workspace, before.account_id, manner)
    values: dict[str, object] = {
        "name": clean(manner.name) or before.name,
        "min_grade": manner.min_grade,
        "frequency": manner.frequency,
        "by_email": manner.by_email,
    }
    if manner.frequency != before.frequency:
        values["next_at"] = next_run(manner.frequency, datetime.now(UTC))
    _write(workspace, actor, id_, values)


def extend(workspace: Workspace, actor: Actor, id_: str, last: str) -> None:
    """Let what it finds end until another day, today or later, or on any if it is empty.

    What lies in between counts as new. Raises NotFound and InvalidInput.
    """
    before = own(workspace, actor, id_)
    filters = {name: value for name, value in before.filters.items() if name != DAYS[1]}
    day = clean(last)
    if before.direction != "demands":
        raise InvalidInput.of(DAYS[1], "查找成果的订阅没有截止日期，不需要延长。")
    if day:
        filters[DAYS[1]] = day
        filters_of(filters).check()
        if date.fromisoformat(day) < today():
            raise InvalidInput.of(DAYS[1], "新的截止日期早于今天，请选择今天或以后的一天。")
    _write(workspace, actor, id_, {"filters": filters})


def pause(workspace: Workspace, actor: Actor, id_: str, is_paused: bool) -> None:
    """Let a subscription rest, or go on from the next time on. Raises NotFound."""
    before, now = own(workspace, actor, id_), datetime.now(UTC)
    values: dict[str, object] = {"paused_at": now if is_paused else None}
    if not is_paused:
        values["next_at"] = next_run(before.frequency, now)
    _write(workspace, actor, id_, values)


def renew_feed(workspace: Workspace, actor: Actor, id_: str) -> None:
    """Give the feed a new address; the old one is there no more. Raises NotFound."""
    own(workspace, actor, id_)
    _write(workspace, actor, id_, {"feed": new_token()})


def unsubscribe(workspace: Workspace, actor: Actor, id_: str) -> None:
    """End a subscription and forget what it told. Raises NotFound."""
    own(workspace, actor, id_)
    with workspace.store.writing() as unit:
        workspace.store.subscriptions.remove(unit, id_)
        note(workspace.store, unit, actor, Action.unsubscribe, id_)


def see(workspace: Workspace, subscription: Subscription) -> None:
    """Note that its owner has looked at it: what it told until now is no longer new."""
    with workspace.store.writing() as unit:
        workspace.store.subscriptions.change(unit, subscription.id, seen_at=unit.moment)


def _write(workspace: Workspace, actor: Actor, id_: str, values: Mapping[str, object]) -> None:
    with workspace.store.writing() as unit:
        workspace.store.subscriptions.change(unit, id_, **values)
        note(workspace.store, unit, actor, Action.subscription_change, id_)


def _search(subscription: Subscription) -> tuple[object, ...]:
    one = subscription
    return one.text, one.record_id, one.direction, dict(one.filters), one.min_grade
