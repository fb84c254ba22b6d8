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
from matcher.text.scripts import KINDS
from matcher.text.traced import Ints, Numbers

OTHER_NEW_WORDS: Final = "其他新词"
"""Words unknown when the model was fitted that share a column by chance, one in 262,144."""
Floats = NDArray[np.float64]


class Shares(NamedTuple):
    """The scores of n candidates in parts, p in all: one for each term that counts.

    ``names`` : of t terms and, behind them, of what stands for several of them or for none.
    ``bounds`` : (n + 1,), where the parts of each candidate begin and end; strongest first.
    ``parts`` : int32 of shape (p, 3): which of the names; where among the marks the candidate has
        it first, -1 of several or none; and its kind, as an index of ``KINDS``.
    ``totals`` : (p,), the parts; those of a candidate add up to its score.
    ``by_field`` : (p, f), how they spread over ``fields``.
    ``sums`` : (n, f), what they add up to in each field.
    ``of_terms`` : (n, t), the shares of those terms of the query that are named alone.
    """

    names: Sequence[str]
    fields: Sequence[str]
    bounds: Ints
    parts: Numbers
    totals: Floats
    by_field: Floats
    sums: Floats
    of_terms: Floats

    def of_fields(self) -> list[dict[str, float]]:
        """The shares of each candidate's fields, the greatest first; they too are its score."""
        names, sums = self.fields, self.sums
        rows = zip(np.argsort(-sums, kind="stable").tolist(), sums.tolist(), strict=True)
        return [{names[field]: row[field] for field in order if row[field]} for order, row in rows]

    def terms(self) -> list[Made[TermShare]]:
        """The parts of each candidate, made when somebody looks."""
        return [Made(self.term, range(a, b)) for a, b in pairwise(self.bounds.tolist())]

    def term(self, at: int) -> TermShare:
        """One of the p parts."""
        number, _, kind = self.parts[at].tolist()
        by_field = zip(self.fields, self.by_field[at].tolist(), strict=True)
        named = {field: part for field, part in by_field if part}
        return TermShare(self.names[number], KINDS[kind], float(self.totals[at]), named)


def shares(overlap: Overlap, candidates: Sequence[int], marks: Marks) -> Shares:
    """The shares of all terms that candidates, of which these are the marks, have in common.

    Terms that differ and hash alike are named as one.
    """
    weights = overlap.representation.field_weights or {}
    bounds, parts, totals, by_field, sums, of_terms, is_simple = spread(
        *overlap.shares,
        np.array(candidates, np.int64),
        marks.columns,
        marks.places.firsts,
        marks.places.found,
        np.array([weights.get(name, 1.0) for name in marks.names], np.float64),
    )
    names = marks.terms
    if not is_simple:
        names, order = _named(marks, bounds, parts, totals)
        parts, totals, by_field = parts[order], totals[order], by_field[order]
    return Shares(names, marks.names, bounds, parts, totals, by_field, sums, of_terms)


def _named(
    marks: Marks, bounds: Ints, parts: Numbers, totals: Floats
) -> tuple[Sequence[str], Ints]:
    """The names of terms and of what stands for several or none, and the order of all parts.

    The numbers of the latter become those of their names.
    """
    records = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    names, ranks = list(marks.terms), parts[:, 0].astype(np.float64)
    for at in np.flatnonzero(parts[:, 1] < 0).tolist():
        column = marks.columns[parts[at, 0]] if parts[at, 0] >= 0 else -1
        alike = (marks.columns == column) & marks.has(records[at])
        parts[at, 0] = len(names)
        names.append("/".join(compress(marks.terms, alike)) or OTHER_NEW_WORDS)
        ranks[at] = bisect(marks.terms, names[-1]) - 0.5
    return names, np.lexsort((ranks, -totals, records))
