"""Orders candidates by their grades, or by their scores where no grader is at hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.decisions import decision_features
from matcher.ranking.features import Question, content_features
from matcher.ranking.grader import NAMES, Grader, Parts, assemble, displayed, expected, strong
from matcher.ranking.overlap import Overlap
from matcher.records import Contribution, Facets, Grading

N = TypeVar("N", float, NDArray[np.float64])
CANDIDATES: Final = 200
"""What retrieval hands on to ranking, at least."""
SCORE_WEIGHT: Final = 3.0
"""Grades that a whole point of score is worth in the order; measured, docs/decisions/0006."""
_AGREEMENT: Final = "quantity_agreement"
_DESCRIBED: Final = "described"


def value(expected_grade: N, score: N) -> N:
    """What graded candidates are ordered by: of numbers or of arrays."""
    return expected_grade + SCORE_WEIGHT * score


@dataclass(frozen=True, slots=True)
class Decided:
    """Candidates on which brokers decided for this demand: m embeddings, m grades of 1 … 4."""

    rows: csr_array
    grades: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """n candidates ranked: their overlap with the query, and what a grader makes of them."""

    overlap: Overlap
    grader: Grader | None = None
    parts: Parts | None = None

    @property
    def expected(self) -> NDArray[np.float64]:
        """The expected grades (n,); NaN without a grader."""
        if self.parts is None:
            return np.full(len(self.overlap.score), np.nan)
        return expected(self.parts.probabilities)

    @property
    def values(self) -> NDArray[np.float64]:
        """What candidates (n,) are ordered by: the score, and the expected grade if there is one.

        The grade alone knows too little of high scores, which are rare among labelled pairs.
        """
        score = self.overlap.score.astype(np.float64)
        if self.parts is None:
            return score
        return value(self.expected, score)

    def order(self, ids: Sequence[str]) -> list[int]:
        """Candidates, best first, ties in order of id."""
        ordered = sorted(zip((-self.values).tolist(), ids, range(len(ids)), strict=True))
        return [number for _, _, number in ordered]

    def gradings(self, numbers: Sequence[int], agreements: Sequence[float]) -> list[Grading | None]:
        """The grades of some candidates, taken apart, their quantities considered."""
        if self.parts is None:
            return [None] * len(numbers)
        parts = self.parts.some(numbers)
        parts.put(_AGREEMENT, agreements)
        probabilities, intercept = parts.probabilities, parts.intercept
        columns = (displayed(probabilities), expected(probabilities), probabilities, parts.raw)
        return [
            Grading(grade, mean, tuple(chances), raw, intercept, shares)
            for grade, mean, chances, raw, shares in zip(
                *(column.tolist() for column in columns), _contributions(parts), strict=True
            )
        ]

    def falls_short(self, numbers: Sequence[int], agreements: Sequence[float]) -> bool:
        """Whether even the best of some candidates is not as good as a good one should be.

        The threshold was learned where nothing was described, so that does not count here.
        """
        if self.grader is None or self.parts is None or not numbers:
            return False
        parts = self.parts.some(numbers)
        parts.put(_AGREEMENT, agreements)
        parts.put(_DESCRIBED, np.full(len(numbers), np.nan))
        return bool(strong(parts.probabilities).max() < self.grader.threshold)


def rank(
    overlap: Overlap,
    asked: Facets,
    found: Sequence[Facets],
    grader: Grader | None = None,
    decided: Decided | None = None,
) -> Ranking:
    """Grade the candidates of an overlap. ``found`` are their facets, ``asked`` the query's."""
    if grader is None:
        return Ranking(overlap)
    decisions = None
    if decided is not None:
        likeness = (overlap.rows @ decided.rows.T).toarray()
        decisions = decision_features(likeness, decided.grades)
    features = assemble(content_features(Question(overlap, asked, found)), decisions)
    return Ranking(overlap, grader, grader.taken_apart(features))


def _contributions(parts: Parts) -> Iterator[tuple[Contribution, ...]]:
    """Of each candidate those that are not nothing, the strongest first; so none is unknown."""
    shares = parts.contributions
    records, features = np.nonzero(shares)
    order = np.lexsort((-np.abs(shares[records, features]), records))
    records, features = records[order], features[order]
    named = [NAMES[feature] for feature in features.tolist()]
    found = list(
        map(
            Contribution,
            named,
            parts.features[records, features].tolist(),
            shares[records, features].tolist(),
        )
    )
    ends = np.searchsorted(records, np.arange(len(shares) + 1)).tolist()
    return (tuple(found[start:end]) for start, end in pairwise(ends))
