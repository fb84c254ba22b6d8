"""Facets as columns, so that filters become one boolean mask over all documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from matcher.filters import Filters
from matcher.records import Facets

Mask = NDArray[np.bool_]
_NO_MATURITY: Final = 0


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of values as codes into the list of the distinct ones; -1 where there is none."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, column: Sequence[str | None]) -> Self:
        values = tuple(sorted({value for value in column if value is not None}))
        code = {value: i for i, value in enumerate(values)}
        codes = (-1 if value is None else code[value] for value in column)
        return cls(values, np.fromiter(codes, np.int32, len(column)))

    def mask(self, wanted: Iterable[str]) -> Mask:
        """Where the value is one of ``wanted``."""
        chosen = set(wanted)
        return self._mask_of_codes([i for i, v in enumerate(self.values) if v in chosen])

    def mask_within(self, regions: Iterable[str]) -> Mask:
        """Where the value is one of ``regions`` or lies in one of them: 江苏-苏州 lies in 江苏."""
        prefixes = tuple(f"{region}-" for region in regions)
        codes = [i for i, v in enumerate(self.values) if f"{v}-".startswith(prefixes)]
        return self._mask_of_codes(codes)

    def _mask_of_codes(self, codes: Sequence[int]) -> Mask:
        lookup = np.zeros(len(self.values) + 1, dtype=np.bool_)
        lookup[list(codes)] = True  # the last place stays False: there the code -1 points
        return lookup[self.codes]


@dataclass(frozen=True, slots=True)
class Columns:
    """The facets of all documents, in document order."""

    field: Coded
    region: Coded
    provider: Coded
    modes: Coded
    maturity: NDArray[np.int8]

    @classmethod
    def of(cls, facets: Sequence[Facets]) -> Self:
        maturity = (f.maturity or _NO_MATURITY for f in facets)
        return cls(
            Coded.of([f.field for f in facets]),
            Coded.of([f.region for f in facets]),
            Coded.of([f.provider for f in facets]),
            Coded.of(["|".join(("", *f.cooperation_modes, "")) for f in facets]),
            np.fromiter(maturity, np.int8, len(facets)),
        )

    def mask(self, filters: Filters) -> Mask:
        """Where every condition holds."""
        mask = np.ones(len(self.maturity), dtype=np.bool_)
        if filters.fields:
            mask &= self.field.mask(filters.fields)
        if filters.regions:
            mask &= self.region.mask_within(filters.regions)
        if filters.providers:
            mask &= self.provider.mask(filters.providers)
        if filters.cooperation_modes:
            mask &= self.modes.mask(self._combinations(filters.cooperation_modes))
        if filters.maturity_min is not None or filters.maturity_max is not None:
            low, high = filters.maturity_min or 1, filters.maturity_max or 9
            mask &= (self.maturity >= low) & (self.maturity <= high)
        return mask

    def _combinations(self, modes: frozenset[str]) -> list[str]:
        """The stored combinations of cooperation modes in which one of ``modes`` takes part."""
        return [v for v in self.modes.values if modes.intersection(v.split("|"))]
