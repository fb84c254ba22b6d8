"""Runs of subscriptions: what they find, and what of it is told for the first time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from api.security.roles import Actor
from api.services import catalogue
from api.services.filtering import filters_of
from api.services.kinds import DEMANDS
from api.services.lapsing import lapses
from api.services.matching import MatchRequest, match
from api.services.schedule import next_run
from api.services.workspace import Workspace
from api.store import Unit
from api.store.digests import Digest, Found
from api.store.subscriptions import Subscription
from matcher.errors import InvalidInput, NotFound
from matcher.records import Achievement, Demand, Direction, Pairing

_K: Final = 20
_CLAIMED: Final = timedelta(minutes=5)
"""A process that has not settled a run by then has died; somebody else runs it."""
_AT_ONCE: Final = 20


def look(workspace: Workspace, subscription: Subscription) -> list[Found]:
    """What it finds now at or above its grade, best first.

    Raises InvalidInput and NotFound if what it starts from is of no use any more.
    """
    direction = cast(Direction, subscription.direction)
    filters = filters_of(subscription.filters)
    request = MatchRequest(subscription.text, subscription.record_id, direction, _K, filters)
    pairings = match(workspace, request).pairings
    found = (_found(pairing, direction) for pairing in pairings)
    return [one for one in found if one.grade >= subscription.min_grade]


def tell(
    workspace: Workspace,
    unit: Unit,
    subscription: Subscription,
    found: Sequence[Found],
    at: datetime,
    in_silence: bool = False,
    is_mailed: bool = True,
) -> int:
    """Make a digest of what was never told before, or note it ``in_silence``; how much it is.

    The subscription is held by the unit. Without anything new there is no digest.
    """
    told = workspace.store.digests.told(unit, subscription.id)
    new = [one for one in found if one.record_id not in told]
    if not new:
        return 0
    digest = None if in_silence else _digest(workspace, subscription, at, is_mailed)
    workspace.store.digests.add(unit, subscription.id, new, digest)
    return 0 if in_silence else len(new)


def run_now(workspace: Workspace, actor: Actor, subscription: Subscription) -> int:
    """Run a subscription for somebody who waits for it, who needs no letter; how much is new.

    Raises NotFound, and InvalidInput if it cannot be run any more.
    """
    found = look(workspace, subscription)
    with workspace.store.writing() as unit:
        held = workspace.store.subscriptions.hold(unit, subscription.id)
        if held is None or held.account_id != actor.account_id:
            raise NotFound("没有这个订阅，它可能已被删除，请返回“订阅”查看。")
        count = tell(workspace, unit, held, found, unit.moment, is_mailed=False)
        workspace.store.subscriptions.change(unit, held.id, last_at=unit.moment)
    return count


def run_due(workspace: Workspace, now: datetime | None = None) -> bool:
    """Run the subscriptions whose time has come and that no other process runs.

    Whether there may be more.
    """
    now = now or datetime.now(UTC)
    due = workspace.store.subscriptions.due(now, _AT_ONCE)
    for subscription in due:
        until = now + _CLAIMED
        if workspace.store.subscriptions.claim(subscription, until):
            _run(workspace, subscription, now, until)
    return len(due) == _AT_ONCE


def record(workspace: Workspace, id_: str) -> Achievement | Demand:
    """What a subscription starts from. Raises NotFound."""
    found = workspace.demands.get(id_) or workspace.achievements.get(id_)
    return found or catalogue.get(workspace, DEMANDS, id_)


def _run(workspace: Workspace, subscription: Subscription, now: datetime, until: datetime) -> None:
    """Digest, findings and the next time are written together, or not at all."""
    try:
        found = look(workspace, subscription)
    except (InvalidInput, NotFound):  # its page says so; it may come back
        found = []
    with workspace.store.writing() as unit:
        held = workspace.store.subscriptions.hold(unit, subscription.id, until)
        if held is None:  # ended or changed meanwhile, or so late that another has run it
            return
        tell(workspace, unit, held, found, now, in_silence=held.last_at is None)
        if lapses(held, now):  # a digest of nothing says so
            workspace.store.digests.add(unit, held.id, [], _digest(workspace, held, now, True))
        next_at = next_run(held.frequency, now)
        workspace.store.subscriptions.change(unit, held.id, last_at=now, next_at=next_at)


def _digest(
    workspace: Workspace, subscription: Subscription, at: datetime, is_mailed: bool
) -> Digest:
    waits = is_mailed and subscription.by_email and workspace.smtp.can_mail
    id_, mail = workspace.store.digests.new_id(), "waiting" if waits else "none"
    return Digest(id_, subscription.id, at, mail, next_try_at=at if waits else None)


def _found(pairing: Pairing, direction: Direction) -> Found:
    is_offer = direction == "achievements"
    record = pairing.achievement if is_offer else pairing.demand
    grade = pairing.grading.grade if pairing.grading else 0
    return Found(record.id, grade, pairing.rank, pairing.reason.summary)
