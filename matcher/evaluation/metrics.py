"""Measures of rankings, by the library ir-measures, and rank correlation, by scipy."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import ir_measures
import numpy as np
from ir_measures import RR, P, R, nDCG
from numpy.typing import NDArray
from scipy.stats import spearmanr

from matcher.evaluation.collection import Judgements
from matcher.ranking.grader import STRONG, displayed, strong

Rankings = Mapping[str, Sequence[tuple[str, float]]]
"""Query id → (document id, score), best first."""

Report = dict[str, float | int | None]

Graded = Sequence[tuple[int, NDArray[np.float64]]]
"""Grade 1 … 4 that was given, and the four probabilities that were predicted."""

_STRONG: Final = STRONG - 1
"""On the scale of 0 … 3, which judgements have."""
FEWEST_JUDGED: Final = 5
_BINS: Final = 10


def measure(judgements: Judgements, rankings: Rankings, judged: bool) -> Report:
    """All figures of one run, each the mean over its queries; None where no query counts.

    ``ndcg@10`` has gain 2^grade - 1; ``p@5`` counts grades ≥ 2; ``mrr@10`` and ``recall`` count
    grades ≥ 1. With ``judged``, the first two leave out queries with fewer than 5 judged documents
    or none of grade ≥ 2. ``spearman`` correlates score and grade over the judged documents that
    were ranked, query by query; where grades or scores are all the same, the query is left out.
    """
    telling = {q: g for q, g in judgements.items() if not judged or is_telling(g.values())}
    gains = {grade: 2**grade - 1 for grade in range(1 + _highest(judgements))}
    graded = {"ndcg@10": nDCG(gains=gains) @ 10, "p@5": P(rel=_STRONG) @ 5}
    binary = {"mrr@10": RR @ 10, "recall@1": R @ 1, "recall@10": R @ 10, "recall@100": R @ 100}
    return {
        "queries": len(judgements),
        "queries_graded": len(telling),
        **_means(graded, telling, rankings),
        **_means(binary, judgements, rankings),
        "spearman": _spearman(judgements, rankings),
    }


def is_telling(grades: Collection[int]) -> bool:
    """Whether judgements of 0 … 3 are enough, and good enough, to tell rankings apart."""
    return len(grades) >= FEWEST_JUDGED and max(grades) >= _STRONG


def _highest(judgements: Judgements) -> int:
    return max(max(grades.values()) for grades in judgements.values())


def _means(
    measures: Mapping[str, ir_measures.Measure], judgements: Judgements, rankings: Rankings
) -> Report:
    if not judgements:
        return dict.fromkeys(measures)
    # The tool orders equal scores in its own way, so it gets places, which are never equal.
    run = {q: {d: -float(place) for place, (d, _) in enumerate(rankings[q])} for q in judgements}
    found = ir_measures.calc_aggregate(list(measures.values()), judgements, run)
    return {name: round(float(found[measure]), 4) for name, measure in measures.items()}


def _spearman(judgements: Judgements, rankings: Rankings) -> float | None:
    correlations = []
    for query, grades in judgements.items():
        pairs = [(grades[d], score) for d, score in rankings[query] if d in grades]
        if len({g for g, _ in pairs}) > 1 and len({s for _, s in pairs}) > 1:
            correlations.append(spearmanr(*zip(*pairs, strict=True)).statistic)
    return round(float(np.mean(correlations)), 4) if correlations else None


def grading_figures(graded: Graded) -> Report:
    """How far grades are off: both figures None if nothing was graded.

    ``score`` is 1 / (1 + MAE) of the displayed grade on the scale of 1 … 4, the figure of the CCF
    BDCI 2019 competition. ``ece`` is the expected calibration error of the probability of a grade
    of at least 3, in ten bins of equal width (Naeini et al. 2015).
    """
    if not graded:
        return {"score": None, "ece": None}
    grades = np.array([grade for grade, _ in graded])
    probabilities = np.vstack([predicted for _, predicted in graded])
    error = np.abs(displayed(probabilities) - grades).mean()
    return {
        "score": round(float(1.0 / (1.0 + error)), 4),
        "ece": round(_calibration_error(strong(probabilities), grades >= STRONG), 4),
    }


def _calibration_error(predicted: NDArray[np.float64], happened: NDArray[np.bool_]) -> float:
    bins = np.minimum((predicted * _BINS).astype(int), _BINS - 1)
    count = np.bincount(bins, minlength=_BINS)
    gaps = np.bincount(bins, predicted - happened, minlength=_BINS)
    return float(np.abs(gaps[count > 0]).sum() / len(predicted))
