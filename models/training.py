"""Fits a grader: monotone additive logistic models by penalised maximum likelihood."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from matcher.ranking.features import Features
from matcher.ranking.grader import GRADES, NAMES, Floats, Steps
from models.examples import DemandLabels

_SEGMENTS: Final = 3
"""Pieces of each function, of equally many examples."""
_PENALTY: Final = 5.0
"""Ridge penalty on the rise of every piece; measured, docs/decisions/0006."""
_KNOWN_SHARES: Final = (0.5, 0.65, 0.8)
_DRAWS: Final = 6
_Heights = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]
PRIORS: Final[dict[str, tuple[tuple[float, ...], _Heights]]] = {
    "quantity_agreement": ((-1.0, 0.0, 1.0), ((-0.3, 0.0, 1.0),) * 3),
    "same_field": ((0.0, 1.0), ((-1.0, 0.1),) * 3),
    "same_industry": ((0.0, 1.0), ((-0.1, 0.1),) * 3),
    "described": ((0.0, 1.0), ((0.0, -0.9), (0.0, 0.7), (0.0, 1.4))),
}
"""Knots, and log odds for the three steps, of features that the labels say nothing of.

Rounded from what the judgements of the demo data say beside the learned features; the same
industry is not judged there and counts for little.
"""


def train_fresh(demands: Sequence[DemandLabels]) -> Steps:
    """Learn from every label as if nothing had been said about any demand."""
    features = np.concatenate([labels.features() for labels in demands])
    return _steps(features, np.concatenate([labels.grades for labels in demands]))


def train_decided(demands: Sequence[DemandLabels], seed: int = 0) -> Steps:
    """Learn as if brokers had decided on a random part of each demand's achievements.

    In several draws, from the other part only. All examples of a demand in one draw share what is
    known, so its own label never shows through in its features.
    """
    rng = np.random.default_rng(seed)
    features, grades = [], []
    for draw in range(_DRAWS):
        for labels in demands:
            known = rng.random(len(labels.grades)) < _KNOWN_SHARES[draw % len(_KNOWN_SHARES)]
            if known.any() and not known.all():
                features.append(labels.features(known)[~known])
                grades.append(labels.grades[~known])
    return _steps(np.concatenate(features), np.concatenate(grades))


def _steps(features: Features, grades: NDArray[np.int64]) -> Steps:
    knots = tuple(_knots(name, features[:, j]) for j, name in enumerate(NAMES))
    design = _design(features, knots)
    fits = [_fit(design, grades >= grade) for grade in GRADES[1:]]
    steps = (_centred(features, knots, fitted, step) for step, fitted in enumerate(fits))
    heights, intercepts = zip(*steps, strict=True)
    return Steps(knots, heights, np.array(intercepts))


def _knots(name: str, column: Floats) -> Floats:
    """Quantiles of what is known; a feature that says nothing gets its prior, or no slope."""
    known = column[np.isfinite(column)]
    if len(np.unique(known)) >= 2:
        return np.unique(np.quantile(known, np.linspace(0, 1, _SEGMENTS + 1)))
    return np.array(PRIORS[name][0] if name in PRIORS else (0.0, 1.0))


def _design(features: Features, knots: Sequence[Floats]) -> Floats:
    """How far each value has climbed each piece, in [0, 1]; what is unknown counts as usual.

    What is the same for all says nothing: 0.
    """
    columns = []
    for j, low, high in _pieces(knots):
        climbed = np.clip((features[:, j] - low) / (high - low), 0.0, 1.0)
        known = climbed[np.isfinite(climbed)]
        filled = np.nan_to_num(climbed, nan=known.mean() if len(known) else 0.0)
        columns.append(filled if np.ptp(filled) else np.zeros(len(features)))
    return np.column_stack(columns)


def _pieces(knots: Sequence[Floats]) -> Iterator[tuple[int, float, float]]:
    for j, places in enumerate(knots):
        for low, high in pairwise(places):
            yield j, float(low), float(high)


def _fit(design: Floats, reached: NDArray[np.bool_]) -> Floats:
    """The rises, each ≥ 0, of the pieces, and the intercept."""

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slopes, intercept = parameters[:-1], parameters[-1]
        logits = design @ slopes + intercept
        likelihood = log_expit(np.where(reached, logits, -logits)).sum()
        residual = expit(logits) - reached
        gradient = np.append(design.T @ residual + 2 * _PENALTY * slopes, residual.sum())
        return float(_PENALTY * slopes @ slopes - likelihood), gradient

    width = design.shape[1]
    bounds = [*[(0.0, None)] * width, (None, None)]
    fitted = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    parameters: Floats = fitted.x
    return parameters


def _centred(
    features: Features, knots: Sequence[Floats], fitted: Floats, step: int
) -> tuple[tuple[Floats, ...], float]:
    """One step's functions, moved so that contributions tell a candidate from the usual one."""
    functions, intercept = [], float(fitted[-1])
    at = 0
    for j, (name, places) in enumerate(zip(NAMES, knots, strict=True)):
        rises = fitted[at : at + len(places) - 1]
        at += len(places) - 1
        known = features[:, j][np.isfinite(features[:, j])]
        if not rises.any():
            prior = name in PRIORS and len(np.unique(known)) < 2
            functions.append(np.array(PRIORS[name][1][step]) if prior else np.zeros(len(places)))
            continue
        function = np.concatenate([[0.0], np.cumsum(rises)])
        middle = float(np.interp(known, places, function).mean())
        functions.append(function - middle)
        intercept += middle
    return tuple(functions), intercept
