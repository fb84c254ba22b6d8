"""Pages that say one thing."""

from dataclasses import dataclass
from typing import ClassVar

from api.pages.contexts.base import Context


@dataclass(frozen=True, slots=True)
class Welcome(Context):
    """The start for visitors: what can be done here without an account."""

    template: ClassVar[str] = "welcome"


@dataclass(frozen=True, slots=True)
class Trouble(Context):
    """An error, calmly."""

    template: ClassVar[str] = "trouble"
    detail: str


@dataclass(frozen=True, slots=True)
class Documentation(Context):
    """The reference of the JSON interface."""

    template: ClassVar[str] = "documentation"
