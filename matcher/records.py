"""What the engine works on: achievements, demands, and the pairings of the two.

All are frozen. A record without ``id`` (empty string) is a passing query, such as free text.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from matcher.dates import day_named

Span = tuple[int, int]
"""Half-open range of characters, ``[start, end)``, in a field's original text."""
Direction = Literal["achievements", "demands"]
"""What a search looks for."""
Verdict = Literal["met", "unmet", "unknown"]
"""On a requirement: the claim meets it, does not, or nobody can say."""


class Facets(NamedTuple):
    """The values of one record that searching and ranking look at; ``kind`` is of resources.

    ``date`` is the last day on which a record counts, itself included; None if it has no end.
    """

    field: str | None = None
    region: str | None = None
    provider: str | None = None
    cooperation_modes: tuple[str, ...] = ()
    maturity: int | None = None
    industry: str | None = None
    kind: str | None = None
    date: datetime.date | None = None


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
        """The values that filters look at, and the industry, which ranking does."""
        return Facets(
            self.field,
            self.region,
            self.provider,
            self.cooperation_modes,
            self.maturity,
            self.industry,
        )


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
        return Facets(
            field=self.field,
            region=self.region,
            maturity=self.maturity_min,
            industry=self.industry,
            date=day_named(self.deadline),
        )


class TermShare(NamedTuple):
    """What one shared term added to the score.

    ``share`` is in score units; ``by_field`` splits it by the fields of the item found, and its
    values add up to ``share``.
    """

    term: str
    kind: str
    share: float
    by_field: Mapping[str, float]


class Phrase(NamedTuple):
    """Shared terms folded for reading: a word with the words and characters inside it."""

    text: str
    share: float
    terms: tuple[str, ...]


class Sentence(NamedTuple):
    """A sentence of the item found, with its place in the field's original text."""

    field: str
    span: Span
    text: str


class Claim(NamedTuple):
    """A measured requirement of the demand beside what the achievement says of it.

    ``property`` is the 指标名; ``required`` and ``claimed`` are as written, ``claimed`` None if the
    achievement says nothing. The verdict is ``met``, ``unmet`` or ``unknown``.
    """

    property: str
    required: str
    claimed: str | None
    verdict: Verdict


class Reason(NamedTuple):
    """Why two records were paired: the arithmetic of the score, and where to look.

    ``summary`` is one sentence for people and ``against`` says what speaks against the pairing.
    ``terms`` and, folded, ``phrases`` each add up to the score, strongest first; ``fields`` is the
    same sum by field of the item found. Highlights are spans by field in the original texts.
    """

    summary: str
    against: tuple[str, ...]
    claims: tuple[Claim, ...]
    terms: Sequence[TermShare]
    phrases: Sequence[Phrase]
    fields: Mapping[str, float]
    sentence: Sentence | None
    demand_highlights: Mapping[str, Sequence[Span]]
    achievement_highlights: Mapping[str, Sequence[Span]]


class Contribution(NamedTuple):
    """What one feature added to the raw score, in log odds; ``value`` is None where unknown."""

    feature: str
    value: float | None
    share: float


class Grading(NamedTuple):
    """A grade on the brokers' scale: 4 强相关, 3 较强相关, 2 弱相关, 1 无相关.

    ``grade`` is the median, ``expected`` the mean of ``probabilities``, which are those of the
    grades 1 … 4 and calibrated. ``raw`` is ``intercept`` plus the shares of all contributions,
    strongest first.
    """

    grade: int
    expected: float
    probabilities: tuple[float, ...]
    raw: float
    intercept: float
    contributions: Sequence[Contribution]

    @property
    def strong(self) -> float:
        """The probability of a grade of at least 3."""
        return self.probabilities[2] + self.probabilities[3]


class Pairing(NamedTuple):
    """One demand beside one achievement.

    ``score`` is in (0, 1] and is not a probability. ``grading`` is None without a grader. ``twins``
    are further records with nearly the same text as the one found, in order of their rank.
    """

    rank: int
    score: float
    demand: Demand
    achievement: Achievement
    reason: Reason
    grading: Grading | None = None
    twins: tuple[Achievement | Demand, ...] = ()


Counts = tuple[tuple[str, int], ...]
"""Values and how often each occurs, the most frequent first."""


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How the ``counted`` best candidates spread, whatever the filters; ``bands`` of maturity."""

    counted: int = 0
    fields: Counts = ()
    regions: Counts = ()
    bands: Counts = ()
    cooperation_modes: Counts = ()
    providers: Counts = ()


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer to one request.

    What was looked for; pairings, best first; a notice in Chinese if there are none or no good
    ones; the words of the query that occur nowhere in the library; whether the best pairing
    falls short of what a good one reaches; and how the candidates spread, if that was asked.
    """

    direction: Direction
    pairings: tuple[Pairing, ...]
    notice: str | None = None
    unknown_terms: tuple[str, ...] = ()
    weak: bool = False
    facets: FacetCounts = FacetCounts()
