"""How candidates spread over the values that a search can be narrowed by."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from matcher.records import Counts, FacetCounts, Facets
from matcher.values import MATURITY_BANDS, maturity_band

_MOST: Final = 12
"""Values of one facet that are worth showing."""
_BANDS: Final = frozenset(name for name, _, _ in MATURITY_BANDS)


def facet_counts(candidates: Sequence[Facets]) -> FacetCounts:
    """Count the values of each facet; a region counts for its province."""
    return FacetCounts(
        counted=len(candidates),
        fields=_counts(facets.field for facets in candidates),
        regions=_counts(province(facets.region) for facets in candidates),
        bands=_counts(_band(facets.maturity) for facets in candidates),
        cooperation_modes=_counts(
            mode for facets in candidates for mode in facets.cooperation_modes
        ),
        providers=_counts(facets.provider for facets in candidates),
    )


def province(region: str | None) -> str | None:
    """The first part of a region: 江苏 of 江苏-苏州."""
    return region.partition("-")[0] if region else None


def _band(maturity: int | None) -> str | None:
    band = maturity_band(maturity)
    return band if band in _BANDS else None


def _counts(values: Iterable[str | None]) -> Counts:
    counted = Counter(value for value in values if value)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_MOST])
