"""What a segment knows of its documents besides their rows: flat arrays, no object a document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from matcher.index.columns import CODED, OPEN, Coded, Columns
from matcher.index.port import Entry
from matcher.index.shelf import Arrays, Shelf
from matcher.index.texts import Texts

_LATER: Final = frozenset({"kind"})
"""Columns that files from before there were such values lack."""
DAYS: Final = "column-days"
"""Another one; see ``SegmentIndex.lacks_days``."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Ids, stamps and facets in document order. Places that are left empty have an empty id."""

    ids: Texts
    stamps: Texts
    columns: Columns

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Self:
        return cls(
            Texts.of([entry.id for entry in entries]),
            Texts.of([entry.stamp for entry in entries]),
            Columns.of([entry.facets for entry in entries]),
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The documents of one part behind those of the other."""
        return cls(
            Texts.joined([part.ids for part in parts]),
            Texts.joined([part.stamps for part in parts]),
            Columns.joined([part.columns for part in parts]),
        )

    def taken(self, order: NDArray[np.int64]) -> Self:
        """The documents ``order``; an empty place for a negative one."""
        return type(self)(
            self.ids.taken(order), self.stamps.taken(order), self.columns.taken(order)
        )

    def __len__(self) -> int:
        return len(self.ids)

    def entries(self, numbers: NDArray[np.integer[Any]]) -> list[Entry]:
        """All that is known of these documents."""
        ids, stamps = self.ids.some(numbers), self.stamps.some(numbers)
        return list(map(Entry, ids, self.columns.facets(numbers), stamps))

    def put(self, shelf: Shelf) -> dict[str, list[str]]:
        """Put the arrays on a shelf; what is no array is returned."""
        for name, texts in (("ids", self.ids), ("stamps", self.stamps)):
            shelf.append(f"{name}-letters", texts.letters)
            shelf.append(f"{name}-ends", texts.ends)
        for name, coded in self.columns.coded.items():
            shelf.append(f"column-{name}", coded.codes)
        shelf.append("column-maturity", self.columns.maturity)
        shelf.append(DAYS, self.columns.days)
        return {name: list(coded.values) for name, coded in self.columns.coded.items()}

    @classmethod
    def found(cls, arrays: Arrays, values: Mapping[str, Sequence[str]]) -> Self:
        """What ``put`` put there and returned."""
        ids, stamps = (
            Texts(arrays[f"{n}-letters"], arrays[f"{n}-ends"]) for n in ("ids", "stamps")
        )
        maturity = arrays["column-maturity"]
        written = {n for n in CODED if n not in _LATER or f"column-{n}" in arrays}
        none = Coded((), np.zeros(len(maturity), np.uint8))
        coded = {
            n: Coded(tuple(values[n]), arrays[f"column-{n}"]) if n in written else none
            for n in CODED
        }
        days = arrays[DAYS] if DAYS in arrays else np.full(len(maturity), OPEN, np.int32)
        return cls(ids, stamps, Columns(coded, maturity, days))


def numbers_of(ids: Texts, by_id: NDArray[np.int32], wanted: Sequence[str]) -> Iterator[int]:
    """The document of each wanted id, or -1; ``by_id`` lists the documents in order of id."""
    for text in wanted:
        sought = text.encode("utf-8", "surrogatepass")
        low, high = 0, len(by_id)
        while low < high:
            middle = (low + high) // 2
            if ids.encoded(int(by_id[middle])) < sought:
                low = middle + 1
            else:
                high = middle
        is_there = low < len(by_id) and ids.encoded(int(by_id[low])) == sought
        yield int(by_id[low]) if is_there else -1
