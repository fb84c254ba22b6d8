"""企业需求填报, and the receipts."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from markupsafe import Markup

from api.pages.contexts.base import Context
from api.services.case_listing import Released
from api.services.disclosing import Giveaway
from matcher import values

STEPS: Final = (
    ("问题", ("title", "problem", "keywords", "field", "industry")),
    (
        "指标与目标",
        ("indicators", "goal", "solution_mode", "maturity_min", "budget", "deadline"),
    ),
    ("联系方式", ("organisation", "region", "contact", "phone", "confidentiality")),
)
"""The steps of the form, and the fields of each."""


def first_step(wrong: Collection[str]) -> int:
    """The first step with something wrong in it, counted from 1; or the first of all.

    What is wrong with no field (``""``) leaves nothing to do but to send once more: the last step.
    """
    if "" in wrong:
        return len(STEPS)
    steps = (n for n, (_, names) in enumerate(STEPS, 1) if not set(names).isdisjoint(wrong))
    return min(steps, default=1)


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that has to be decided: a sentence, a link, and a button of the form."""

    text: str
    link: tuple[str, str]
    """Where it leads, and what it says."""
    button: tuple[str, str, str] | None = None
    """Name, value, and what it says."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One criterion of the coach, 0 … 5 once it was asked, with a suggestion if there is one."""

    name: str
    label: str
    score: int | None = None
    suggestion: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class CoachPanel:
    """What the coach says of the texts, or nothing yet.

    ``marked`` are the texts in which a firm can be recognised.
    """

    meters: Sequence[Meter]
    score: int | None = None
    quantities: Sequence[str] = ()
    related: int | None = None
    keywords: Sequence[str] = ()
    field: str = ""
    industry: str = ""
    giveaways: Sequence[Giveaway] = ()
    marked: Mapping[str, Markup] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemandForm(Context):
    """企业需求填报: the values as typed, and what is wrong with them by field.

    ``code`` and ``seen`` are those of the draft, ``saved`` the time when it was kept.
    """

    template: ClassVar[str] = "demand_form"
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    labels: Mapping[str, str]
    action: str
    submission: str
    version: str
    button: str
    remove: str
    coach: CoachPanel
    checked: bool
    banner: Banner | None
    code: str
    seen: str
    saved: str
    keeps: bool
    kept_days: int
    note: str
    signed_in: bool
    step: int
    """Where to begin."""
    fresh: bool
    """Nothing of the demand is typed yet."""
    longest: int = values.MAX_LONG_TEXT
    fields: Sequence[str] = values.FIELDS
    industries: Sequence[str] = values.INDUSTRIES
    solution_modes: Sequence[str] = values.SOLUTION_MODES
    confidentiality: Mapping[str, str] = dataclasses.field(
        default_factory=lambda: values.CONFIDENTIALITY
    )
    steps: Sequence[str] = tuple(name for name, _ in STEPS)


@dataclass(frozen=True, slots=True)
class Receipt(Context):
    """What a submitter sees: the code, how far the demand is, and what happens next."""

    template: ClassVar[str] = "receipt"
    code: str
    demand_title: str
    submitted: str
    confidentiality: str
    state: str
    """A key of ``values.REVIEW_STATES``, and its name."""
    state_name: str
    note: str
    may_change: bool
    is_new: bool
    """Sent in just now."""
    findable: bool
    released: Sequence[Released] = ()


@dataclass(frozen=True, slots=True)
class SignedOut(Context):
    """A session that ended while something was typed, which was kept."""

    template: ClassVar[str] = "signed_out"
    next: str
    kept_days: int


@dataclass(frozen=True, slots=True)
class ReceiptSearch(Context):
    """Where a receipt code is typed in."""

    template: ClassVar[str] = "receipt_search"
    code: str
    problem: str
