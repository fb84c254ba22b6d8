"""Cross-validates a grader in the two ways it is used, and decides whether it may be promoted.

*Unseen*: folds over demands; nothing of a test demand is known. *Known*: folds over pairs; a test
pair's demand was decided on in the other folds, and its test pairs are ranked among themselves, as
brokers meet them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.metrics import Graded, Report, grading_figures, measure
from matcher.ranking.grader import STRONG, Floats, Grader, Steps, expected, strong
from matcher.ranking.ordering import value
from models.examples import DemandLabels
from models.training import train_decided, train_fresh

FOLDS: Final = 5
_NO_THRESHOLD: Final = 0.0
_RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True)
class Tested:
    """Out-of-fold answers for labelled pairs of one demand in one fold."""

    labels: DemandLabels
    rows: NDArray[np.int64]
    probabilities: Floats

    @property
    def graded(self) -> Graded:
        """(grade, probabilities) of each pair."""
        return list(zip(self.labels.grades[self.rows].tolist(), self.probabilities, strict=True))


def unseen(demands: Sequence[DemandLabels], seed: int = 0) -> list[list[Tested]]:
    """The answers of each fold, for demands of which nothing was known in training."""
    fold_of = np.random.default_rng(seed).permutation(len(demands)) % FOLDS
    folds = []
    for fold in range(FOLDS):
        rest = [labels for labels, f in zip(demands, fold_of, strict=True) if f != fold]
        held_out = [labels for labels, f in zip(demands, fold_of, strict=True) if f == fold]
        steps = train_fresh(rest)
        folds.append([_tested(labels, steps) for labels in held_out])
    return folds


def known(demands: Sequence[DemandLabels], seed: int = 0) -> list[list[Tested]]:
    """The answers of each fold, for pairs whose demands were decided on in the other folds."""
    rng = np.random.default_rng(seed)
    fold_of = [rng.permutation(len(labels.grades)) % FOLDS for labels in demands]
    folds = []
    for fold in range(FOLDS):
        rest = [_part(d, f != fold) for d, f in zip(demands, fold_of, strict=True)]
        steps = train_decided([labels for labels in rest if len(labels.grades)])
        folds.append(
            [
                _tested(labels, steps, f != fold)
                for labels, f in zip(demands, fold_of, strict=True)
                if (f == fold).any() and (f != fold).any()
            ]
        )
    return folds


def _tested(labels: DemandLabels, steps: Steps, decided: NDArray[np.bool_] | None = None) -> Tested:
    """The answers for all pairs of a demand on which nobody decided."""
    kept = np.ones(len(labels.grades), np.bool_) if decided is None else ~decided
    grader = Grader(steps, steps, _NO_THRESHOLD)
    return Tested(
        labels, np.flatnonzero(kept), grader.probabilities(labels.features(decided)[kept])
    )


def _part(labels: DemandLabels, kept: NDArray[np.bool_]) -> DemandLabels:
    rows = np.flatnonzero(kept)
    return DemandLabels(
        pairs=tuple(labels.pairs[i] for i in rows),
        content=labels.content[rows],
        likeness=labels.likeness[np.ix_(rows, rows)],
        grades=labels.grades[rows],
        scores=labels.scores[rows],
    )


def figures(folds: Sequence[Sequence[Tested]], apart: bool) -> Report:
    """What the folds show together; with ``apart``, a demand is ranked in each fold by itself."""
    blocks = list(folds) if apart else [[t for fold in folds for t in fold]]
    graded = [pair for fold in folds for tested in fold for pair in tested.graded]
    return {
        **_ranked(blocks, by_grade=True),
        "ndcg@10 ungraded": _ranked(blocks, by_grade=False)["ndcg@10"],
        **grading_figures(graded),
    }


def _ranked(blocks: Sequence[Sequence[Tested]], by_grade: bool) -> Report:
    judgements: dict[str, dict[str, int]] = defaultdict(dict)
    scores: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for number, block in enumerate(blocks):
        for tested in block:
            order = tested.labels.scores[tested.rows]
            if by_grade:
                order = value(expected(tested.probabilities), order)
            for row, score in zip(tested.rows, order.tolist(), strict=True):
                query, document = tested.labels.pairs[row]
                judgements[f"{query}/{number}"][document] = int(tested.labels.grades[row]) - 1
                scores[f"{query}/{number}"].append((document, score))
    rankings = {q: sorted(found, key=lambda one: (-one[1], one[0])) for q, found in scores.items()}
    report = measure(judgements, rankings, judged=True)
    return {name: report[name] for name in ("ndcg@10", "p@5", "spearman")}


def gain_interval(
    rounds: Sequence[Sequence[Sequence[Tested]]], seed: int = 0
) -> tuple[float, float, float]:
    """Mean gain in nDCG@10 over the unsupervised ranking, with its 95 % bootstrap interval.

    Over demands: what several rounds of folds say of one demand is averaged first.
    """
    by_demand: dict[tuple[str, str], list[float]] = defaultdict(list)
    for folds in rounds:
        for tested in (one for fold in folds for one in fold):
            gain = _gain(tested)
            if gain is not None:
                by_demand[tested.labels.pairs[0]].append(gain)
    gains = np.array([np.mean(values) for values in by_demand.values()])
    draws = np.random.default_rng(seed).choice(gains, (_RESAMPLES, len(gains))).mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(gains.mean()), float(low), float(high)


def _gain(tested: Tested) -> float | None:
    with_grades, without = (_ranked([[tested]], by_grade)["ndcg@10"] for by_grade in (True, False))
    return None if with_grades is None or without is None else with_grades - without


def threshold(folds: Sequence[Sequence[Tested]]) -> float:
    """The best candidate's probability of grade ≥ 3 that best tells demands with a good one.

    By Youden's index over the unseen demands: the share of demands with a label ≥ 3 that reach it,
    less the share of those without that do.
    """
    tested = [one for fold in folds for one in fold]
    best = np.array([strong(one.probabilities).max() for one in tested])
    has_good = np.array([one.labels.grades[one.rows].max() >= STRONG for one in tested])
    if has_good.all() or not has_good.any():
        return _NO_THRESHOLD
    places = np.unique(best)
    index = [(best[has_good] >= p).mean() - (best[~has_good] >= p).mean() for p in places]
    return float(places[int(np.argmax(index))])
