"""What the engine works on: achievements, demands, and the pairings of the two.

All are frozen. A record without ``id`` (empty string) is a passing query, such as free text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

Span = tuple[int, int]
"""Half-open range of characters, ``[start, end)``, in a field's original text."""
Direction = Literal["achievements", "demands"]
"""What a search looks for."""


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of one record by which a search can be filtered."""

    field: str | None = None
    region: str | None = None
    provider: str | None = None
    cooperation_modes: tuple[str, ...] = ()
    maturity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """A university's achievement (科技成果). Prices are in 万元, maturity is TRL 1–9."""

    id: str
    title: str
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    provider: str | None = None
    field: str | None = None
    industry: str | None = None
    form: str | None = None
    maturity: int | None = None
    level: str | None = None
    application_state: str | None = None
    ip_kinds: tuple[str, ...] = ()
    ip_status: str | None = None
    cooperation_modes: tuple[str, ...] = ()
    price_min: float | None = None
    price_max: float | None = None
    region: str | None = None
    contact: str | None = None

    def texts(self) -> dict[str, str]:
        """The texts that are matched, by field name, in reading order."""
        return {
            "title": self.title,
            "keywords": "；".join(self.keywords),
            "abstract": self.abstract,
        }

    def facets(self) -> Facets:
        """The values that filters look at."""
        return Facets(self.field, self.region, self.provider, self.cooperation_modes, self.maturity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """An enterprise's demand (技术需求). The budget is in 万元, ``maturity_min`` is TRL 1–9."""

    id: str
    title: str = ""
    problem: str = ""
    indicators: str = ""
    goal: str = ""
    keywords: tuple[str, ...] = ()
    field: str | None = None
    industry: str | None = None
    region: str | None = None
    solution_mode: str | None = None
    maturity_min: int | None = None
    budget: float | None = None
    deadline: str | None = None
    organisation: str | None = None
    contact: str | None = None
    phone: str | None = None
    confidentiality: str = "public"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """A passing demand that consists of free text only."""
        return cls(id="", problem=text)

    def texts(self) -> dict[str, str]:
        """The texts that are matched, by field name, in reading order."""
        return {
            "title": self.title,
            "keywords": "；".join(self.keywords),
            "problem": self.problem,
            "indicators": self.indicators,
            "goal": self.goal,
        }

    def facets(self) -> Facets:
        """The values that filters look at: a demand has neither provider nor cooperation modes."""
        return Facets(field=self.field, region=self.region, maturity=self.maturity_min)


@dataclass(frozen=True, slots=True)
class TermShare:
    """What one shared term added to the score.

    ``share`` is in score units; ``by_field`` splits it by the fields of the item found, and its
    values add up to ``share``.
    """

    term: str
    kind: str
    share: float
    by_field: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Shared terms folded for reading: a word with the words and characters inside it."""

    text: str
    share: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the item found, with its place in the field's original text."""

    field: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two records were paired: the arithmetic of the score, and where to look.

    ``terms`` and, folded, ``phrases`` each add up to the score, strongest first; ``fields`` is the
    same sum by field of the item found. Highlights are spans by field in the original texts.
    """

    terms: tuple[TermShare, ...]
    phrases: tuple[Phrase, ...]
    fields: Mapping[str, float]
    sentence: Sentence | None
    demand_highlights: Mapping[str, Sequence[Span]]
    achievement_highlights: Mapping[str, Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Pairing:
    """One demand beside one achievement. ``score`` is in (0, 1] and is not a probability."""

    rank: int
    score: float
    demand: Demand
    achievement: Achievement
    reason: Reason


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer to one request.

    What was looked for; pairings, best first; a notice in Chinese if there are none; and the words
    of the query that occur nowhere in the library.
    """

    direction: Direction
    pairings: tuple[Pairing, ...]
    notice: str | None = None
    unknown_terms: tuple[str, ...] = ()
