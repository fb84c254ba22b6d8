"""Months as people here count them, and the periods that figures are about."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

from api.services.times import BEIJING, beijing
from api.store.overview import Month

MONTH: Final = r"^(20\d\d-(0[1-9]|1[0-2]))?$"
"""How a month is written in an address; it may be left out."""
_MOST: Final = 24


class Period(StrEnum):
    """How far back figures go; months count whole, the present one among them."""

    quarter = "3"
    year = "12"
    all = "all"


PERIOD_NAMES: Final = {Period.quarter: "近 3 月", Period.year: "近 12 月", Period.all: "全部"}


def month_named(name: str) -> Month:
    """The month ``2026-03``, in Beijing time."""
    year, month = map(int, name.split("-"))
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return name, datetime(year, month, 1, tzinfo=BEIJING), datetime(*after, 1, tzinfo=BEIJING)


def months_of(period: Period, now: datetime) -> list[Month]:
    """Its months, oldest first; of all time the last 24."""
    count = _MOST if period is Period.all else int(period)
    return list(_back(beijing(now), count))[::-1]


def first_month(period: Period, now: datetime) -> str:
    """The name of its first month; empty for all time."""
    return "" if period is Period.all else months_of(period, now)[0][0]


def _back(now: datetime, count: int) -> Iterator[Month]:
    year, month = now.year, now.month
    for _ in range(count):
        yield month_named(f"{year}-{month:02}")
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
