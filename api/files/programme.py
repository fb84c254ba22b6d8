"""The programme of a day of meetings, as files show it: names and times, no records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Appointment:
    """One meeting. ``key`` is its own within the programme and stays when it is moved.

    ``start`` and ``end`` are in Beijing time and carry their zone.
    """

    key: str
    start: datetime
    end: datetime
    room: str
    demand_party: str
    achievement_party: str
    demand: str
    achievement: str
    grade: float
    fixed: bool

    @property
    def time(self) -> str:
        """From when to when: 09:00–09:20."""
        return f"{self.start:%H:%M}–{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Programme:
    """A day's meetings in order of time and room. ``id`` tells it from others, for ever.

    ``unplaced`` are names of those without a meeting, each with why; ``quality`` is one sentence.
    """

    id: str
    name: str
    place: str
    appointments: Sequence[Appointment]
    unplaced: Sequence[tuple[str, str]] = ()
    quality: str = ""

    def parties(self) -> list[str]:
        """Everybody who meets somebody, in order of name."""
        both = ((one.demand_party, one.achievement_party) for one in self.appointments)
        return sorted({party for pair in both for party in pair})

    def of(self, party: str) -> Iterator[tuple[Appointment, str]]:
        """The meetings of one party, each with the other one."""
        for one in self.appointments:
            if one.demand_party == party:
                yield one, one.achievement_party
            elif one.achievement_party == party:
                yield one, one.demand_party
