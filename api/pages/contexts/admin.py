"""Administration: the start page and the models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from api.pages.contexts.base import Context, Fact
from api.pages.contexts.imports import JobLine


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its name, a word about it, and the page behind it."""

    label: str
    value: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What a check told; ``href`` is where to do something about it, or empty."""

    subject: str
    good: bool
    message: str
    href: str


@dataclass(frozen=True, slots=True)
class AdminStart(Context):
    """管理: the service at a glance."""

    template: ClassVar[str] = "admin/start"
    tiles: Sequence[Tile]
    wrong: Sequence[FindingLine]
    right: Sequence[FindingLine]
    jobs: Sequence[JobLine]


@dataclass(frozen=True, slots=True)
class BundleLine:
    """A bundle in the list; ``problem`` is empty if it can be used."""

    name: str
    href: str
    created: str
    sizes: str
    ndcg: str
    grader: str
    segmenter: str
    is_current: bool
    problem: str


@dataclass(frozen=True, slots=True)
class ModelsPage(Context):
    """模型: which is current and which at work; ``before`` is where a roll-back leads."""

    template: ClassVar[str] = "admin/models"
    problem: str
    current: str
    at_work: str
    is_switching: bool
    before: str
    bundles: Sequence[BundleLine]
    others: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A figure of the training report, for demands nobody has judged and for judged ones."""

    label: str
    unseen: str
    known: str


@dataclass(frozen=True, slots=True)
class ModelPage(Context):
    """One bundle: facts, training report, and the card of its grader if that is the one shipped."""

    template: ClassVar[str] = "admin/model"
    line: BundleLine
    facts: Sequence[Fact]
    libraries: Sequence[Fact]
    report: Sequence[ReportLine]
    card: Markup
