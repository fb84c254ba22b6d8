"""Cases (对接单): the board, the table, and one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from api.pages.contexts.base import Context, Fact
from matcher import values


@dataclass(frozen=True, slots=True)
class Ticket:
    """A case in a list. ``late`` counts the days that its next step is overdue.

    ``onward`` is the next stage, if there is one; it is asked for on the page of the case if
    ``asks`` says that more must be told.
    """

    id: str
    version: int
    demand: str
    organisation: str
    achievement: str
    provider: str
    grade: int | None
    grade_name: str
    stage: str
    since: str
    opened: str
    assignee: str
    next_step: str
    next_date: str
    late: int
    released: bool
    contract: str
    signed_on: str
    ended_because: str
    onward: str
    onward_name: str
    asks: bool


@dataclass(frozen=True, slots=True)
class LaneView:
    """One stage on the board; ``rest`` leads to those that are not shown."""

    stage: str
    name: str
    count: int
    tickets: Sequence[Ticket]
    rest: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to another view of the same."""

    href: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CaseFilterForm:
    """What was chosen, what can be, and how many of the choices are at work."""

    chosen: Mapping[str, str]
    people: Sequence[str]
    count: int
    fields: Sequence[str] = values.FIELDS
    contract_types: Sequence[str] = values.CONTRACT_TYPES
    stages: Mapping[str, str] = field(
        default_factory=lambda: {**values.STAGES, values.ENDED: values.ENDED_NAME}
    )


@dataclass(frozen=True, slots=True)
class CaseList(Context):
    """What the board and the table share. ``query`` holds the filters as addresses carry them."""

    view: str
    tabs: Sequence[Tab]
    whose: Sequence[Tab]
    filters: CaseFilterForm
    query: str
    total: int


@dataclass(frozen=True, slots=True)
class CaseBoard(CaseList):
    """The board: a lane for each stage; what has ended is a link."""

    template: ClassVar[str] = "case_board"
    lanes: Sequence[LaneView]
    ended: Tab
    ended_count: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be sorted by; ``sorted`` is as ``aria-sort`` has it, or empty."""

    name: str
    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class CaseTable(CaseList):
    """The table, a page of it."""

    template: ClassVar[str] = "case_table"
    columns: Sequence[Column]
    tickets: Sequence[Ticket]
    first: int
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the way; ``state`` is done, current or empty."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a case; ``href`` is empty if the record was removed."""

    noun: str
    title: str
    href: str
    facts: Sequence[Fact]
    contacts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the history."""

    at: str
    who: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The stages that a case can be brought to, by key."""

    onward: Mapping[str, str]
    elsewhere: Mapping[str, str]
    may_end: bool
    asks: bool
    """Whether a contract must be told to go on."""


@dataclass(frozen=True, slots=True)
class CasePage(Context):
    """One case. ``typed`` and ``problems`` are by form; ``trouble`` is of the page as a whole."""

    template: ClassVar[str] = "case"
    ticket: Ticket
    steps: Sequence[Step]
    parties: Sequence[Party]
    history: Sequence[Moment]
    older: str
    choices: Choices
    pairing: str
    has_contract: bool
    released_at: str
    people: Sequence[str]
    typed: Mapping[str, Mapping[str, str]]
    problems: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, str]
    trouble: str
    submission: str
    reasons: Sequence[str] = values.REJECTIONS
    contract_types: Sequence[str] = values.CONTRACT_TYPES
