"""What every page has, and what pages are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Context:
    """What every page has: a title. ``template`` names its file."""

    template: ClassVar[str]
    title: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value of a record."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled text, its shared words highlighted."""

    label: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list."""

    href: str
    title: str
    facts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a score: 34 means 34 % of it."""

    label: str
    percent: int
