"""Months as people here count them, and the periods that figures are about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NoReturn

from api.services.times import BEIJING, beijing
from api.store.overview import Month
from matcher.errors import FieldProblem, InvalidQuery

_WRITTEN: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
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


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months, the first and the last included; an empty name leaves that end open."""

    first: str = ""
    last: str = ""

    @property
    def begins(self) -> datetime | None:
        """Its first moment."""
        return month_named(self.first)[1] if self.first else None

    @property
    def ends(self) -> datetime | None:
        """The moment after it."""
        return month_named(self.last)[2] if self.last else None

    def months(self, now: datetime) -> list[Month]:
        """Its last months, at most 24, oldest first; an open end is the present month."""
        found = []
        for month in _back(month_named(self._last(now))[1], _MOST):
            found.append(month)
            if month[0] == self.first:
                break
        return found[::-1]

    def before(self, now: datetime) -> "Span | None":
        """As many months, just before it; none before what has no beginning."""
        if not self.first:
            return None
        start = _number(self.first)
        count = _number(self._last(now)) - start
        return Span(_name(start - count - 1), _name(start - 1))

    def is_under_way(self, now: datetime) -> bool:
        """Whether it has not ended yet."""
        return self.ends is None or now < self.ends

    def _last(self, now: datetime) -> str:
        return self.last or max(f"{beijing(now):%Y-%m}", self.first)


def span_of(first: str, last: str) -> Span:
    """The months as somebody wrote them, each 2026-03 or empty. Raises InvalidQuery."""
    for name, month in (("since", first), ("until", last)):
        if month and not _WRITTEN.fullmatch(month):
            _refuse(name, f"“{month[:20]}”不是月份，请写成 2026-03 的样子。")
    if first and last and last < first:
        _refuse("until", f"结束的月份 {last} 早于开始的月份 {first}，请调换或重新选择。")
    return Span(first, last)


def quarter_of(month: str) -> Span:
    """The quarter that a month lies in."""
    number = _number(month)
    start = number - number % 3
    return Span(_name(start), _name(start + 2))


def _refuse(name: str, message: str) -> NoReturn:
    raise InvalidQuery(message, [FieldProblem(name, message)])


def _number(month: str) -> int:
    """Months since the year 0."""
    year, of_year = month.split("-")
    return 12 * int(year) + int(of_year) - 1


def _name(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
