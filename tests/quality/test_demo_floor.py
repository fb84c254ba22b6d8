"""Floors under the quality on the demo data, so that a change for the worse is seen."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from matcher import Demand, Matchmaker, MatchResult
from models.default import default_grader

# Measured on 2026-11-22, fitted on all 168 achievements and 64 demands: nDCG@10 over 64 demands
# 0.8240 without a grader and 0.9014 with the one that ships, over the judged ones alone 0.9525 and
# 0.9438; first answer of grade 3 for 52 of 56 demands (0.9286) with either.
LEAST_NDCG = {"ungraded": 0.81, "graded": 0.89}
LEAST_JUDGED_NDCG = 0.94
LEAST_FIRST_ANSWERS = 0.91
LEAST_TOLD, MOST_FALSE_ALARMS = 6, 9  # measured: 7 of 8, and 7 of 56

Judgements = Mapping[str, Mapping[str, int]]
Results = Mapping[str, MatchResult]


@pytest.fixture(scope="module", params=["ungraded", "graded"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    path = Path(__file__).parents[2] / "demo" / "judgements.tsv"
    graded: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        demand, achievement, grade = line.split("\t")
        graded.setdefault(demand, {})[achievement] = int(grade)
    return graded


@pytest.fixture(scope="module")
def matchmaker(demo_matchmaker: Matchmaker, kind: str) -> Matchmaker:
    return Matchmaker(
        demo_matchmaker.representation,
        demo_matchmaker.achievements,
        demo_matchmaker.demands,
        default_grader() if kind == "graded" else None,
    )


@pytest.fixture(scope="module")
def results(matchmaker: Matchmaker, demo_demands: list[Demand]) -> Results:
    return {demand.id: matchmaker.match(demand, 10) for demand in demo_demands}


@pytest.fixture(scope="module")
def answers(results: Results) -> dict[str, list[str]]:
    return {
        demand: [pairing.achievement.id for pairing in result.pairings]
        for demand, result in results.items()
    }


def gain(grades: Sequence[int]) -> float:
    """Discounted cumulative gain, 2^grade - 1 for each place."""
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """What was not judged counts as grade 0."""
    ideal = sorted(grades.values(), reverse=True)[:10]
    return gain([grades.get(id_, 0) for id_ in found[:10]]) / gain(ideal)


def test_ndcg_over_the_full_library_keeps_its_level(
    answers: Mapping[str, Sequence[str]], judgements: Judgements, kind: str
) -> None:
    values = [ndcg(answers[d], g) for d, g in judgements.items() if any(g.values())]
    assert len(values) > 50
    assert sum(values) / len(values) >= LEAST_NDCG[kind]


def test_ndcg_over_the_judged_achievements_keeps_its_level(
    matchmaker: Matchmaker, demo_demands: Sequence[Demand], judgements: Judgements
) -> None:
    values = []
    for demand in demo_demands:
        grades = judgements[demand.id]
        found = [pairing.achievement.id for pairing in matchmaker.match(demand, 100).pairings]
        ranked = [id_ for id_ in found if id_ in grades]
        if any(grades.values()):
            values.append(ndcg(ranked + sorted(grades.keys() - set(ranked)), grades))
    assert sum(values) / len(values) >= LEAST_JUDGED_NDCG


def test_the_first_answer_is_of_the_highest_grade_as_often_as_before(
    answers: Mapping[str, Sequence[str]], judgements: Judgements
) -> None:
    hits = [g.get(answers[d][0], 0) == 3 for d, g in judgements.items() if 3 in g.values()]
    assert len(hits) > 50
    assert sum(hits) / len(hits) >= LEAST_FIRST_ANSWERS


def test_every_demo_demand_gets_ten_explained_answers(results: Results) -> None:
    assert {len(result.pairings) for result in results.values()} == {10}
    reasons = [pairing.reason for result in results.values() for pairing in result.pairings]
    assert all(reason.terms and reason.sentence for reason in reasons)


def test_weak_answers_are_told_from_good_ones(
    results: Results, judgements: Judgements, kind: str
) -> None:
    """Eight demands have no achievement that is worth a call, fifty-six have one."""
    weak = {demand for demand, result in results.items() if result.weak}
    hopeless = {demand for demand, grades in judgements.items() if max(grades.values()) < 2}
    assert len(hopeless) == 8
    if kind == "ungraded":
        assert weak == set()
    else:
        assert len(weak & hopeless) >= LEAST_TOLD
        assert len(weak - hopeless) <= MOST_FALSE_ALARMS
