"""The candidates of a query: found in the index and ranked, from rows alone."""

from collections.abc import Collection, Set
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from matcher.filters import Filters
from matcher.index import Entry, Hits, Index
from matcher.ranking.decisions import Grades
from matcher.ranking.grader import Grader
from matcher.ranking.ordering import Decided, Ranking, rank
from matcher.ranking.overlap import Overlap
from matcher.ranking.side import Side
from matcher.records import Achievement, Demand
from matcher.representation import TfidfRepresentation, stacked
from matcher.steps import Steps, in_one_go

Record = Demand | Achievement


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, what was found, and how it ranks; ``is_all`` if there is no more to find."""

    representation: TfidfRepresentation
    record: Record
    query: Side
    hits: Hits
    ranking: Ranking
    is_all: bool = True


@dataclass(frozen=True, slots=True)
class Search:
    """One record looking for others in an index.

    At least ``wanted`` candidates are ranked, if there are so many. Those ``gone`` are no
    candidates: they were decided on, or their source has lost them. The search is as if those
    ``hidden`` were not in the index at all.
    """

    representation: TfidfRepresentation
    grader: Grader | None
    index: Index
    record: Record
    query: Side
    wanted: int
    filters: Filters | None = None
    decided: Decided | None = None
    gone: frozenset[str] = field(default_factory=frozenset)
    hidden: Set[str] = field(default_factory=frozenset)

    def finding(self) -> Steps[Request]:
        """Look, and rank."""
        count = self.wanted + len(self.gone)
        hits = self._visible(count)
        is_all = len(hits.ids) < count
        hits = without(hits, self.gone)
        yield
        overlap = Overlap.of(self.representation, self.query, hits.rows, hits.keep)
        yield
        ranking = _graded(overlap, self.record, hits, self.grader, self.decided)
        yield
        return Request(self.representation, self.record, self.query, hits, ranking, is_all)

    found = in_one_go(finding)

    def wider(self, vanished: Collection[str]) -> Self:
        """The search after this one, which found too few: they had vanished, or are alike."""
        wanted = self.wanted if vanished else 4 * self.wanted
        return replace(self, wanted=wanted, gone=self.gone.union(vanished))

    def _visible(self, count: int) -> Hits:
        asked = count + min(count, len(self.hidden))
        while True:
            hits = self.index.top_k(self.query.row, asked, self.filters)
            seen = without(hits, self.hidden)
            if len(hits.ids) < asked or len(seen.ids) >= count:
                return first(seen, count)
            asked *= 2


def ranked(
    representation: TfidfRepresentation,
    record: Record,
    query: Side,
    hits: Hits,
    grader: Grader | None,
    decided: Decided | None,
) -> Ranking:
    """Grade and rank what was found for a record."""
    overlap = Overlap.of(representation, query, hits.rows, hits.keep)
    return _graded(overlap, record, hits, grader, decided)


def _graded(
    overlap: Overlap, record: Record, hits: Hits, grader: Grader | None, decided: Decided | None
) -> Ranking:
    asked = record.facets()
    # Theirs are compared with those of the record, and a text has none.
    found = [entry.facets for entry in hits.entries] if any(asked) else [asked] * len(hits.ids)
    return rank(overlap, asked, found, grader, decided)


def decided_on(index: Index, decisions: Grades) -> Decided | None:
    """What was decided about a query, as far as the index still has it."""
    if not decisions:
        return None
    entries, rows = index.get(list(decisions))
    if not entries:
        return None
    return Decided(rows, np.array([decisions[entry.id] for entry in entries]))


def without(hits: Hits, gone: Set[str]) -> Hits:
    """The hits less those with these ids."""
    if not gone:
        return hits
    kept = [i for i, id_ in enumerate(hits.ids) if id_ not in gone]
    return Hits.of((hits.entries[i] for i in kept), hits.scores[kept], hits.rows[kept])


def first(hits: Hits, count: int) -> Hits:
    """The best ``count`` of the hits."""
    if len(hits.ids) <= count:
        return hits
    return Hits.of(hits.entries[:count], hits.scores[:count], hits.rows[:count])


def joined(hits: Hits, more: tuple[tuple[Entry, ...], csr_array], query: Side) -> Hits:
    """The hits, and behind them those of more entries that are not among them."""
    known = set(hits.ids)
    new = [i for i, entry in enumerate(more[0]) if entry.id not in known]
    rows = more[1][new]
    scores = (rows @ query.row.T).toarray().ravel().astype(np.float32)
    return Hits.of(
        (*hits.entries, *(more[0][i] for i in new)),
        np.concatenate([hits.scores, scores]),
        stacked((hits.rows, rows), rows.shape[1]),
    )
