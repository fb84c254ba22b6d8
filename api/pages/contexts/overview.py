"""供需一览, and the cases behind its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from api.pages.contexts.base import Context, Line

Choice = tuple[str, str, bool]
"""Address, name, and whether it is the one shown."""


@dataclass(frozen=True, slots=True)
class OverviewPage(Context):
    """Charts of a period, and the demands that lack a strong achievement."""

    template: ClassVar[str] = "overview"
    periods: Sequence[Choice]
    map: Markup
    charts: Sequence[Markup]
    lacking: Sequence[Line]
    lacking_total: int
    lacking_href: str


@dataclass(frozen=True, slots=True)
class CasesBehind(Context):
    """The cases that a number counts, newest first."""

    template: ClassVar[str] = "overview_cases"
    said: str
    lines: Sequence[Line]
    total: int
    more: str
