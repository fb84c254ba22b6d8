"""The time that people here live by; what is stored is in UTC."""

from datetime import datetime, timedelta, timezone
from typing import Final

_BEIJING: Final = timezone(timedelta(hours=8))


def beijing(moment: datetime) -> datetime:
    """The same moment in Beijing time."""
    return moment.astimezone(_BEIJING)
