"""The time that people here live by; what is stored is in UTC."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

_BEIJING: Final = timezone(timedelta(hours=8))


def beijing(moment: datetime) -> datetime:
    """The same moment in Beijing time."""
    return moment.astimezone(_BEIJING)


def today() -> date:
    """The day that it is in Beijing."""
    return beijing(datetime.now(UTC)).date()


def begins(day: date) -> datetime:
    """The moment at which a day begins in Beijing."""
    return datetime.combine(day, time(), _BEIJING)


def clock(moment: datetime) -> str:
    """The time of day in Beijing: 14:03."""
    return f"{beijing(moment):%H:%M}"
