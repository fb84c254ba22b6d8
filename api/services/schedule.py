"""When subscriptions are due, and when a letter is tried again."""

from datetime import UTC, datetime, timedelta
from typing import Final

from api.services.times import beijing

DAILY: Final = "daily"
WEEKLY: Final = "weekly"
FREQUENCIES: Final = {DAILY: "每天 8:00", WEEKLY: "每周一 8:00"}
_HOUR: Final = 8
_DAYS: Final = {DAILY: 1, WEEKLY: 7}
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=6)


def next_run(frequency: str, after: datetime) -> datetime:
    """The first 8:00 in Beijing after a moment, or the first of a Monday; in UTC.

    Beijing knows no summer time. However many times were missed, there is one next time.
    """
    local = beijing(after)
    at = local.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    if frequency == WEEKLY:
        at += timedelta(days=-at.weekday() % 7)
    if at <= local:
        at += timedelta(days=_DAYS[frequency])
    return at.astimezone(UTC)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts, at least 1: a minute, then twice as long each time.

    Never more than six hours.
    """
    doubled: int = 2 ** min(attempts - 1, 20)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)
