"""What the engine asks of an index; tests/contract/index_contract.py holds each to it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.filters import Filters
from matcher.index.kept import Keep
from matcher.records import Facets


class Entry(NamedTuple):
    """What an index knows of a record besides its row.

    ``stamp`` changes whenever the record does, so that an index can be compared with its source.
    """

    id: str
    facets: Facets = Facets()
    stamp: str = ""


@dataclass(frozen=True)
class Hits:
    """Ids, their float32 scores and their rows, best first; equal scores in order of id.

    All scores of a search are > 0. What else is known of them is read once somebody asks.
    """

    ids: Sequence[str]
    scores: NDArray[np.float32]
    rows: csr_array
    read: Callable[[], Iterable[Entry]]
    keep: Keep | None = None
    """Where numbers about them can be kept, if there is a place."""

    @classmethod
    def of(
        cls,
        entries: Iterable[Entry],
        scores: NDArray[np.float32],
        rows: csr_array,
        keep: Keep | None = None,
    ) -> Self:
        """Hits of which all is known already."""
        known = tuple(entries)
        return cls(tuple([entry.id for entry in known]), scores, rows, lambda: known, keep)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All that is known of each."""
        return tuple(self.read())


Batch = tuple[Sequence[Entry], csr_array]
"""Entries and their rows."""


class Index(Protocol):
    """Exact top-k by inner product over sparse rows with ids and facets.

    Weights are finite and not negative; those of 0 are not kept. Readers and one writer may run at
    once: a search sees a state that was true at some moment.
    """

    def add(self, entries: Sequence[Entry], rows: csr_array) -> None:
        """Add rows, one for each entry, replacing those whose id is already there.

        Raises ValueError if the rows do not fit the entries, the width, or what weights may be.
        """
        ...

    def remove(self, ids: Collection[str]) -> None:
        """Remove these ids; unknown ones are ignored."""
        ...

    def top_k(self, query: csr_array, k: int, filters: Filters | None = None) -> Hits:
        """The ``k`` ≥ 1 best rows that share a term with ``query`` (one row) and pass ``filters``.

        The filters become a mask over documents inside, on the same state that is searched.
        """
        ...

    def get(self, ids: Sequence[str]) -> tuple[tuple[Entry, ...], csr_array]:
        """The entries and rows of those ids that are present, in the order given."""
        ...

    def frequencies(self, columns: NDArray[np.int32]) -> NDArray[np.int64]:
        """In how many documents each of these columns occurs.

        Removed documents may be counted until the index is next compacted.
        """
        ...

    def stamps(self, ids: Sequence[str] | None = None) -> Mapping[str, str]:
        """The stamp of each of these ids that is present, or of every id that is."""
        ...

    def __len__(self) -> int: ...

    def save(self, folder: Path, model: str) -> None:
        """Write everything to ``folder``, replacing it; ``model`` names the rows' model."""
        ...

    def adopt(self, folder: Path, model: str) -> None:
        """Read from ``folder`` what another index saved there and this one holds too.

        It says what it said before. Raises as ``open``.
        """
        ...

    @classmethod
    def open(cls, folder: Path, model: str) -> Self:
        """Read what ``save`` wrote. Raises IndexDamaged if it is incomplete or of another model."""
        ...
