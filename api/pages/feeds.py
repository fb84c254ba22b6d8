"""Atom feeds of subscriptions. The secret in the address lets readers in, and nothing else does."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Request, Response

from api.access.guard import Anyone, GuardedRoute
from api.access.parameters import Space
from api.pages.rendering import filled
from api.services.news import Issue, News, name_outside, outside
from api.services.workspace import Workspace
from api.store.subscriptions import Subscription
from matcher.errors import NotFound
from matcher.pairing.wording import GRADE_NAMES

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_DIGESTS: Final = 20
_KEPT: Final = "private, max-age=600"
"""Readers may keep a feed for ten minutes; nobody in between may."""
_LAPSED: Final = "订阅的截止日期已过"
_NO_MORE: Final = "今后一般不会再有新的配对；可以在订阅的页面上延长。"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that was found, or, without a grade, that the last day has passed."""

    id: str
    title: str
    updated: str
    href: str
    grade: str
    summary: str


@router.get("/feeds/{feed}.atom")
def feed(request: Request, space: Space, _: Anyone, feed: str) -> Response:
    """The newest findings of a subscription; 304 for who has them already. Raises NotFound."""
    subscription = space.store.subscriptions.of_feed(feed)
    if subscription is None:
        raise NotFound("没有这个订阅源，它的地址可能已更换，请到“订阅”中查看。")
    content = written(space, subscription, home(space, request)).encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": _KEPT, "X-Robots-Tag": "noindex"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/atom+xml")


def home(space: Workspace, request: Request) -> str:
    """The address of the service: as it is set, or else as it was asked for."""
    return space.smtp.public_url or str(request.base_url).rstrip("/")


def path(subscription: Subscription) -> str:
    """Where its feed is, on this service."""
    return f"/feeds/{subscription.feed}.atom"


def written(space: Workspace, subscription: Subscription, home: str) -> str:
    """The feed as XML. A template with escaping does it: feeds are few lines of one shape."""
    digests = space.store.digests.of(subscription.id, _DIGESTS)
    issues = outside(space, subscription, digests)
    updated = digests[0].at if digests else subscription.created_at
    return filled(
        "feed.xml",
        {
            "id": _urn(subscription.id),
            "title": _plain(f"红娘订阅：{name_outside(space, subscription)}"),
            "updated": _time(updated),
            "own": home + path(subscription),
            "page": f"{home}/subscriptions/{subscription.id}",
            "entries": [entry for issue in issues for entry in _entries(home, issue)],
        },
    )


def _entries(home: str, issue: Issue) -> list[Entry]:
    if not issue.is_end:
        return [_entry(home, issue, one) for one in issue.news]
    digest = issue.digest
    page = f"{home}/subscriptions/{digest.subscription_id}"
    return [Entry(_urn(digest.id), _LAPSED, _time(digest.at), page, "", _NO_MORE)]


def _entry(home: str, issue: Issue, one: News) -> Entry:
    key = f"{issue.digest.subscription_id}/{one.record_id}"
    grade = GRADE_NAMES[one.grade]
    title, summary = _plain(one.title), _plain(one.summary)
    return Entry(_urn(key), title, _time(issue.digest.at), home + one.path, grade, summary or grade)


def _urn(key: str) -> str:
    """Stays the same whatever the service is called, and under whatever address it is reached."""
    return uuid5(NAMESPACE_URL, f"hongniang:{key}").urn


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _plain(text: str) -> str:
    """Without characters that XML has no way to write."""
    return _NOT_XML.sub("", text)
