"""Subscriptions and digests as people read them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from api.pages.contexts.subscriptions import DigestPart, Lapsed, NewsLine, SubscriptionLine
from api.pages.presenting import href, moment
from api.security.roles import Actor
from api.services.filtering import DAYS, days_said
from api.services.lapsing import has_lapsed, last_day
from api.services.news import Issue
from api.services.schedule import FREQUENCIES
from api.services.times import today
from api.services.wishes import GRADES
from api.services.workspace import Workspace
from api.store.digests import Digest
from api.store.subscriptions import Subscription
from matcher.pairing.wording import GRADE_NAMES

_EXTENDED: Final = timedelta(days=90)
_SOUGHT: Final = {"achievements": "查找成果", "demands": "查找需求"}


def lines(space: Workspace, actor: Actor) -> list[SubscriptionLine]:
    """One's own subscriptions, newest first."""
    account = actor.account_id or ""
    new = space.store.digests.unseen(account)
    return [
        SubscriptionLine(
            f"/subscriptions/{one.id}",
            one.name,
            facts(one),
            new.get(one.id, 0),
            one.paused_at is not None,
            has_lapsed(one, today()),
        )
        for one in space.store.subscriptions.of(account)
    ]


def facts(one: Subscription) -> list[str]:
    """What it looks for, when, from which grade on, and how it tells."""
    grade = GRADES.get(one.min_grade, str(one.min_grade))
    top = max(GRADES)
    found = [
        _SOUGHT.get(one.direction, one.direction),
        *_narrowed(one.filters),
        f"“{grade}”" if one.min_grade == top else f"“{grade}”及以上",
        FREQUENCIES.get(one.frequency, one.frequency),
    ]
    if one.by_email:
        found.append("邮件")
    return [*found, f"上次查看 {moment(one.last_at)}"] if one.last_at else found


def lapsed(one: Subscription) -> Lapsed | None:
    """What to say of one whose last day has passed, and which day is offered instead."""
    on, last = today(), last_day(one)
    if last is None or not has_lapsed(one, on):
        return None
    return Lapsed(last.isoformat(), on.isoformat(), (on + _EXTENDED).isoformat())


def _narrowed(filters: Mapping[str, str]) -> list[str]:
    """What a search is narrowed by, as lines show it."""
    days = days_said(*(filters.get(name, "") for name in DAYS))
    plain = [value for name, value in filters.items() if name not in DAYS]
    return [*plain, days] if days else plain


def part(issue: Issue, kept: Subscription) -> DigestPart:
    """One digest."""
    digest = issue.digest
    found = [
        NewsLine(one.path, one.title, one.grade, GRADE_NAMES[one.grade], one.summary)
        for one in issue.news
    ]
    return DigestPart(
        at=moment(digest.at),
        mail=_mail(digest),
        failed=digest.mail == "failed",
        is_new=digest.at > kept.seen_at,
        lines=found,
        is_end=issue.is_end,
        gone=len(issue.news) < issue.told,
    )


def source(space: Workspace, kept: Subscription) -> tuple[str, str] | None:
    """Address and title of the record that it starts from, while it is there."""
    if kept.record_id is None:
        return None
    found = space.demands.get(kept.record_id) or space.achievements.get(kept.record_id)
    return (href(found), found.title) if found else None


def values_of(kept: Subscription) -> Mapping[str, str]:
    """What a form shows of it."""
    values = {
        "name": kept.name,
        "min_grade": str(kept.min_grade),
        "frequency": kept.frequency,
    }
    return values | ({"by_email": "on"} if kept.by_email else {})


def _mail(digest: Digest) -> str:
    if digest.mail == "sent" and digest.sent_at:
        return f"邮件已于 {moment(digest.sent_at)} 发出"
    if digest.mail == "failed":
        return f"邮件没有送达：{digest.error}"
    if digest.mail == "waiting":
        return f"邮件等待发出：{digest.error}" if digest.error else "邮件等待发出"
    return ""
