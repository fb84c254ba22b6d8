"""The time that people here live by; what is stored is in UTC."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))
_FIRST: Final = date(1970, 1, 1)
_LAST: Final = date(9000, 1, 1)
"""Days beyond these are taken for these: computers cannot tell all moments of others."""


def beijing(moment: datetime) -> datetime:
    """The same moment in Beijing time."""
    return moment.astimezone(BEIJING)


def day_of(moment: datetime) -> date:
    """The day that it is in Beijing at a moment."""
    return beijing(moment).date()


def today() -> date:
    """The day that it is in Beijing now."""
    return day_of(datetime.now(UTC))


def day_begins(day: date) -> datetime:
    """Midnight in Beijing."""
    return datetime.combine(min(max(day, _FIRST), _LAST), time(), BEIJING)


def day_ends(day: date) -> datetime:
    """The next midnight in Beijing."""
    return day_begins(day) + timedelta(days=1)


def clock(moment: datetime) -> str:
    """The time of day in Beijing: 14:03."""
    return f"{beijing(moment):%H:%M}"
