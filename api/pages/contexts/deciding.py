"""What brokers do with pairings: narrow, sort, pin, decide, compare."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from api.pages.contexts.base import Context, Fact, Passage
from api.pages.contexts.pairings import Card
from api.pages.contexts.support import Support
from matcher.values import REJECTIONS


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that chooses something, or unchooses it; ``count`` is None where none is known."""

    label: str
    href: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """What candidates can be narrowed by, with what there is of each value."""

    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Days:
    """Between which days what is looked for may end.

    A form of two days at ``path`` that keeps the rest of the address (``kept``), and links that
    choose some at once; what is chosen is ``said``, and ``wider`` leads to the list without it.
    """

    path: str
    kept: Sequence[tuple[str, str]]
    first: str
    last: str
    said: str
    wider: str
    terms: Sequence[Choice]

    @property
    def chosen(self) -> Choice:
        """What is said, as a condition that can be taken away."""
        return Choice(self.said, self.wider, chosen=True)


@dataclass(frozen=True, slots=True)
class Said:
    """A decision that stands."""

    id: str
    href: str
    title: str
    accepted: bool
    verdict: str
    note: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Toast:
    """What was just done, and which decision can be taken back."""

    text: str
    undo: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pairing that is watched wherever it ranks, and why it does not rank higher."""

    card: Card
    place: str
    why: Sequence[str]
    unpin: str


@dataclass(frozen=True, slots=True)
class Deciding:
    """What forms for decisions need: who was asked for (``asked``), and where to go back to."""

    asked: str
    back: str
    compare: str
    reasons: Sequence[str] = REJECTIONS


@dataclass(frozen=True, slots=True)
class Desk:
    """What surrounds the pairings of a record for those who decide on them."""

    deciding: Deciding
    facets: Sequence[Facet]
    counted: int
    days: Days | None
    chosen: Sequence[Choice]
    sorts: Sequence[Choice]
    sizes: Sequence[Choice]
    said: Sequence[Said]
    toast: Toast | None
    pins: Sequence[Pinned]
    subscribe: str


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a pairing."""

    noun: str
    href: str
    title: str
    facts: Sequence[Fact]
    passages: Sequence[Passage]
    behind: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class PairingPage(Context):
    """配对报告: one demand beside one achievement, to be read, decided on and printed."""

    template: ClassVar[str] = "pairing"
    card: Card
    place: str
    parties: Sequence[Party]
    support: Support
    why: Sequence[str]
    said: Said | None
    toast: Toast | None
    deciding: Deciding
    case: str
    made: str


@dataclass(frozen=True, slots=True)
class Row:
    """What several records say on one point."""

    label: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Compare(Context):
    """Up to four pairings of one record side by side."""

    template: ClassVar[str] = "compare"
    noun: str
    base: str
    base_title: str
    cards: Sequence[Card]
    rows: Sequence[Row]
    indicators: Sequence[Row]
    deciding: Deciding
    problem: str = field(default="")
