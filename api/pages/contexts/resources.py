"""资源库: the list, one resource, and the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.pages.contexts.base import Context, Fact, Line
from matcher import values


@dataclass(frozen=True, slots=True)
class ResourceState:
    """A mark beside a resource: ``key`` as in ``.state-good``, and its word."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row, with the head of its column for narrow screens."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """A resource in the list; ``who`` is left empty where a column says it."""

    href: str
    title: str
    who: str
    state: ResourceState
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class KindTab:
    """A list of one kind, or of all."""

    href: str
    name: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Resources(Context):
    """A page of resources, newest first.

    ``chosen`` are the conditions of the form, ``other`` how many there are on the other side of
    validity: over if the list is of those that are not, and the reverse.
    """

    template: ClassVar[str] = "resources"
    kind: str
    kind_name: str
    tabs: Sequence[KindTab]
    chosen: Mapping[str, str]
    query: str
    columns: Sequence[str]
    lines: Sequence[ResourceLine]
    total: int
    is_over: bool
    other: int
    other_href: str
    newest: str
    more: str
    fields: Sequence[str] = values.FIELDS
    regions: Sequence[str] = values.PROVINCES


@dataclass(frozen=True, slots=True)
class ResourcePage(Context):
    """One resource; ``conditions_name`` is what its kind calls its conditions.

    ``near`` are demands that say what it says, with the words that they share.
    """

    template: ClassVar[str] = "resource"
    id: str
    kind: str
    kind_name: str
    state: ResourceState
    summary: str
    conditions: str
    conditions_name: str
    facts: Sequence[Fact]
    contact: str
    near: Sequence[Line]
    updated: str


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the form. ``shape``: line, number, long, choice or ticks."""

    name: str
    label: str
    hint: str
    shape: str
    value: str
    problem: str
    is_required: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    name: str
    inputs: Sequence[Input]


@dataclass(frozen=True, slots=True)
class ResourceForm(Context):
    """The form with what is typed; which fields it has follows from the kind.

    ``problem`` concerns no field; ``wrong``: name and label of a field, and what is wrong there.
    """

    template: ClassVar[str] = "resource_form"
    kind: str
    groups: Sequence[Group]
    problem: str
    wrong: Sequence[tuple[str, str, str]]
    action: str
    button: str
    submission: str
    version: str
    remove: str
    kinds: Mapping[str, str]
    kind_problem: str


@dataclass(frozen=True, slots=True)
class Door:
    """A kind to begin with."""

    href: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class ResourceKinds(Context):
    """Which kind a new resource is."""

    template: ClassVar[str] = "resource_kinds"
    doors: Sequence[Door]
