"""Facets as columns, so that filters become one boolean mask over all documents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from matcher.filters import Filters
from matcher.records import Facets

Mask = NDArray[np.bool_]
_NO_MATURITY: Final = 0
_SEPARATOR: Final = "|"
OPEN: Final = int(np.iinfo(np.int32).max)
"""The day of what has no end: it comes after all others."""
CODED: Final = ("field", "region", "provider", "modes", "industry", "kind")


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of values as codes: code c stands for ``values[c - 1]``, 0 for none."""

    values: tuple[str, ...]
    codes: NDArray[np.unsignedinteger[Any]]

    @classmethod
    def of(cls, column: Sequence[str | None]) -> Self:
        values = tuple(sorted({value for value in column if value is not None}))
        code: dict[str | None, int] = {value: i for i, value in enumerate(values, 1)}
        code[None] = 0
        return cls._narrow(values, np.array([code[value] for value in column], dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """One column behind the other."""
        values = tuple(sorted({value for part in parts for value in part.values}))
        code = {value: i for i, value in enumerate(values, 1)}
        tables = [np.array([0, *map(code.__getitem__, part.values)]) for part in parts]
        codes = [table[part.codes] for table, part in zip(tables, parts, strict=True)]
        return cls._narrow(values, np.concatenate([np.zeros(0, dtype=np.int64), *codes]))

    @classmethod
    def _narrow(cls, values: tuple[str, ...], codes: NDArray[np.int64]) -> Self:
        return cls(values, codes.astype(np.min_scalar_type(len(values))))

    def taken(self, order: NDArray[np.int64]) -> Self:
        """The rows ``order``; none for a negative one."""
        codes = np.concatenate([self.codes, np.zeros(1, self.codes.dtype)])[order]
        return type(self)(self.values, codes)

    def some(self, numbers: NDArray[np.integer[Any]]) -> list[str | None]:
        """The values of these rows."""
        table = (None, *self.values)
        return [table[code] for code in self.codes[numbers].tolist()]

    def mask(self, wanted: Iterable[str]) -> Mask:
        """Where the value is one of ``wanted``."""
        chosen = set(wanted)
        return self._mask_of_codes([i for i, v in enumerate(self.values, 1) if v in chosen])

    def mask_within(self, regions: Iterable[str]) -> Mask:
        """Where the value is one of ``regions`` or lies in one of them: 江苏-苏州 lies in 江苏."""
        prefixes = tuple(f"{region}-" for region in regions)
        codes = [i for i, v in enumerate(self.values, 1) if f"{v}-".startswith(prefixes)]
        return self._mask_of_codes(codes)

    def _mask_of_codes(self, codes: Sequence[int]) -> Mask:
        lookup = np.zeros(len(self.values) + 1, dtype=np.bool_)
        lookup[list(codes)] = True
        mask: Mask = lookup[self.codes]
        return mask


@dataclass(frozen=True, slots=True)
class Columns:
    """The facets of all documents, in document order."""

    coded: Mapping[str, Coded]
    """By the names of CODED."""
    maturity: NDArray[np.int8]
    days: NDArray[np.int32]
    """The last day of each, counted from the year 1, or OPEN."""

    @classmethod
    def of(cls, facets: Sequence[Facets]) -> Self:
        coded = {
            "field": Coded.of([f.field for f in facets]),
            "region": Coded.of([f.region for f in facets]),
            "provider": Coded.of([f.provider for f in facets]),
            "modes": Coded.of([_SEPARATOR.join(f.cooperation_modes) for f in facets]),
            "industry": Coded.of([f.industry for f in facets]),
            "kind": Coded.of([f.kind for f in facets]),
        }
        maturity = (f.maturity or _NO_MATURITY for f in facets)
        days = (f.date.toordinal() if f.date else OPEN for f in facets)
        count = len(facets)
        return cls(coded, np.fromiter(maturity, np.int8, count), np.fromiter(days, np.int32, count))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The columns of one part behind those of the other."""
        coded = {name: Coded.joined([part.coded[name] for part in parts]) for name in CODED}
        maturity = [np.zeros(0, dtype=np.int8), *(part.maturity for part in parts)]
        days = [np.zeros(0, dtype=np.int32), *(part.days for part in parts)]
        return cls(coded, np.concatenate(maturity), np.concatenate(days))

    def taken(self, order: NDArray[np.int64]) -> Self:
        """The documents ``order``; one without facets for a negative one."""
        coded = {name: column.taken(order) for name, column in self.coded.items()}
        maturity = np.concatenate([self.maturity, np.zeros(1, dtype=np.int8)])[order]
        days = np.concatenate([self.days, np.full(1, OPEN, dtype=np.int32)])[order]
        return type(self)(coded, maturity, days)

    def facets(self, numbers: NDArray[np.integer[Any]]) -> Iterator[Facets]:
        """The facets of these documents."""
        some = {name: self.coded[name].some(numbers) for name in CODED}
        maturity = [level or None for level in self.maturity[numbers].tolist()]
        return map(
            Facets,
            some["field"],
            some["region"],
            some["provider"],
            [_apart(mode) for mode in some["modes"]],
            maturity,
            some["industry"],
            some["kind"],
            _dates(self.days[numbers]),
        )

    def mask(self, filters: Filters) -> Mask:
        """Where every condition holds."""
        mask = np.ones(len(self.maturity), dtype=np.bool_)
        if filters.fields:
            mask &= self.coded["field"].mask(filters.fields)
        if filters.regions:
            mask &= self.coded["region"].mask_within(filters.regions)
        if filters.providers:
            mask &= self.coded["provider"].mask(filters.providers)
        if filters.kinds:
            mask &= self.coded["kind"].mask(filters.kinds)
        if filters.cooperation_modes:
            mask &= self.coded["modes"].mask(self._combinations(filters.cooperation_modes))
        if filters.maturity_min is not None or filters.maturity_max is not None:
            low, high = filters.maturity_min or 1, filters.maturity_max or 9
            mask &= (self.maturity >= low) & (self.maturity <= high)
        if filters.date_from is not None:
            mask &= self.days >= date.fromisoformat(filters.date_from).toordinal()
        if filters.date_to is not None:
            mask &= self.days <= date.fromisoformat(filters.date_to).toordinal()
        return mask

    def _combinations(self, modes: frozenset[str]) -> list[str]:
        """The stored combinations of cooperation modes in which one of ``modes`` takes part."""
        return [v for v in self.coded["modes"].values if modes.intersection(_apart(v))]


@cache
def _apart(modes: str | None) -> tuple[str, ...]:
    """The cooperation modes that are kept as one value."""
    return tuple(mode for mode in (modes or "").split(_SEPARATOR) if mode)


def _dates(days: NDArray[np.int32]) -> Iterator[date | None]:
    """The days that are kept as these numbers; of achievements, quickly, none."""
    return map(_day, days.tolist()) if (days != OPEN).any() else repeat(None)


@cache
def _day(number: int) -> date | None:
    """The day that is kept as this number."""
    return None if number == OPEN else date.fromordinal(number)
