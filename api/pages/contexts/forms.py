"""企业需求填报, and the receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from api.pages.contexts.base import Context
from api.services.disclosing import Giveaway
from matcher import values


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
