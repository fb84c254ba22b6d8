"""How well a demand is described, for those who review it."""

from dataclasses import dataclass

from matcher.records import Demand


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion: what people call it, its score of 0 … 5, and what would raise it."""

    label: str
    score: int
    suggestion: str


def parts(_: Demand) -> tuple[Part, ...]:
    """The criteria in their order; none as long as nothing judges them."""
    return ()


def score(demand: Demand) -> int | None:
    """The sum of the criteria, 0 … 20; None if there are none."""
    found = parts(demand)
    return sum(part.score for part in found) if found else None
