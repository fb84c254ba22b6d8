"""What the coach says of a demand: four scores, each with what it rests on and what would help."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from matcher.records import Span
from matcher.text.quantities import Quantity

Name = Literal["problem", "indicators", "goal", "context"]
LABELS: Final[dict[Name, str]] = {
    "problem": "问题清楚",
    "indicators": "指标可测",
    "goal": "目标明确",
    "context": "背景充分",
}
BEST: Final = 5
"""The highest score of a criterion; the lowest is 0."""


class Evidence(NamedTuple):
    """One place that counts, and as what: 现状, 损失, 期限 …; ``span`` is in the original text."""

    sign: str
    field: str
    span: Span
    text: str


class Suggestion(NamedTuple):
    """One sentence on what to write, and in which field.

    ``span`` is the place that it speaks of, in the original text of ``field``, if there is one.
    """

    text: str
    field: str
    span: Span | None = None


class Criterion(NamedTuple):
    """A score of 0 … 5, what it rests on, and what would raise it; nothing would raise 5."""

    name: Name
    score: int
    suggestion: Suggestion | None
    evidence: tuple[Evidence, ...]

    @property
    def label(self) -> str:
        """The name as people read it."""
        return LABELS[self.name]


@dataclass(frozen=True, slots=True)
class Coaching:
    """The four criteria in the order of ``LABELS``, and the quantities of each field."""

    criteria: tuple[Criterion, ...]
    quantities: tuple[tuple[str, Quantity], ...]

    @property
    def score(self) -> int:
        """The sum of the four: 0 … 20."""
        return sum(criterion.score for criterion in self.criteria)
