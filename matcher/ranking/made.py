"""Things that are made when somebody looks at them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
N = TypeVar("N")


class Made(Sequence[T], Generic[T]):
    """Things by number, each made when it is looked at.

    Few answers show them all.
    """

    def __init__(self, make: Callable[[N], T], numbers: Sequence[N]) -> None:
        self._make: Callable[[Any], T] = make
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            return tuple(map(self._make, self._numbers[at]))
        return self._make(self._numbers[at])

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))
