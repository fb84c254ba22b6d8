"""Subscriptions: the list, one of them, and the form for a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.pages.contexts.base import Context
from api.pages.contexts.pairings import FilterForm
from api.services.schedule import FREQUENCIES
from api.services.wishes import GRADES
from matcher.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen; ``mail`` is where letters go, ``no_mail`` why there are none."""

    mail: str
    no_mail: str
    grades: Mapping[int, str]
    frequencies: Mapping[str, str]

    @classmethod
    def of(cls, mail: str, is_on: bool) -> "Choices":
        """With the reason why no letter can be sent, if there is one."""
        if not is_on:
            reason = "本服务没有设置邮件服务器。"
        else:
            reason = "" if mail else "请先在“我的账号”中填写邮箱。"
        return cls(mail, reason, GRADES, FREQUENCIES)


@dataclass(frozen=True, slots=True)
class SubscriptionForm:
    """What was typed, by name; ``record`` is the title of what it starts from, if it is one.

    ``offers``: whether achievements can be what is looked for.
    """

    typed: Mapping[str, str]
    record: str
    offers: bool
    filters: FilterForm
    problems: Sequence[FieldProblem]
    choices: Choices

    @property
    def wrong(self) -> set[str]:
        """The fields that cannot stay as they are."""
        return {problem.field for problem in self.problems}


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A subscription in the list; ``new`` counts what came since it was looked at."""

    href: str
    name: str
    facts: Sequence[str]
    new: int
    paused: bool
    lapsed: bool
    """Whether its last day has passed."""


@dataclass(frozen=True, slots=True)
class SubscriptionsPage(Context):
    """订阅: all of one's own, newest first."""

    template: ClassVar[str] = "subscriptions"
    lines: Sequence[SubscriptionLine]
    form: SubscriptionForm


@dataclass(frozen=True, slots=True)
class NewSubscription(Context):
    """新增订阅: from a search or from a record, or again with what was wrong."""

    template: ClassVar[str] = "subscription_new"
    form: SubscriptionForm


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One record of a digest: grade, title, why, and where it is."""

    href: str
    title: str
    grade: int
    grade_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class DigestPart:
    """One digest; ``mail`` says what became of its letter, ``is_new`` that nobody has seen it."""

    at: str
    mail: str
    failed: bool
    is_new: bool
    lines: Sequence[NewsLine]
    is_end: bool
    """Whether it says that the last day has passed, and nothing else."""
    gone: bool
    """Whether some of what it told was deleted or withdrawn since."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The last day that has passed, the first that may be chosen now, and the one proposed."""

    last: str
    first: str
    proposed: str


@dataclass(frozen=True, slots=True)
class SubscriptionPage(Context):
    """One subscription, its digests newest first; ``older`` leads to those before."""

    template: ClassVar[str] = "subscription"
    id: str
    text: str
    source: tuple[str, str] | None
    """Address and title of the record that it starts from."""
    source_gone: bool
    facts: Sequence[str]
    paused: bool
    lapsed: Lapsed | None
    digests: Sequence[DigestPart]
    older: str
    ran: str
    feed: str
    home: str
    """The address of the service, which goes before that of the feed."""
    typed: Mapping[str, str]
    problems: Sequence[FieldProblem]
    choices: Choices
