"""How well a demand is described, for those who review it: the same as its writer was told."""

from dataclasses import dataclass

from matcher.coaching import coach
from matcher.records import Demand


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion: what people call it, its score of 0 … 5, and what would raise it."""

    label: str
    score: int
    suggestion: str


def parts(demand: Demand) -> tuple[Part, ...]:
    """The criteria in their order; their sum is ``coach_score``."""
    given = frozenset(n for n in ("budget", "deadline") if getattr(demand, n) is not None)
    return tuple(
        Part(one.label, one.score, one.suggestion.text if one.suggestion else "")
        for one in coach(demand.texts(), given).criteria
    )
