"""Takes scores apart: what each shared term added, and in which fields it stands.

``Overlap.shares`` holds the exact share of every column. Within the whole text a share belongs to
the item's fields in proportion to how often the term occurs in each, field weights applied; in the
block of the title it belongs to the title.
"""

from bisect import bisect
from collections.abc import Sequence
from itertools import compress, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.made import Made
from matcher.ranking.marks import Marks
from matcher.ranking.overlap import Overlap
from matcher.ranking.spreading import spread
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
    ``places`` : (p,), where among the marks the candidate has it first; -1 of several or none.
    ``kinds`` : (p,), as indexes of ``KINDS``.
    ``totals`` : (p,), the parts; those of a candidate add up to its score.
    ``by_field`` : (p, f), how they spread over ``fields``.
    ``of_terms`` : (n, t), the shares of those terms of the query that are named alone.
    """

    names: Sequence[str]
    fields: Sequence[str]
    bounds: Ints
    numbers: Ints
    places: Ints
    kinds: Ints
    totals: Floats
    by_field: Floats
    of_terms: Floats

    def of_fields(self) -> list[dict[str, float]]:
        """The shares of each candidate's fields, the greatest first; they too are its score."""
        n, names = len(self.bounds) - 1, self.fields
        records = np.repeat(np.arange(n), np.diff(self.bounds))
        sums = np.column_stack([np.bincount(records, parts, n) for parts in self.by_field.T])
        rows = zip(np.argsort(-sums, kind="stable").tolist(), sums.tolist(), strict=True)
        return [{names[field]: row[field] for field in order if row[field]} for order, row in rows]

    def terms(self) -> list[Made[TermShare]]:
        """The parts of each candidate, made when somebody looks."""
        return [Made(self.term, range(a, b)) for a, b in pairwise(self.bounds.tolist())]

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


def shares(overlap: Overlap, candidates: Sequence[int], marks: Marks) -> Shares:
    """The shares of all terms that candidates, of which these are the marks, have in common.

    Terms that differ and hash alike are named as one.
    """
    weights = overlap.representation.field_weights or {}
    numbers, places, kinds, bounds, totals, parts, of_terms = spread(
        *overlap.shares,
        np.array(candidates, np.int64),
        marks.columns,
        marks.records,
        marks.fields,
        marks.numbers,
        marks.kinds,
        np.array([weights.get(name, 1.0) for name in marks.names], np.float64),
    )
    records = np.repeat(np.arange(len(candidates)), np.diff(bounds))
    names, ranks = _named(marks, records, numbers, places)
    order = np.lexsort((ranks, -totals, records))
    return Shares(
        names,
        marks.names,
        bounds,
        numbers[order],
        places[order],
        kinds[order],
        totals[order],
        parts.take(order, axis=0),
        of_terms,
    )


def _named(marks: Marks, records: Ints, numbers: Ints, places: Ints) -> tuple[list[str], Floats]:
    """The names of terms and of what stands for several or none, and the ranks of all parts.

    The ``numbers`` of the latter become those of their names.
    """
    names, ranks = list(marks.terms), numbers.astype(np.float64)
    for at in np.flatnonzero(places < 0).tolist():
        column = marks.columns[numbers[at]] if numbers[at] >= 0 else -1
        alike = (marks.columns == column) & (marks.last_kinds[records[at]] >= 0)
        numbers[at] = len(names)
        names.append("/".join(compress(marks.terms, alike)) or OTHER_NEW_WORDS)
        ranks[at] = bisect(marks.terms, names[-1]) - 0.5
    return names, ranks
