"""The timetable of a matchmaking day: its grid, and the agendas of its parties."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.contexts.cases import Tab


@dataclass(frozen=True, slots=True)
class MeetingCell:
    """A meeting in the grid, or of a party; ``stands`` unless a record of it was withdrawn."""

    href: str
    demand_party: str
    achievement_party: str
    demand: str
    achievement: str
    grade: str
    fixed: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot: a cell for each room shown, None where nobody meets."""

    time: str
    cells: Sequence[MeetingCell | None]
    rest: str
    """The break before it, if there is one."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Slots and some of the rooms; ``pages`` lead to the others."""

    rooms: Sequence[str]
    rows: Sequence[SlotRow]
    pages: Sequence[Tab]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting as one of its parties has it in its calendar."""

    time: str
    room: str
    other: str
    subject: str
    href: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """All meetings of one party, and where its calendar is."""

    name: str
    calendar: str
    appointments: Sequence[Appointment]
