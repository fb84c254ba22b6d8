"""Which terms lie inside others, and under which of those that are shared each is put: compiled."""

# mypy: disable-error-code="no-untyped-call"
import re
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple, Self

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.places import KINDS, Ints

_LATIN: Final = KINDS.index("latin")
_INTS: Final = types.int64[::1]
_FLAGS: Final = types.boolean[::1]
_PARTS: Final = re.compile("[^a-z0-9]+")
_SHORT: Final = 12
"""Characters up to which to look up all parts of a term is cheaper than to try all others."""


class Nesting(NamedTuple):
    """The terms that contain each of t terms: ``holders[starts[i] : starts[i + 1]]``.

    ``is_part`` says of each pair whether the term is a whole part of the other: PVDF of PVDF-HFP,
    but not AI of rail. ``lengths`` (t,) are those of the terms.
    """

    lengths: Ints
    starts: Ints
    holders: Ints
    is_part: NDArray[np.bool_]

    @classmethod
    def of(cls, terms: Sequence[str]) -> Self:
        """Look for each term in all others."""
        number = {term: at for at, term in enumerate(terms)}
        known = frozenset(terms)
        parts, holders = [], []
        for at, term in enumerate(terms):
            if len(term) > 1:
                found = _inside(term, known)
                parts += [number[part] for part in found]
                holders += [at] * len(found)
        is_part = [
            terms[part].isascii() and terms[part] in _PARTS.split(terms[holder])
            for part, holder in zip(parts, holders, strict=True)
        ]
        order = np.argsort(np.array(parts, np.int64), kind="stable")
        return cls(
            np.array(list(map(len, terms)), np.int64),
            np.searchsorted(np.array(parts, np.int64)[order], np.arange(len(terms) + 1)),
            np.array(holders, np.int64)[order],
            np.array(is_part, np.bool_)[order],
        )

    def homes(self, bounds: Ints, numbers: Ints, kinds: Ints) -> tuple[Ints, Ints]:
        """The order (p,) of the terms of all records, longest first, and the home of each in it.

        ``numbers`` (p,) are terms, strongest first, ``kinds`` (p,) as indexes of ``KINDS``;
        those of record i stand from ``bounds[i]`` on. The home of a term is the longest of them
        that contains it, if there is any; of names only such of which it is a part. Numbers from
        t on contain nothing and lie in nothing.
        """
        records = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        lengths = np.append(self.lengths, 0)[np.minimum(numbers, len(self.lengths))]
        order = np.lexsort((-lengths, records))
        is_name = kinds[order] == _LATIN
        return order, homes(bounds, numbers[order], is_name, *self[1:])


def _inside(term: str, others: frozenset[str]) -> Collection[str]:
    """Those of the others that lie in a term; of a short one all that it holds is looked up."""
    length = len(term)
    if length > _SHORT:
        return [other for other in others if other in term and other != term]
    parts = {term[i:j] for i in range(length) for j in range(i + 1, length + 1)}
    return (parts & others) - {term}


@compiled(_INTS(_INTS, _INTS, _FLAGS, _INTS, _INTS, _FLAGS))
def homes(
    bounds: Ints,
    numbers: Ints,
    is_name: NDArray[np.bool_],
    starts: Ints,
    holders: Ints,
    is_part: NDArray[np.bool_],
) -> Ints:
    """Where the home of each term (p,) stands; its own place if it has none."""
    found = np.arange(len(numbers))
    heads = np.full(len(starts) - 1, -1, np.int64)
    for record in range(len(bounds) - 1):
        for at in range(bounds[record], bounds[record + 1]):
            number = numbers[at]
            if number >= len(heads):
                continue
            for pair in range(starts[number], starts[number + 1]):
                head = heads[holders[pair]]
                if (
                    head >= bounds[record]
                    and head < found[at]
                    and (is_part[pair] or not is_name[at])
                ):
                    found[at] = head
            if found[at] == at:
                heads[number] = at
    return found
