"""Learns a grader from a labelled collection, tests it, and says whether it may be promoted."""

from dataclasses import dataclass
from typing import Final

from matcher.evaluation.collection import Collection
from matcher.evaluation.metrics import Report
from matcher.ranking.grader import Grader
from matcher.representation import TfidfRepresentation
from models import validation
from models.examples import examples
from models.training import train_decided, train_fresh

_REPEATS: Final = 3


@dataclass(frozen=True, slots=True)
class Trained:
    """A grader and what its cross-validation showed.

    ``unseen`` are the figures for demands of which nothing was known, mean over repetitions;
    ``known`` those for demands decided on, each fold's pairs ranked among themselves; ``pooled``
    the same with all folds of a demand ranked together, for comparison with work that does so.
    ``gain`` is what grading adds to nDCG@10 on unseen demands, with its 95 % interval.
    """

    grader: Grader
    labels: int
    demands: int
    unseen: Report
    known: Report
    pooled: Report
    gain: tuple[float, float, float]

    @property
    def is_better(self) -> bool:
        """Whether it beats the unsupervised ranking on unseen demands: only then it is used."""
        return self.gain[0] > 0.0


def learn(collection: Collection, representation: TfidfRepresentation | None = None) -> Trained:
    """Cross-validate twice, then learn from everything. Raises TrainingDataError."""
    representation = representation or TfidfRepresentation().fit(collection.documents.values())
    demands = examples(collection, representation)
    rounds = [validation.unseen(demands, seed) for seed in range(_REPEATS)]
    known = validation.known(demands)
    tested = [fold for folds in rounds for fold in folds]
    return Trained(
        grader=Grader(train_fresh(demands), train_decided(demands), validation.threshold(tested)),
        labels=sum(len(labels.grades) for labels in demands),
        demands=len(demands),
        unseen=_mean([validation.figures(folds, apart=False) for folds in rounds]),
        known=validation.figures(known, apart=True),
        pooled=validation.figures(known, apart=False),
        gain=validation.gain_interval(rounds),
    )


def _mean(reports: list[Report]) -> Report:
    return {name: _mean_of([report[name] for report in reports]) for name in reports[0]}


def _mean_of(values: list[float | int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None
