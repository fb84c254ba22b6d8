"""Subscriptions whose last day has passed: days are fixed, and nothing new ends before today."""

from datetime import date, datetime
from typing import Final

from api.services.filtering import DAYS
from api.services.times import day_of
from api.store.subscriptions import Subscription
from matcher.dates import day_named

_LAST: Final = DAYS[1]


def last_day(subscription: Subscription) -> date | None:
    """The last day on which what it finds may end; None if it sets none."""
    return day_named(subscription.filters.get(_LAST))


def has_lapsed(subscription: Subscription, on: date) -> bool:
    """Whether its last day lies before this one."""
    last = last_day(subscription)
    return last is not None and last < on


def lapses(subscription: Subscription, now: datetime) -> bool:
    """Whether its last day has passed since it was looked at before, which happens once.

    A subscription that is extended may lapse again; one that was made too late never does, for
    its owner has seen it at once.
    """
    before = subscription.last_at or subscription.created_at
    return has_lapsed(subscription, day_of(now)) and not has_lapsed(subscription, day_of(before))
