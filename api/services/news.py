"""What digests may show, read from the records as they are when somebody looks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from api.security.redaction import public_demand
from api.services.workspace import Workspace
from api.store.digests import Digest, Found
from api.store.subscriptions import Subscription
from matcher.records import Achievement, Demand
from matcher.values import PUBLIC, PUBLISHED, RETURNED

HIDDEN: Final = "一条仅经理人可见的需求"
"""Instead of the title of a demand, where others than brokers may read it."""


@dataclass(frozen=True, slots=True)
class News:
    """One record that was found. ``path`` is that of its page, ``summary`` may be empty."""

    record_id: str
    path: str
    title: str
    grade: int
    summary: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest and what of it may be shown; ``told`` counts all that was once in it."""

    digest: Digest
    news: Sequence[News]
    told: int

    @property
    def is_end(self) -> bool:
        """Whether it tells of no record, but that the last day of the subscription has passed."""
        return self.told == 0


@dataclass(frozen=True, slots=True)
class _Kept:
    """A record that is there, and where it stands with the brokers."""

    record: Achievement | Demand
    state: str

    @property
    def public_title(self) -> str:
        """Its title for anybody."""
        if isinstance(self.record, Achievement):
            return self.record.title
        is_public = self.record.confidentiality == PUBLIC and self.state == PUBLISHED
        return public_demand(self.record).title if is_public else HIDDEN

    @property
    def is_open(self) -> bool:
        """Whether all of its text is for anybody."""
        if isinstance(self.record, Achievement):
            return True
        is_public = self.record.confidentiality == PUBLIC and self.state == PUBLISHED
        return is_public and public_demand(self.record).texts() == self.record.texts()


def inside(workspace: Workspace, digests: Sequence[Digest]) -> list[Issue]:
    """Digests for their broker, signed in. What was deleted or returned is left out."""
    issues = _issues(workspace, digests)
    return [Issue(d, [_news(one, kept) for one, kept in shown], told) for d, shown, told in issues]


def outside(
    workspace: Workspace, subscription: Subscription, digests: Sequence[Digest]
) -> list[Issue]:
    """The same for feeds and letters, which leave the house.

    Of demands only what the public may see is shown, and no reason that speaks of another one.
    """
    is_open = _is_base_open(workspace, subscription)
    issues = _issues(workspace, digests)
    return [
        Issue(d, [_outward(_news(one, kept), kept, is_open) for one, kept in shown], told)
        for d, shown, told in issues
    ]


def name_outside(workspace: Workspace, subscription: Subscription) -> str:
    """The name of a subscription where others may read it: it may be the title of a demand."""
    return subscription.name if _is_base_open(workspace, subscription) else HIDDEN


def _issues(
    workspace: Workspace, digests: Sequence[Digest]
) -> list[tuple[Digest, list[tuple[Found, _Kept]], int]]:
    """Each digest, what it found that is still there, and how much it found."""
    found = workspace.store.digests.findings(digests)
    kept = _kept(workspace, [one.record_id for several in found.values() for one in several])
    return [
        (
            d,
            [(one, kept[one.record_id]) for one in found[d.id] if one.record_id in kept],
            len(found[d.id]),
        )
        for d in digests
    ]


def _kept(workspace: Workspace, ids: Sequence[str]) -> dict[str, _Kept]:
    """By id what is there now, other than demands that were returned."""
    offers = workspace.achievements.get_many(ids)
    kept = {id_: _Kept(record, PUBLISHED) for id_, record in offers.items()}
    for stored in workspace.demands.stored_many(ids):
        if stored.state != RETURNED:
            kept[stored.record.id] = _Kept(stored.record, stored.state)
    return kept


def _is_base_open(workspace: Workspace, subscription: Subscription) -> bool:
    """Whether what it starts from may be spoken of; not if it is a record that is gone."""
    id_ = subscription.record_id
    if id_ is None:
        return True
    base = _kept(workspace, [id_]).get(id_)
    return base is not None and base.is_open


def _news(found: Found, kept: _Kept) -> News:
    kind = "achievements" if isinstance(kept.record, Achievement) else "demands"
    path = f"/{kind}/{kept.record.id}"
    return News(kept.record.id, path, kept.record.title, found.grade, found.summary)


def _outward(news: News, kept: _Kept, is_base_open: bool) -> News:
    summary = news.summary if is_base_open and kept.is_open else ""
    return replace(news, title=kept.public_title, summary=summary)
