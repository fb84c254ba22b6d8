"""Records, alone and in lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.pages.contexts.base import Context, Fact, Line, Passage
from api.pages.contexts.deciding import Desk
from api.pages.contexts.inbox import State
from api.pages.contexts.pairings import Answers
from matcher import values
from matcher.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class Record(Context):
    """A demand or an achievement with its pairings.

    ``export`` is the id of a demand whose pairings can be exported.
    """

    template: ClassVar[str] = "record"
    noun: str
    facts: Sequence[Fact]
    passages: Sequence[Passage]
    confidential: bool
    problems: Sequence[FieldProblem]
    answers: Answers | None
    may_match: bool
    behind: Sequence[Fact]
    edit: str
    export: str
    desk: Desk | None
    state: State | None = None
    review: str = ""


@dataclass(frozen=True, slots=True)
class Listing(Context):
    """A page of records, newest first.

    ``asked`` are conditions besides ``q`` and ``field``, ``said`` in words; ``wider`` leads to the
    list without them, ``more`` to its next page. ``ends``: its records have a last day.
    """

    template: ClassVar[str] = "listing"
    noun: str
    base: str
    lines: Sequence[Line]
    total: int
    lead: str
    exports: bool
    q: str
    field: str
    asked: Mapping[str, str]
    said: str
    wider: str
    more: str
    next_after: str | None
    ends: bool
    fields: Sequence[str] = values.FIELDS


@dataclass(frozen=True, slots=True)
class Own:
    """A demand of one's own: where it stands, and where it can be changed."""

    line: Line
    state: State
    edit: str


@dataclass(frozen=True, slots=True)
class Mine(Context):
    """我的需求: what an enterprise has submitted."""

    template: ClassVar[str] = "mine"
    demands: Sequence[Own]
    drafts: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Removed(Context):
    """A record that is gone, and the way to bring it back; ``base`` is where its kind is shown."""

    template: ClassVar[str] = "removed"
    id: str
    record_title: str
    may_restore: bool
    base: str = "/demands"
    way_on: tuple[str, str] = ("/", "返回首页")
