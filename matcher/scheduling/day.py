"""A matchmaking day (对接会): what is asked of it, and the schedule that comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 3.0
"""The expected grade, at least, of pairings that are worth a meeting."""


@dataclass(frozen=True, slots=True)
class Party:
    """参会方: a firm or a research group that cannot be in two places at once.

    ``slots`` are those in which it is present, counted from 0; None: all of them. It has at most
    ``most`` meetings, and its side of each weighs ``priority`` (between 0.001 and 1,000).
    """

    id: str
    name: str
    slots: frozenset[int] | None = None
    most: int = 20
    priority: float = 1.0

    def present(self, slots: int) -> frozenset[int]:
        """Those of a day's slots in which it is present."""
        return frozenset(range(slots)) if self.slots is None else self.slots


@dataclass(frozen=True, slots=True)
class Offer:
    """A pairing that could meet, with its expected grade between 1 and 4."""

    demand_id: str
    achievement_id: str
    demand_party: str
    achievement_party: str
    grade: float

    @property
    def key(self) -> tuple[str, str]:
        """What the pairing is known by, within a day."""
        return self.demand_id, self.achievement_id


@dataclass(frozen=True, slots=True)
class Fixed:
    """An offer that must meet, whatever its grade; in this slot and this room if they are given."""

    demand_id: str
    achievement_id: str
    slot: int | None = None
    room: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The offer that is meant."""
        return self.demand_id, self.achievement_id


@dataclass(frozen=True, slots=True)
class Day:
    """The day to be arranged: ``slots`` one after another, ``rooms`` beside each other.

    ``parties`` by their ids; offers below the grade ``least`` meet only if they are fixed.
    """

    slots: int
    rooms: int
    parties: Mapping[str, Party]
    offers: Sequence[Offer]
    fixed: Sequence[Fixed] = ()
    least: float = LEAST


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of the schedule; slot and room are counted from 0."""

    demand_id: str
    achievement_id: str
    demand_party: str
    achievement_party: str
    slot: int
    room: int
    grade: float
    fixed: bool


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A party without a meeting, and why: one sentence."""

    party: str
    reason: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The meetings by slot and room, and how good they are.

    ``total`` is the sum, over the meetings, of the grade times the mean priority of both parties;
    no schedule that is as fair exceeds ``bound``. ``spread`` says how fair it is, and none exceeds
    ``spread_bound`` (see :mod:`matcher.scheduling.fairness`). ``gap`` is the larger of the two
    distances to their bounds, relative to these (0.01: at most one per cent is missing); the
    schedule ``optimal`` if there is none. ``seconds`` is what it took.
    """

    meetings: tuple[Meeting, ...]
    total: float
    bound: float
    gap: float
    optimal: bool
    seconds: float
    unplaced: tuple[Unplaced, ...]
    spread: float = 0.0
    spread_bound: float = 0.0
