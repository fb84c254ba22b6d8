"""The candidates of a query: what decisions take away, what is added, and how the rest ranks."""

from collections.abc import Collection

import numpy as np
from scipy.sparse import csr_array

from matcher.index import Entry, Hits, Index
from matcher.ranking.decisions import Grades
from matcher.ranking.grader import Grader
from matcher.ranking.ordering import Decided, Ranking, rank
from matcher.ranking.overlap import Overlap
from matcher.ranking.side import Side
from matcher.records import Achievement, Demand
from matcher.representation import TfidfRepresentation, stacked


def ranked(
    representation: TfidfRepresentation,
    record: Demand | Achievement,
    query: Side,
    hits: Hits,
    grader: Grader | None,
    decided: Decided | None,
) -> Ranking:
    """Grade and rank what was found for a record, from rows alone."""
    overlap = Overlap.of(representation, query, hits.rows)
    return rank(overlap, record.facets(), [entry.facets for entry in hits.entries], grader, decided)


def decided_on(index: Index, decisions: Grades) -> Decided | None:
    """What was decided about a query, as far as the index still has it."""
    if not decisions:
        return None
    entries, rows = index.get(list(decisions))
    if not entries:
        return None
    return Decided(rows, np.array([decisions[entry.id] for entry in entries]))


def without(hits: Hits, gone: Collection[str]) -> Hits:
    """The hits less those with these ids."""
    if not gone:
        return hits
    kept = [i for i, entry in enumerate(hits.entries) if entry.id not in gone]
    return Hits(tuple(hits.entries[i] for i in kept), hits.scores[kept], hits.rows[kept])


def joined(hits: Hits, more: tuple[tuple[Entry, ...], csr_array], query: Side) -> Hits:
    """The hits, and behind them those of more entries that are not among them."""
    known = set(hits.ids)
    new = [i for i, entry in enumerate(more[0]) if entry.id not in known]
    rows = more[1][new]
    scores = (rows @ query.row.T).toarray().ravel().astype(np.float32)
    return Hits(
        (*hits.entries, *(more[0][i] for i in new)),
        np.concatenate([hits.scores, scores]),
        stacked((hits.rows, rows), rows.shape[1]),
    )
