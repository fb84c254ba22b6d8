"""What the nearest records have most often: a proposal for the field and the industry."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

VOTERS: Final = 20
"""Records that vote, the nearest of both libraries together."""
_POWER: Final = 2
"""To which a vote counts by the score of its record."""
Vote = tuple[float, str | None]
"""The score of a record, and the value that it has."""


def elected(votes: Iterable[Vote], majority: float) -> str | None:
    """The value with the largest share of the votes, if that is at least ``majority``.

    Only records that have a value vote. ``majority`` is in (0, 1]; ties go to the first by name.
    """
    shares: dict[str, float] = defaultdict(float)
    voters = sorted((vote for vote in votes if vote[1]), key=lambda vote: (-vote[0], vote[1]))
    for score, value in voters[:VOTERS]:
        shares[str(value)] += score**_POWER
    if not shares:
        return None
    best = min(shares, key=lambda value: (-shares[value], value))
    return best if shares[best] >= majority * sum(shares.values()) else None
