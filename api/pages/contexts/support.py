"""还缺什么 · 谁能补上: the blockers of a pairing, resources for them, and its path."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sign was found: 需求·预算 and what stands there, a quotation or a value."""

    label: str
    text: Markup
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """What may be, and what it rests on."""

    says: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Term:
    """A condition of a resource; ``to_confirm`` if nobody can say yet whether it is met."""

    text: str
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Aid:
    """A resource that can be had; ``above`` names the blocker under which it was shown before."""

    href: str
    kind: str
    title: str
    provider: str
    because: str
    terms: Sequence[Term]
    above: str


@dataclass(frozen=True, slots=True)
class Lack:
    """One of the six blockers; ``mark`` is the style of its likelihood, empty without a sign."""

    name: str
    label: str
    mark: str
    signs: Sequence[Sign]
    aids: Sequence[Aid]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the path: done, now or later; ``is_wanted`` if the demand asks for it."""

    name: str
    levels: str
    state: str
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Support:
    """The whole section. ``where`` and ``takes`` are sentences, ``links`` are of the chain."""

    stages: Sequence[Stage]
    where: str
    takes: str
    links: Sequence[str]
    lacks: Sequence[Lack]
    summary: str
