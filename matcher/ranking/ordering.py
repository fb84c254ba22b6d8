"""Orders candidates by their grades, or by their scores where no grader is at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.contributing import contributions
from matcher.ranking.decisions import decision_features
from matcher.ranking.features import Question, content_features
from matcher.ranking.grader import NAMES, Grader, Parts, assemble, displayed, strong
from matcher.ranking.overlap import Overlap
from matcher.records import Facets, Grading

N = TypeVar("N", float, NDArray[np.float64])
CANDIDATES: Final = 200
"""What retrieval hands on to ranking, at least."""
SCORE_WEIGHT: Final = 3.0
"""Grades that a whole point of score is worth in the order; measured, docs/decisions/0006."""
_AGREEMENT: Final = NAMES.index("quantity_agreement")
_DESCRIBED: Final = NAMES.index("described")


def value(expected_grade: N, score: N) -> N:
    """What graded candidates are ordered by: of numbers or of arrays."""
    return expected_grade + SCORE_WEIGHT * score


@dataclass(frozen=True, slots=True)
class Decided:
    """Candidates on which brokers decided for this demand: m embeddings, m grades of 1 … 4."""

    rows: csr_array
    grades: NDArray[np.int64]


class Graded(NamedTuple):
    """Grades, and whether even the best of them falls short of what a good candidate reaches."""

    gradings: Sequence[Grading | None]
    falls_short: bool = False


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
        return self.parts.expected

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
        values = -self.values
        order = np.argsort(values)
        ordered = values[order]
        if (ordered[1:] == ordered[:-1]).any():
            return sorted(range(len(ids)), key=lambda number: (values[number], ids[number]))
        numbers: list[int] = order.tolist()
        return numbers

    def graded(self, numbers: Sequence[int], agreements: Sequence[float]) -> Graded:
        """The grades of some candidates, taken apart, their quantities considered.

        The threshold was learned where nothing was described, so that does not count for it.
        """
        n = len(numbers)
        if self.grader is None or self.parts is None or not n:
            return Graded([None] * n)
        features = self.parts.features[[*numbers, *numbers]]
        features[:, _AGREEMENT] = [*agreements, *agreements]
        features[n:, _DESCRIBED] = np.nan
        parts = self.parts.steps.taken_apart(features)
        best = strong(parts.probabilities[n:]).max()
        return Graded(_gradings(parts, n), bool(best < self.grader.threshold))


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


def _gradings(parts: Parts, n: int) -> list[Grading]:
    """Of the first n."""
    chances, intercept = parts.probabilities[:n], parts.steps.intercept
    columns = (displayed(chances), parts.expected[:n], chances, parts.raw[:n])
    return [
        Grading(grade, mean, tuple(probabilities), raw, intercept, shares)
        for grade, mean, probabilities, raw, shares in zip(
            *(column.tolist() for column in columns), contributions(parts, n), strict=True
        )
    ]
