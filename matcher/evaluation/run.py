"""Ranks the documents of a collection for its queries and measures the result."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.evaluation.collection import Collection
from matcher.evaluation.metrics import Report, grading_figures, measure
from matcher.index import Entry, SegmentIndex
from matcher.ranking.grader import Grader
from matcher.ranking.ordering import CANDIDATES, rank
from matcher.ranking.overlap import Overlap
from matcher.ranking.side import Side, side
from matcher.records import Facets
from matcher.representation import TfidfRepresentation

_DEPTH: Final = 100
Track = Callable[[Iterable[str], str, int], Iterable[str]]
"""Hands query ids through and shows how many of all there are have passed."""
_Pool = Callable[[str, Side], tuple[Sequence[str], csr_array]]


def evaluate(
    collection: Collection,
    judged: bool,
    grader: Grader | None = None,
    representation: TfidfRepresentation | None = None,
    track: Track = lambda items, _label, _total: items,
) -> Report:
    """Fit on the documents alone, rank them for every query, and measure.

    With ``judged``, only the judged documents of each query are ranked, all of them; otherwise the
    best 100 of the whole collection. A representation that is given is used as it is. With a
    grader, the order is the engine's and the figures of ``grading_figures`` are added, over
    the judged documents that were ranked.
    """
    representation = representation or TfidfRepresentation().fit(collection.documents.values())
    ids = list(collection.documents)
    rows = representation.transform(collection.documents.values())
    pool = _judged_pool(collection, ids, rows) if judged else _library_pool(ids, rows)
    rankings: dict[str, list[tuple[str, float]]] = {}
    graded: list[tuple[int, NDArray[np.float64]]] = []
    for query in track(collection.queries, "评测", len(collection.queries)):
        asked = side(representation, collection.queries[query])
        candidates, own = pool(query, asked)
        overlap = Overlap.of(representation, asked, own)
        ranking = rank(overlap, Facets(), [Facets()] * len(candidates), grader)
        order = ranking.order(candidates)
        scores = ranking.values
        if ranking.parts is not None:
            probabilities = ranking.parts.probabilities
            grades = collection.judgements[query]
            graded.extend(
                (1 + grades[id_], probabilities[i])
                for i, id_ in enumerate(candidates)
                if id_ in grades
            )
        rankings[query] = [(candidates[i], float(scores[i])) for i in order[: _depth(judged)]]
    figures = measure(collection.judgements, rankings, judged)
    return figures if grader is None else figures | grading_figures(graded)


def _depth(judged: bool) -> int | None:
    return None if judged else _DEPTH


def _library_pool(ids: Sequence[str], rows: csr_array) -> _Pool:
    index = SegmentIndex(rows.shape[1])
    index.add([Entry(id_) for id_ in ids], rows)

    def pool(_query: str, asked: Side) -> tuple[Sequence[str], csr_array]:
        hits = index.top_k(asked.row, CANDIDATES)
        return hits.ids, hits.rows

    return pool


def _judged_pool(collection: Collection, ids: Sequence[str], rows: csr_array) -> _Pool:
    numbers = {id_: number for number, id_ in enumerate(ids)}

    def pool(query: str, _asked: Side) -> tuple[Sequence[str], csr_array]:
        judged = sorted(collection.judgements[query])
        return judged, rows[[numbers[id_] for id_ in judged]]

    return pool
