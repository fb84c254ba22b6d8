"""How long work reports how far it is, without knowing to whom."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Hands the items through and shows how many of ``total`` have passed."""

    def __call__(self, items: Iterable[T], label: str, total: int) -> Iterable[T]: ...


def silent(items: Iterable[T], label: str, total: int) -> Iterable[T]:  # noqa: ARG001 - a Track
    """A ``Track`` that shows nothing."""
    return items
