"""揭榜挂帅: topics that nothing in the library serves, one of them, and a call that is drafted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from api.pages.contexts.base import Context, Line

Option = tuple[str, str, bool]
"""Value, name, and whether it is the one chosen."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """A research group; ``achievements`` are its nearest, ``contacts`` for brokers."""

    provider: str
    grade: int | None
    grade_name: str
    said: str
    achievements: Sequence[Line]
    contacts: str


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic in the list; ``missing`` is what its demands do not say."""

    href: str
    name: str
    size: int
    best: str
    titles: Sequence[str]
    groups: Sequence[GroupView]
    missing: Sequence[str]
    closed: int
    ids: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in a list."""

    href: str
    title: str
    state: str
    is_final: bool
    facts: Sequence[str]


@dataclass(frozen=True, slots=True)
class TopicsPage(Context):
    """What may be called for; ``listed`` leads to all these demands, ``more`` to the next page."""

    template: ClassVar[str] = "calls"
    thresholds: Sequence[Option]
    widths: Sequence[Option]
    fields: Sequence[str]
    provinces: Sequence[str]
    chosen: Mapping[str, str]
    topics: Sequence[TopicView]
    total: int
    demands: int
    grouped: int
    unknown: int
    listed: str
    page: int
    newer: str
    more: str
    calls: Sequence[CallLine]
    call_total: int


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One property: what each demand asks, and what follows from that."""

    name: str
    asked: Sequence[str]
    range: str
    conflict: bool


@dataclass(frozen=True, slots=True)
class TopicPage(Context):
    """One topic with the demands behind it."""

    template: ClassVar[str] = "call_topic"
    name: str
    best: str
    demands: Sequence[Line]
    groups: Sequence[GroupView]
    indicators: Sequence[IndicatorRow]
    missing: Sequence[Line]
    closed: int
    ids: str
    submission: str


@dataclass(frozen=True, slots=True)
class CallsPage(Context):
    """All calls that are kept, newest first."""

    template: ClassVar[str] = "call_list"
    calls: Sequence[CallLine]
    total: int
    more: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A text to edit; ``hint`` says what notices expect there."""

    name: str
    label: str
    hint: str
    rows: int
    gaps: int


@dataclass(frozen=True, slots=True)
class CallPage(Context):
    """A call to edit. ``typed`` is by field, ``revealing`` names fields that give somebody away."""

    template: ClassVar[str] = "call"
    id: str
    version: int
    state: str
    state_name: str
    gaps: int
    saved: str
    fields: Sequence[FieldView]
    demands: Sequence[Line]
    gone: int
    typed: Mapping[str, str]
    revealing: Sequence[str] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
