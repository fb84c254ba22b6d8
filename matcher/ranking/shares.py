"""Takes scores apart: what each shared term added, and in which fields it stands.

``Overlap.shares`` holds the exact share of every column. Within the whole text a share belongs to
the item's fields in proportion to how often the term occurs in each, field weights applied; in the
block of the title it belongs to the title.
"""

import math
from bisect import bisect
from collections.abc import Sequence
from itertools import compress
from typing import Final, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.marks import Marks
from matcher.ranking.overlap import Overlap
from matcher.records import TermShare
from matcher.text.places import KINDS, Ints

OTHER_NEW_WORDS: Final = "其他新词"
"""Words unknown when the model was fitted that share a column by chance, one in 262,144."""
Floats = NDArray[np.float64]


class Shares(NamedTuple):
    """The scores of n candidates in parts, p in all: one for each term that counts.

    ``names`` : of t terms and, behind them, of what stands for several of them or for none.
    ``bounds`` : (n + 1,), where the parts of each candidate begin and end; strongest first.
    ``numbers`` : (p,), which of the names.
    ``kinds`` : (p,), as indexes of ``KINDS``.
    ``totals`` : (p,), the parts; those of a candidate add up to its score.
    ``by_field`` : (p, f), how they spread over ``fields``.
    ``of_terms`` : (n, t), the shares of those terms of the query that are named alone.
    """

    names: Sequence[str]
    fields: Sequence[str]
    bounds: Ints
    numbers: Ints
    kinds: NDArray[np.int8]
    totals: Floats
    by_field: Floats
    of_terms: Floats

    def of_fields(self) -> list[dict[str, float]]:
        """The shares of each candidate's fields, the greatest first; they too are its score."""
        n, f = len(self.bounds) - 1, len(self.fields)
        records = np.repeat(np.arange(n), np.diff(self.bounds))
        at = (records[:, None] * f + np.arange(f)).ravel()
        sums = np.bincount(at, self.by_field.ravel(), n * f).reshape(n, f).tolist()
        return [dict(sorted(self._named(row).items(), key=lambda one: -one[1])) for row in sums]

    def term(self, number: int) -> TermShare:
        """One of the p parts."""
        return TermShare(
            self.names[self.numbers[number]],
            KINDS[self.kinds[number]],
            float(self.totals[number]),
            self._named(self.by_field[number].tolist()),
        )

    def _named(self, parts: Sequence[float]) -> dict[str, float]:
        return dict(compress(zip(self.fields, parts, strict=True), parts))


class Terms(Sequence[TermShare]):
    """The terms of one candidate, each made when it is looked at: few answers show them."""

    def __init__(self, shares: Shares, candidate: int) -> None:
        start, end = shares.bounds[candidate : candidate + 2].tolist()
        self._shares, self._numbers = shares, range(start, end)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> TermShare: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[TermShare, ...]: ...
    def __getitem__(self, at: int | slice) -> TermShare | tuple[TermShare, ...]:
        if isinstance(at, slice):
            return tuple(map(self._shares.term, self._numbers[at]))
        return self._shares.term(self._numbers[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))


class _Names(NamedTuple):
    """What p columns of records stand for: numbers of names, their ranks among terms, kinds."""

    names: list[str]
    numbers: Ints
    ranks: Floats
    kinds: NDArray[np.int8]


def shares(overlap: Overlap, candidates: Sequence[int], marks: Marks) -> Shares:
    """The shares of all terms that candidates, of which these are the marks, have in common.

    Terms that differ and hash alike are named as one.
    """
    title, whole = _blocks(overlap, candidates, marks)
    records, columns = np.nonzero((title != 0.0) | (whole != 0.0))
    counts = _counts(overlap, marks, title.shape)[records, columns]
    parts, totals = _spread(title[records, columns], whole[records, columns], counts)
    found = _names(marks, records, columns, len(overlap.columns))
    of_terms = np.zeros((len(candidates), len(marks.terms)))
    alone = found.numbers < len(marks.terms)
    of_terms[records[alone], found.numbers[alone]] = totals[alone]
    order = np.lexsort((found.ranks, -totals, records))
    return Shares(
        found.names,
        marks.names,
        np.searchsorted(records, np.arange(len(candidates) + 1)),
        found.numbers[order],
        found.kinds[order],
        totals[order],
        parts[order],
        of_terms,
    )


def _blocks(overlap: Overlap, candidates: Sequence[int], marks: Marks) -> tuple[Floats, Floats]:
    """The shares (n, m) of title and whole text; a title without a shared term has no share."""
    title, whole = (block[list(candidates)].astype(np.float64) for block in overlap.shares)
    untitled = np.ones((len(candidates), 1), np.bool_)
    untitled[marks.records[marks.fields == 0]] = False  # it is the first field
    return np.where(untitled, 0.0, title), np.where(untitled, whole + title, whole)


def _counts(overlap: Overlap, marks: Marks, shape: tuple[int, int]) -> Floats:
    """How often (n, m, f) the terms of each column stand in each field, weighted."""
    factors = overlap.representation.field_weights or {}
    weights = np.array([factors.get(name, 1.0) for name in marks.names])
    whole = (*shape, len(marks.names))
    at = np.ravel_multi_index((marks.records, marks.columns[marks.numbers], marks.fields), whole)
    counts = np.bincount(at, weights[marks.fields], math.prod(whole))
    return counts.astype(np.float64).reshape(whole)


def _spread(title: Floats, whole: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Of pairs of candidate and column, the shares by field (pairs, f), and their sums.

    In proportion to how often the column's terms stand in each. What stands nowhere is said to
    stand in the title, which is the first field.
    """
    is_somewhere = counts.any(axis=1)
    counts[~is_somewhere, 0] = 1.0
    sole = np.count_nonzero(counts, axis=1) == 1
    divided = whole[:, None] * counts / _added(counts)[:, None]
    parts: Floats = np.where(sole[:, None], np.where(counts, whole[:, None], 0.0), divided)
    is_titled = counts[:, 0] > 0.0
    parts[:, 0] += title
    late = np.where(is_titled, 0.0, parts[:, 0])
    return parts, _added(np.column_stack([parts[:, 0] - late, parts[:, 1:], late]))


def _added(columns: Floats) -> Floats:
    """The sums of rows, added from left to right."""
    total: Floats = np.cumsum(columns, axis=1)[:, -1]
    return total


def _names(marks: Marks, records: Ints, columns: Ints, m: int) -> _Names:
    """What each column of a record is called."""
    there, term = np.nonzero(marks.last_kinds >= 0)
    place = there * m + marks.columns[term]
    order = np.argsort(place, kind="stable")
    place, term, there = place[order], term[order], there[order]
    wanted = records * m + columns
    first, last = (np.searchsorted(place, wanted, side) for side in ("left", "right"))
    names, numbers = list(marks.terms), np.append(term, 0)[first]
    ranks = numbers.astype(np.float64)
    kinds = np.append(marks.last_kinds[there, term], np.int8(0))[first]
    for at in np.flatnonzero(last - first != 1).tolist():
        several = (marks.terms[number] for number in term[first[at] : last[at]].tolist())
        numbers[at] = len(names)
        names.append("/".join(several) or OTHER_NEW_WORDS)
        ranks[at] = bisect(marks.terms, names[-1]) - 0.5
        kinds[at] = kinds[at] if last[at] > first[at] else 0
    return _Names(names, numbers, ranks, kinds)
