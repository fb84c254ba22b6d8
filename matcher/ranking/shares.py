"""Takes scores apart: what each shared term added, and in which fields it stands.

``Overlap.shares`` holds the exact share of every column. Within the whole text a share belongs to
the item's fields in proportion to how often the term occurs in each, field weights applied; in the
block of the title it belongs to the title.
"""

import math
from bisect import bisect
from collections.abc import Sequence
from itertools import compress, pairwise
from typing import Final, NamedTuple

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
    """The scores of n candidates in parts.

    ``terms`` : of each, strongest first; they add up to its score, and so do ``fields``.
    ``of_terms`` : float64 (n, t), the shares of those terms of the query that are named alone.
    """

    terms: list[tuple[TermShare, ...]]
    fields: list[dict[str, float]]
    of_terms: Floats


class _Names(NamedTuple):
    """What columns stand for in their records: names and kinds, and the numbers of their terms.

    The number is the rank of the name among the terms as well; it lies between two of them if there
    is not one term alone.
    """

    names: list[str]
    kinds: list[str]
    numbers: Floats


def shares(overlap: Overlap, candidates: Sequence[int], marks: Marks) -> Shares:
    """The shares of all terms that candidates, of which these are the marks, have in common.

    Terms that differ and hash alike are named as one.
    """
    title, whole = _blocks(overlap, candidates, marks)
    records, columns = np.nonzero((title != 0.0) | (whole != 0.0))
    counts = _counts(overlap, marks, title.shape)[records, columns]
    parts, totals = _spread(title[records, columns], whole[records, columns], counts)
    found = _names(marks, records, columns, len(overlap.columns))
    order = np.lexsort((found.numbers, -totals, records))
    of_terms = np.zeros((len(candidates), len(marks.terms)))
    alone = found.numbers == np.floor(found.numbers)
    of_terms[records[alone], found.numbers[alone].astype(np.int64)] = totals[alone]
    terms = list(
        map(
            TermShare,
            map(found.names.__getitem__, order.tolist()),
            map(found.kinds.__getitem__, order.tolist()),
            totals[order].tolist(),
            _by_fields(marks.names, parts[order]),
        )
    )
    ends = np.searchsorted(records[order], np.arange(len(candidates) + 1)).tolist()
    return Shares(
        [tuple(terms[start:end]) for start, end in pairwise(ends)],
        _sums(records[order], parts[order], len(candidates), marks.names),
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
    numbers = np.append(term, 0)[first].astype(np.float64)
    kinds = np.append(marks.last_kinds[there, term], 0)[first]
    names = [marks.terms[number] for number in np.append(term, 0)[first].tolist()]
    for at in np.flatnonzero(last - first != 1).tolist():
        several = (marks.terms[number] for number in term[first[at] : last[at]].tolist())
        names[at] = "/".join(several) or OTHER_NEW_WORDS
        numbers[at] = bisect(marks.terms, names[at]) - 0.5
        kinds[at] = kinds[at] if last[at] > first[at] else 0
    return _Names(names, [KINDS[kind] for kind in kinds.tolist()], numbers)


def _by_fields(names: Sequence[str], parts: Floats) -> list[dict[str, float]]:
    """The shares (pairs, f) by name, without those that are nothing; most have one alone."""
    sole = np.count_nonzero(parts, axis=1) == 1
    place = np.argmax(parts != 0.0, axis=1)
    value = np.take_along_axis(parts, place[:, None], axis=1)[:, 0]
    found = [{names[at]: share} for at, share in zip(place.tolist(), value.tolist(), strict=True)]
    for row in np.flatnonzero(~sole).tolist():
        found[row] = _by_field(names, parts[row].tolist())
    return found


def _by_field(names: Sequence[str], parts: Sequence[float]) -> dict[str, float]:
    return dict(compress(zip(names, parts, strict=True), parts))


def _sums(records: Ints, parts: Floats, n: int, names: Sequence[str]) -> list[dict[str, float]]:
    """The shares of each record's fields, the greatest first."""
    f = len(names)
    at = (records[:, None] * f + np.arange(f)).ravel()
    sums = np.bincount(at, parts.ravel(), n * f).reshape(n, f).tolist()
    return [dict(sorted(_by_field(names, row).items(), key=lambda part: -part[1])) for row in sums]
