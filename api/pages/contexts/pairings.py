"""Pairings, graded and explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from api.pages.contexts.base import Context, Fact, Line, Passage, Share
from api.services.filtering import FILTERS
from matcher import values
from matcher.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of 1 … 4 with its name; ``strong`` is the chance of at least 3 in per cent."""

    value: int
    name: str
    strong: int
    chances: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the demand requires, what the achievement says, and whether that is enough."""

    name: str
    required: str
    claimed: str
    mark: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature adds to the raw score, signed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """One pairing: what was found (``id``), why, and where to look.

    ``pin`` leads to the same page with this one pinned; empty where nothing can be.
    """

    id: str
    demand_id: str
    achievement_id: str
    rank: int
    score: float
    grade: Grade | None
    title: Markup
    href: str
    pin: str
    facts: Sequence[Fact]
    because: str
    against: Sequence[str]
    claims: Sequence[Indicator]
    unclaimed: Sequence[str]
    parts: Sequence[Part]
    twins: Sequence[Line]
    sentence: Passage | None
    phrases: Sequence[Share]
    fields: Sequence[Share]
    found: Sequence[Passage]
    asked: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Answers:
    """A list of pairings, or a notice why there is none."""

    cards: Sequence[Card]
    notice: str | None
    weak: bool
    unknown_terms: Sequence[str]
    noun: str


@dataclass(frozen=True, slots=True)
class FilterForm:
    """What was chosen, and what can be."""

    chosen: Mapping[str, str]
    regions: Sequence[str] = values.PROVINCES
    fields: Sequence[str] = values.FIELDS
    modes: Sequence[str] = values.COOPERATION_MODES
    bands: Sequence[tuple[str, int, int]] = values.MATURITY_BANDS

    @property
    def is_open(self) -> bool:
        """Whether anything was chosen."""
        return any(self.chosen.get(name) for name in FILTERS)


@dataclass(frozen=True, slots=True)
class Task:
    """What waits for somebody, and where to see to it; ``is_late`` if it should have been done."""

    name: str
    count: int
    href: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Workbench(Context):
    """工作台: ask by free text, see the answer beneath, or pick a recent demand."""

    template: ClassVar[str] = "workbench"
    text: str
    direction: str
    filters: FilterForm
    problems: Sequence[FieldProblem]
    answers: Answers | None
    recent: Sequence[Line]
    counts: tuple[int, int]
    tasks: Sequence[Task]
    subscribe: str
