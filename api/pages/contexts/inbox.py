"""The inbox of brokers, and the review of one demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from markupsafe import Markup

from api.pages.contexts.base import Context, Fact
from api.services.disclosing import Giveaway
from api.services.quality import Part
from api.services.reviewing import LONGEST_NOTE, RETURN_REASONS


@dataclass(frozen=True, slots=True)
class Tab:
    """One state, and how many demands are in it."""

    href: str
    name: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class State:
    """Where a demand stands: its key and name, with what was said of it, when, and by whom."""

    key: str
    name: str
    note: str = ""
    at: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a demand is described: 0 … 20, and the criteria if they are known."""

    score: int
    parts: Sequence[Part]
    best: int = 20


@dataclass(frozen=True, slots=True)
class Item:
    """A demand in the inbox."""

    id: str
    version: int
    href: str
    title: Markup
    facts: Sequence[str]
    times: str
    preview: Markup
    giveaways: int
    quality: Quality | None
    grade: str
    confidential: bool
    state: State
    picked: bool


@dataclass(frozen=True, slots=True)
class Returning:
    """Why something is returned, as far as it was typed."""

    reason: str = ""
    note: str = ""
    reasons: Mapping[str, str] = field(default_factory=lambda: RETURN_REASONS)
    longest: int = LONGEST_NOTE


@dataclass(frozen=True, slots=True)
class Inbox(Context):
    """收件箱: demands in one state, and what can be done with several at once."""

    template: ClassVar[str] = "inbox"
    tabs: Sequence[Tab]
    state: str
    items: Sequence[Item]
    total: int
    q: str
    order: str
    here_again: str
    older: str
    newer: str
    done: str
    problem: str
    conflicts: Sequence[str]
    returning: Returning


@dataclass(frozen=True, slots=True)
class Row:
    """One text as it was sent in and as the public would see it; None if that is the same."""

    label: str
    whole: Markup
    public: Markup | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where one of the demands that wait stands among them, and the ones beside it."""

    place: int
    total: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ReviewPage(Context):
    """One demand before the eyes of a broker who decides."""

    template: ClassVar[str] = "review"
    id: str
    version: int
    state: State
    times: str
    confidential: bool
    rows: Sequence[Row]
    facts: Sequence[Fact]
    behind: Sequence[Fact]
    giveaways: Sequence[Giveaway]
    quality: Quality | None
    grade: str
    twins: Sequence[tuple[str, str]]
    neighbours: Neighbours | None
    order: str
    done: str
    problem: str
    returning: Returning
