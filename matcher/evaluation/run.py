"""Ranks the documents of a collection for its queries and measures the result."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from scipy.sparse import csr_array

from matcher.evaluation.collection import Collection
from matcher.evaluation.metrics import Report, measure
from matcher.index import Entry, ExactIndex
from matcher.representation import TfidfRepresentation

_DEPTH: Final = 100
Track = Callable[[Iterable[str], str, int], Iterable[str]]
"""Hands query ids through and shows how many of all there are have passed."""


def evaluate(
    collection: Collection,
    judged: bool,
    representation: TfidfRepresentation | None = None,
    track: Track = lambda items, _label, _total: items,
) -> Report:
    """Fit on the documents alone, rank them for every query, and measure.

    With ``judged``, only the judged documents of each query are ranked, all of them; otherwise the
    best 100 of the whole collection. A representation that is given is used as it is.
    """
    representation = representation or TfidfRepresentation().fit(collection.documents.values())
    ids = list(collection.documents)
    rows = representation.transform(collection.documents.values())
    ranker = _judged_ranker(collection, ids, rows) if judged else _full_ranker(ids, rows)
    rankings = {}
    for query in track(collection.queries, "评测", len(collection.queries)):
        row = representation.transform([collection.queries[query]])
        rankings[query] = list(ranker(query, row))
    return measure(collection.judgements, rankings, judged)


_Ranker = Callable[[str, csr_array], Iterator[tuple[str, float]]]


def _full_ranker(ids: Sequence[str], rows: csr_array) -> _Ranker:
    index = _index(ids, rows)

    def rank(_query: str, row: csr_array) -> Iterator[tuple[str, float]]:
        hits = index.top_k(row, _DEPTH)
        return zip(hits.ids, hits.scores.tolist(), strict=True)

    return rank


def _judged_ranker(collection: Collection, ids: Sequence[str], rows: csr_array) -> _Ranker:
    numbers = {id_: number for number, id_ in enumerate(ids)}

    def rank(query: str, row: csr_array) -> Iterator[tuple[str, float]]:
        judged = sorted(collection.judgements[query])
        index = _index(judged, rows[[numbers[id_] for id_ in judged]])
        hits = index.top_k(row, len(judged))
        yield from zip(hits.ids, hits.scores.tolist(), strict=True)
        yield from ((id_, 0.0) for id_ in judged if id_ not in set(hits.ids))

    return rank


def _index(ids: Sequence[str], rows: csr_array) -> ExactIndex:
    index = ExactIndex(rows.shape[1])
    index.add([Entry(id_) for id_ in ids], rows)
    return index
