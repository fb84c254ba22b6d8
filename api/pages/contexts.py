"""What each page shows: plain data, ready to be laid out, testable without a browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from markupsafe import Markup

from api.security.roles import SCOPE_NAMES, Scope
from api.services.disclosing import Giveaway
from matcher import values
from matcher.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class Context:
    """What every page has: a title. ``template`` names its file."""

    template: ClassVar[str]
    title: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value of a record."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled text, its shared words highlighted."""

    label: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a score: 34 means 34 % of it."""

    label: str
    percent: int


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list."""

    href: str
    title: str
    facts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of 1 … 4 with its name; ``strong`` is the chance of at least 3 in per cent."""

    value: int
    name: str
    strong: int
    chances: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the demand requires, what the achievement says, and whether that is enough."""

    name: str
    required: str
    claimed: str
    mark: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature adds to the raw score, signed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """One pairing: what was found, why, and where to look."""

    rank: int
    score: float
    grade: Grade | None
    title: Markup
    href: str
    facts: Sequence[Fact]
    because: str
    against: Sequence[str]
    claims: Sequence[Indicator]
    unclaimed: Sequence[str]
    parts: Sequence[Part]
    twins: Sequence[Line]
    sentence: Passage | None
    phrases: Sequence[Share]
    fields: Sequence[Share]
    found: Sequence[Passage]
    asked: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Answers:
    """A list of pairings, or a notice why there is none."""

    cards: Sequence[Card]
    notice: str | None
    weak: bool
    unknown_terms: Sequence[str]
    noun: str


@dataclass(frozen=True, slots=True)
class FilterForm:
    """What was chosen, and what can be."""

    chosen: Mapping[str, str]
    providers: Sequence[str]
    regions: Sequence[str]
    fields: Sequence[str] = values.FIELDS
    modes: Sequence[str] = values.COOPERATION_MODES
    bands: Sequence[tuple[str, int, int]] = values.MATURITY_BANDS


@dataclass(frozen=True, slots=True)
class Workbench(Context):
    """工作台: ask by free text, see the answer beneath, or pick a recent demand."""

    template: ClassVar[str] = "workbench"
    text: str
    direction: str
    filters: FilterForm
    problems: Sequence[FieldProblem]
    answers: Answers | None
    recent: Sequence[Line]
    counts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Record(Context):
    """A demand or an achievement with its pairings."""

    template: ClassVar[str] = "record"
    noun: str
    facts: Sequence[Fact]
    passages: Sequence[Passage]
    confidential: bool
    filters: FilterForm
    problems: Sequence[FieldProblem]
    answers: Answers | None
    may_match: bool
    behind: Sequence[Fact]
    edit: str
    pairings: str


@dataclass(frozen=True, slots=True)
class Listing(Context):
    """A page of records, newest first."""

    template: ClassVar[str] = "listing"
    noun: str
    base: str
    lines: Sequence[Line]
    total: int
    lead: str
    exports: bool
    q: str
    field: str
    next_after: str | None
    fields: Sequence[str] = values.FIELDS


@dataclass(frozen=True, slots=True)
class DemandForm(Context):
    """企业需求填报: the values as typed, and what is wrong with them by field."""

    template: ClassVar[str] = "demand_form"
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    labels: Mapping[str, str]
    action: str
    submission: str
    version: str
    button: str
    remove: str
    giveaways: Sequence[Giveaway]
    checked: bool
    longest: int = values.MAX_LONG_TEXT
    fields: Sequence[str] = values.FIELDS
    industries: Sequence[str] = values.INDUSTRIES
    solution_modes: Sequence[str] = values.SOLUTION_MODES
    confidentiality: Mapping[str, str] = field(default_factory=lambda: values.CONFIDENTIALITY)


@dataclass(frozen=True, slots=True)
class Receipt(Context):
    """What a submitter sees: the code, and what happens next."""

    template: ClassVar[str] = "receipt"
    code: str
    demand_title: str
    submitted: str
    confidentiality: str
    findable: bool


@dataclass(frozen=True, slots=True)
class ReceiptSearch(Context):
    """Where a receipt code is typed in."""

    template: ClassVar[str] = "receipt_search"
    code: str
    problem: str


@dataclass(frozen=True, slots=True)
class Login(Context):
    """账号和密码; ``next`` is where to go then."""

    template: ClassVar[str] = "login"
    next: str
    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in the list of keys; ``revoked`` is empty while it holds."""

    id: str
    name: str
    shown: str
    scopes: str
    created: str
    used: str
    revoked: str


@dataclass(frozen=True, slots=True)
class AccountPage(Context):
    """我的账号; ``secret`` is a new key, shown this once; problems are by form."""

    template: ClassVar[str] = "account"
    name: str
    keys: Sequence[KeyLine]
    secret: str
    problems: Mapping[str, str]
    typed: Mapping[str, str]
    scopes: Mapping[Scope, str] = field(default_factory=lambda: SCOPE_NAMES)


@dataclass(frozen=True, slots=True)
class Welcome(Context):
    """The start for visitors: what can be done here without an account."""

    template: ClassVar[str] = "welcome"


@dataclass(frozen=True, slots=True)
class Mine(Context):
    """我的需求: what an enterprise has submitted."""

    template: ClassVar[str] = "mine"
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Removed(Context):
    """A demand that is gone, and the way to bring it back."""

    template: ClassVar[str] = "removed"
    id: str
    demand_title: str
    may_restore: bool


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit log."""

    number: int
    at: str
    who: str
    role: str
    address: str
    action: str
    subject: str
    details: str


@dataclass(frozen=True, slots=True)
class AuditPage(Context):
    """审计: newest first; ``before`` leads to older lines, if there are any."""

    template: ClassVar[str] = "audit"
    lines: Sequence[AuditLine]
    who: str
    subject: str
    before: int | None


@dataclass(frozen=True, slots=True)
class Trouble(Context):
    """An error, calmly."""

    template: ClassVar[str] = "trouble"
    detail: str


@dataclass(frozen=True, slots=True)
class Documentation(Context):
    """The reference of the JSON interface."""

    template: ClassVar[str] = "documentation"
