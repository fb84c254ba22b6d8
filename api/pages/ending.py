"""Between which days the demands found for an achievement may end."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from api.pages.addresses import Address
from api.pages.contexts.deciding import Choice, Days
from api.services.filtering import DAYS, days_said
from api.services.times import today
from matcher.records import MatchResult

_TERMS: Final[Sequence[tuple[str, int | None]]] = (
    ("仍可对接", None),
    ("30 天内截止", 30),
    ("90 天内截止", 90),
)
"""Days that are offered: from today on, for so many days or without end."""


def days_of(result: MatchResult, here: Address) -> Days | None:
    """Between which days the demands may end; nothing where there are none to be narrowed."""
    if result.direction != "demands" or not result.facets.counted:
        return None
    first, last = (next(iter(here.all(name)), "") for name in DAYS)
    return Days(
        path=here.path,
        kept=[item for item in here.items if item[0] not in DAYS],
        first=first,
        last=last,
        said=days_said(first, last),
        wider=str(_ending(here)),
        terms=[_term(label, length, first, last, here) for label, length in _TERMS],
    )


def _term(label: str, length: int | None, first: str, last: str, here: Address) -> Choice:
    """A link to what ends from today on, for ``length`` days; chosen, it leads to all again."""
    begins = today()
    ends = "" if length is None else (begins + timedelta(days=length)).isoformat()
    wanted = begins.isoformat(), ends
    is_chosen = (first, last) == wanted
    return Choice(label, str(_ending(here) if is_chosen else _ending(here, *wanted)), is_chosen)


def _ending(here: Address, first: str = "", last: str = "") -> Address:
    return here.having(DAYS[0], first).having(DAYS[1], last)
