"""Matchmaking days (对接会): the list, the form, one day, its participants and its meetings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.pages.contexts.base import Context
from api.pages.contexts.cases import Tab
from api.pages.contexts.timetable import Agenda, Grid, MeetingCell
from matcher import values
from matcher.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A day in the list."""

    href: str
    name: str
    date: str
    place: str
    state: str
    state_name: str
    meetings: int


@dataclass(frozen=True, slots=True)
class DaysPage(Context):
    """对接会: all of them, newest first; ``older`` leads on."""

    template: ClassVar[str] = "days"
    entries: Sequence[DayEntry]
    older: str


@dataclass(frozen=True, slots=True)
class DayFormPage(Context):
    """The form of a new day, or of one that is there (``id``, ``version``)."""

    template: ClassVar[str] = "day_form"
    id: str
    version: int
    typed: Mapping[str, str]
    rests: int
    """Rows for breaks."""
    problems: Sequence[FieldProblem]
    wrong: frozenset[str]
    """The fields that cannot stay as they are."""
    trouble: str
    submission: str
    """Of this form; sent twice, it makes one day."""
    fields: Sequence[str] = values.FIELDS
    regions: Sequence[str] = values.PROVINCES


@dataclass(frozen=True, slots=True)
class Head:
    """What all pages of one day show above themselves."""

    id: str
    name: str
    version: int
    state: str
    state_name: str
    when: str
    place: str
    tabs: Sequence[Tab]


@dataclass(frozen=True, slots=True)
class Quality:
    """What the arrangement achieved, in words; ``is_best`` if nothing better exists."""

    meetings: int
    parties: int
    total: str
    bound: str
    said: str
    is_best: bool
    at: str


@dataclass(frozen=True, slots=True)
class DayPage(Context):
    """One day: its grid or, by ``view``, the agendas of its parties."""

    template: ClassVar[str] = "day"
    head: Head
    facts: Sequence[tuple[str, str]]
    view: str
    views: Sequence[Tab]
    quality: Quality | None
    grid: Grid | None
    agendas: Sequence[Agenda]
    pages: Sequence[Tab]
    unplaced: Sequence[tuple[str, str]]
    missing: Sequence[str]
    working: bool
    """Whether it is being arranged in the background."""
    stale: bool
    """Whether the plan changed after the meetings were arranged."""
    trouble: Sequence[str]


@dataclass(frozen=True, slots=True)
class Participant:
    """One party: when it is there, and how much its meetings count."""

    id: str
    name: str
    side: str
    records: Sequence[str]
    priority: str
    slots: frozenset[int]


@dataclass(frozen=True, slots=True)
class ParticipantsPage(Context):
    """参会安排: a part of the parties at a time."""

    template: ClassVar[str] = "day_participants"
    head: Head
    start: int
    total: int
    parties: Sequence[Participant]
    times: Sequence[str]
    priorities: Mapping[str, str]
    pages: Sequence[Tab]
    saved: bool
    trouble: Sequence[str]


@dataclass(frozen=True, slots=True)
class FixedEntry:
    """A meeting that must be."""

    demand_id: str
    achievement_id: str
    demand: str
    achievement: str
    at: str


@dataclass(frozen=True, slots=True)
class FixedPage(Context):
    """必须安排的会面, and a form for one more."""

    template: ClassVar[str] = "day_fixed"
    head: Head
    entries: Sequence[FixedEntry]
    demands: Sequence[tuple[str, str]]
    achievements: Sequence[tuple[str, str]]
    times: Sequence[tuple[str, str]]
    rooms: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    trouble: Sequence[str]


@dataclass(frozen=True, slots=True)
class MeetingPage(Context):
    """One meeting, to be moved or let go; ``times`` say where both are free."""

    template: ClassVar[str] = "day_meeting"
    head: Head
    cell: MeetingCell
    demand_href: str
    achievement_href: str
    at: str
    times: Sequence[str]
    rooms: Sequence[str]
    slot: int
    room: int
    trouble: Sequence[str]
