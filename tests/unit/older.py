"""Index files as they were written before records had a kind and a last day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from numpy.typing import DTypeLike

from matcher.index.documents import DAYS, Documents
from matcher.index.shelf import Array, Arrays, Shelf


class WithoutDays:
    """A shelf that leaves the days out."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def append(self, name: str, part: Array) -> None:
        if name != DAYS:
            self._shelf.append(name, part)

    def room(self, name: str, dtype: DTypeLike, shape: tuple[int, ...]) -> Array:
        return self._shelf.room(name, dtype, shape)

    def arrays(self) -> Arrays:
        return self._shelf.arrays()


@contextmanager
def written_as_before() -> Iterator[None]:
    """Whatever index is saved meanwhile."""
    put = Documents.put

    def put_without(self: Documents, shelf: Shelf) -> dict[str, list[str]]:
        coded = {name: one for name, one in self.columns.coded.items() if name != "kind"}
        older = replace(self, columns=replace(self.columns, coded=coded))
        return put(older, WithoutDays(shelf))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Documents, "put", put_without)
        yield
