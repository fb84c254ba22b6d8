"""Which segments are folded into one: a pure function of their sizes.

Segments of like size form a tier, each eight times as large as the one below. Four of a tier are
folded, so there are never more than three in each, and a document is copied once a tier. Segments
of the lowest tier are folded at every addition: together they are the fresh documents.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

FRESH: Final = 256
"""Documents that make up the lowest tier at the most."""
_FACTOR: Final = 8
_MANY: Final = 4


class Size(NamedTuple):
    """Documents of a segment: those alive, and those removed or replaced."""

    living: int
    dead: int = 0


def to_fold(sizes: Sequence[Size], most: int) -> tuple[int, ...]:
    """The places of the segments to fold into one now; empty if all may stay.

    A single one is to be folded if half of it is dead. None becomes larger than ``most``.
    """
    tiers: dict[int, list[int]] = {}
    for place, size in enumerate(sizes):
        tiers.setdefault(_tier(size.living), []).append(place)
    for tier, places in sorted(tiers.items()):
        enough = 2 if tier == 0 else _MANY
        if len(places) >= enough and sum(sizes[place].living for place in places) <= most:
            return tuple(places)
    wasteful = (p for p, s in enumerate(sizes) if s.dead and s.dead >= s.living)
    return tuple(wasteful)[:1]


def _tier(living: int) -> int:
    tier = 0
    while living > FRESH:
        living //= _FACTOR
        tier += 1
    return tier
