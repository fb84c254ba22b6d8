"""Pages that say one thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.pages.contexts.base import Context


@dataclass(frozen=True, slots=True)
class Welcome(Context):
    """The start for visitors: what can be done here without an account."""

    template: ClassVar[str] = "welcome"


@dataclass(frozen=True, slots=True)
class Trouble(Context):
    """An error, calmly. ``number`` is what the log knows it by; ``ways_on``: address and name."""

    template: ClassVar[str] = "trouble"
    detail: str
    status: int
    next: Sequence[str]
    number: str
    ways_on: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TypedAgain(Context):
    """A form that was refused, with all that was typed in it: name and value."""

    template: ClassVar[str] = "typed_again"
    is_signed_out: bool
    action: str
    typed: Sequence[tuple[str, str]]
    who: str
    """The name of the account under which it would be saved now; empty without one."""
    texts: Sequence[str]
    """Those of the values that people have written, to be read and copied."""


@dataclass(frozen=True, slots=True)
class Documentation(Context):
    """The reference of the JSON interface."""

    template: ClassVar[str] = "documentation"
