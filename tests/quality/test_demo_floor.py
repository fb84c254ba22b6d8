"""Floors under the quality on the demo data, so that a change for the worse is seen."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from matcher import Demand, Matchmaker, Pairing

# Measured on 2026-11-22 with the default representation, fitted on all 168 achievements and
# 64 demands: nDCG@10 0.7912 over 64 demands; first answer of grade 3 for 49 of 56 demands (0.875).
LEAST_NDCG = 0.78
LEAST_FIRST_ANSWERS = 0.85

Judgements = Mapping[str, Mapping[str, int]]


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    path = Path(__file__).parents[2] / "demo" / "judgements.tsv"
    graded: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        demand, achievement, grade = line.split("\t")
        graded.setdefault(demand, {})[achievement] = int(grade)
    return graded


@pytest.fixture(scope="module")
def pairings(
    demo_matchmaker: Matchmaker, demo_demands: list[Demand]
) -> dict[str, tuple[Pairing, ...]]:
    return {demand.id: demo_matchmaker.match(demand, 10).pairings for demand in demo_demands}


@pytest.fixture(scope="module")
def answers(pairings: Mapping[str, Sequence[Pairing]]) -> dict[str, list[str]]:
    return {demand: [p.achievement.id for p in found] for demand, found in pairings.items()}


def gain(grades: Sequence[int]) -> float:
    """Discounted cumulative gain, 2^grade - 1 for each place."""
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """What was not judged counts as grade 0."""
    ideal = sorted(grades.values(), reverse=True)[:10]
    return gain([grades.get(id_, 0) for id_ in found]) / gain(ideal)


def test_ndcg_over_the_full_library_keeps_its_level(
    answers: Mapping[str, Sequence[str]], judgements: Judgements
) -> None:
    values = [ndcg(answers[d], g) for d, g in judgements.items() if any(g.values())]
    assert len(values) > 50
    assert sum(values) / len(values) >= LEAST_NDCG


def test_the_first_answer_is_of_the_highest_grade_as_often_as_before(
    answers: Mapping[str, Sequence[str]], judgements: Judgements
) -> None:
    hits = [g.get(answers[d][0], 0) == 3 for d, g in judgements.items() if 3 in g.values()]
    assert len(hits) > 50
    assert sum(hits) / len(hits) >= LEAST_FIRST_ANSWERS


def test_every_demo_demand_gets_ten_explained_answers(
    pairings: Mapping[str, Sequence[Pairing]],
) -> None:
    assert {len(found) for found in pairings.values()} == {10}
    reasons = [pairing.reason for found in pairings.values() for pairing in found]
    assert all(reason.terms and reason.sentence for reason in reasons)
