"""The named, ordered features of a candidate that the grader learns from.

Every feature but ``described`` grows with relevance, so that a grader can be held to be monotone.
NaN means that nobody knows: a demand without a field, a demand about which nothing was said yet.
"""

import math
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.neighbours import likeness
from matcher.ranking.overlap import Overlap
from matcher.ranking.phrased import phrased
from matcher.ranking.tally import COUNTS, TITLE_IDF, Matrix
from matcher.records import Facets
from matcher.representation import CHARACTER, NAME, WORD
from matcher.text.bulk import together
from matcher.text.sentences import sentences_of

Features = NDArray[np.float64]
"""One row a candidate, one column a feature."""
Column = NDArray[Any]
"""One feature: a number for each of n candidates, or one for all of them."""
_UNKNOWN: Final = np.array(np.nan)
_NEIGHBOURS: Final = 20
_MOST_SENTENCES: Final = 60
_DESCRIBED: Final = 2.0
"""Different terms in the whole text for each in the title from which a record is described."""


class Question(NamedTuple):
    """What features are computed from: the overlap, and the facets of both sides."""

    overlap: Overlap
    asked: Facets
    found: Sequence[Facets]


def content_features(question: Question) -> Features:
    """The features of n candidates that need no decisions: float64, shape (n, len(CONTENT))."""
    features = np.empty((question.overlap.rows.shape[0], len(_CONTENT)))
    for number, feature in enumerate(_CONTENT.values()):
        features[:, number] = feature(question)
    return features


def _score(question: Question) -> Column:
    """What candidates are ranked by when nothing has been learned."""
    return question.overlap.score


def _title_similarity(question: Question) -> Column:
    """Title against title: cosine."""
    cosine: Column = question.overlap.title @ question.overlap.query_title
    return cosine * _title_scale(question)


def _text_similarity(question: Question) -> Column:
    """Whole text against whole text: cosine."""
    cosine: Column = question.overlap.whole @ question.overlap.query_whole
    return cosine * _whole_scale(question)


def _title_in_text(question: Question) -> Column:
    """The query's title against the candidate's whole text: cosine."""
    scale = math.sqrt(_title_scale(question) * _whole_scale(question))
    cosine: Column = question.overlap.whole @ question.overlap.query_title
    return cosine * scale


def _text_in_title(question: Question) -> Column:
    """The query's whole text against the candidate's title: cosine."""
    scale = math.sqrt(_title_scale(question) * _whole_scale(question))
    cosine: Column = question.overlap.title @ question.overlap.query_whole
    return cosine * scale


def _title_scale(question: Question) -> float:
    """1 over the squared length of the title's block."""
    weight = question.overlap.representation.title_weight
    return (1.0 + weight) / weight if weight else 0.0


def _whole_scale(question: Question) -> float:
    return 1.0 + question.overlap.representation.title_weight


def _similarity_of(kind: int) -> Callable[[Question], Column]:
    """Whole text against whole text in the terms of one kind only: cosine."""

    def similarity(question: Question) -> Column:
        overlap = question.overlap
        query = overlap.query_whole * (overlap.kinds == kind)
        lengths = overlap.tally[:, kind] * float(np.sqrt(query @ query))
        return _ratio(overlap.whole @ query, lengths)

    return similarity


def _rarest_term(question: Question) -> Column:
    """The idf of the rarest shared term, of the highest that there is."""
    overlap = question.overlap
    rarest: Column = overlap.rarest / overlap.representation.highest_idf
    return rarest


def _demand_coverage(question: Question) -> Column:
    """How much of the query the candidate covers: BM25 over its words, normalised."""
    coverage: Column = question.overlap.cover.sum(axis=1)
    return coverage


def _title_coverage(question: Question) -> Column:
    """The share, by idf, of the terms of the candidate's title that the query has."""
    overlap = question.overlap
    return _ratio((overlap.title > 0) @ overlap.idf, overlap.tally[:, TITLE_IDF])


def _best_sentence(question: Question) -> Column:
    """The candidate's whole text against the sentence of the query that fits it best: cosine."""
    overlap = question.overlap
    rows = _sentence_rows(overlap)
    if not rows.shape[0]:
        return np.zeros(overlap.rows.shape[0], dtype=np.float32)
    best: Column = (rows @ overlap.whole.T).max(axis=0) * math.sqrt(_whole_scale(question))
    return best


def _sentence_rows(overlap: Overlap) -> Matrix:
    """The sentences of the query, the title being one: unit rows over the query's columns."""
    query, k = overlap.query, overlap.representation.saturation
    spans, fields = sentences_of(together([*query.texts.values()]), query.ends)
    spans, (starts, _) = spans[:_MOST_SENTENCES], query.spans
    texts = np.concatenate(([0], query.ends))[fields[:_MOST_SENTENCES]]
    weights = phrased(texts, texts + spans[:, 1], starts, overlap.of_tokens, overlap.idf, k)
    lengths = np.sqrt(np.add.reduce(weights * weights, axis=1, keepdims=True))
    lengths[lengths == 0.0] = 1.0
    unit: Matrix = weights / lengths
    return unit


def _neighbours(question: Question) -> Column:
    """Mean likeness to the twenty candidates of the highest score, weighted by it.

    Relevant ones cluster. A candidate is not compared with itself.
    """
    rows, score = question.overlap.rows, question.overlap.score
    best = np.argsort(-score, kind="stable")[:_NEIGHBOURS]
    weights = np.zeros_like(score)
    weights[best] = score[best]
    # Rows are of unit length, so each is like itself by 1; empty ones have no score.
    return _ratio(likeness(rows, best, score) - weights, weights.sum() - weights)


def _ratio(parts: Column, wholes: Column) -> Column:
    """Parts of wholes (n,); 0 of nothing."""
    ratio: Column = np.divide(parts, wholes, out=np.zeros(len(parts)), where=wholes > 0)
    return ratio


def _described(question: Question) -> Column:
    """1 if the candidate has much text beside its title, else 0.

    Long texts share less of themselves with any query, so the same cosine means more.
    """
    in_title, in_whole = question.overlap.tally.T[COUNTS]
    described: Column = in_whole > _DESCRIBED * in_title
    return described


def _same_field(question: Question) -> Column:
    """1 in the same 技术领域, 0 in another, NaN where one of the two is unknown."""
    return _agreement("field", question)


def _same_industry(question: Question) -> Column:
    """The same for the 行业."""
    return _agreement("industry", question)


def _agreement(name: str, question: Question) -> Column:
    asked = getattr(question.asked, name)
    if not asked:
        return _UNKNOWN
    known = {None: np.nan, "": np.nan, asked: 1.0}
    values = map(attrgetter(name), question.found)
    return np.array([known.get(value, 0.0) for value in values], dtype=np.float64)


_CONTENT: Final[dict[str, Callable[[Question], Column]]] = {
    "score": _score,
    "title_similarity": _title_similarity,
    "text_similarity": _text_similarity,
    "title_in_text": _title_in_text,
    "text_in_title": _text_in_title,
    "word_similarity": _similarity_of(WORD),
    "character_similarity": _similarity_of(CHARACTER),
    "name_similarity": _similarity_of(NAME),
    "rarest_term": _rarest_term,
    "coverage": _demand_coverage,
    "title_coverage": _title_coverage,
    "best_sentence": _best_sentence,
    "neighbours": _neighbours,
    "described": _described,
    "same_field": _same_field,
    "same_industry": _same_industry,
}
CONTENT: Final = tuple(_CONTENT)
