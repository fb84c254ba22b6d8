"""What each feature added to the raw scores of candidates, made when somebody looks at it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from matcher.ranking.grader import NAMES, Floats, Parts
from matcher.ranking.made import Made
from matcher.ranking.strongest import strongest
from matcher.records import Contribution
from matcher.text.traced import Ints


class _Added(NamedTuple):
    """Those of all candidates, c in all: which of the features, their shares and values (c,)."""

    features: Ints
    shares: Floats
    values: Floats

    def one(self, at: int) -> Contribution:
        name = NAMES[self.features[at]]
        return Contribution(name, float(self.values[at]), float(self.shares[at]))


class Contributions(Made[Contribution]):
    """Those of one candidate, the strongest first."""

    def __init__(self, added: _Added, first: int, end: int) -> None:
        super().__init__(added.one, range(first, end))
        self.added, self.at = added, slice(first, end)


def contributions(parts: Parts, n: int) -> list[Contributions]:
    """Of each of the first n those that are not nothing, the strongest first; none is unknown."""
    *found, starts = strongest(parts.contributions[:n], parts.features[:n])
    added = _Added(*found)
    return [Contributions(added, first, end) for first, end in pairwise(starts.tolist())]


def taken_apart(found: Sequence[Contribution]) -> Iterable[tuple[str, float | None, float]]:
    """The features, values and shares, without the contributions themselves."""
    if not isinstance(found, Contributions):
        return found
    features, shares, values = (column[found.at].tolist() for column in found.added)
    return zip(map(NAMES.__getitem__, features), values, shares, strict=True)
