"""Subscriptions and digests as the store holds them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from api.services.workspace import Workspace
from api.smtp import Smtp
from api.store import Store
from api.store.accounts import Account
from api.store.digests import Digest, Found
from api.store.mapping import new_id
from api.store.subscriptions import Subscription

NOW = datetime(2027, 3, 3, 0, 5, tzinfo=UTC)
"""Five past eight in Beijing, on a Wednesday."""
SMTP = Smtp(
    public_url="https://kjj.example",
    smtp_host="127.0.0.1",
    smtp_security="none",
    smtp_from="红娘 <hongniang@kjj.example>",
)


def space_of(store: Store, smtp: Smtp = SMTP) -> Workspace:
    """As much of a workspace as runs and letters need; nobody asks its engine here."""
    kept = SimpleNamespace(
        store=store, smtp=smtp, achievements=store.achievements, demands=store.demands
    )
    return cast(Workspace, kept)


def account(store: Store, **changes: Any) -> Account:
    id_ = new_id("u")
    values = {"role": "broker", "disabled_at": None, "email": "lin.jing@kjj.example"} | changes
    made = Account(id=id_, name=id_, password_hash="", organisation=None, created_at=NOW, **values)
    with store.writing() as unit:
        store.accounts.put(unit, made)
    return made


def subscription(store: Store, owner: Account, **changes: Any) -> Subscription:
    id_ = new_id("s")
    values = {
        "name": "除氟",
        "direction": "achievements",
        "text": "含氟废水深度除氟",
        "record_id": None,
        "filters": {},
        "min_grade": 3,
        "frequency": "daily",
        "by_email": True,
        "feed": f"feed-{id_}",
        "created_at": NOW - timedelta(days=9),
        "next_at": NOW - timedelta(minutes=5),
        "last_at": NOW - timedelta(days=1),
        "paused_at": None,
        "seen_at": NOW - timedelta(days=9),
    }
    made = Subscription(id=id_, account_id=owner.id, **values | changes)
    with store.writing() as unit:
        store.subscriptions.add(unit, made)
    return made


def digest(store: Store, kept: Subscription, found: Sequence[Found] = (), **changes: Any) -> Digest:
    values = {"at": NOW, "mail": "waiting", "next_try_at": NOW} | changes
    made = Digest(store.digests.new_id(), kept.id, **values)
    with store.writing() as unit:
        store.digests.add(unit, kept.id, found, made)
    return made


def found(*ids: str) -> list[Found]:
    return [Found(id_, 3, rank, "双方都提到“除氟”。") for rank, id_ in enumerate(ids, 1)]
