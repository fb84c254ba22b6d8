"""Grades of all pairs of two chosen sets are those of weighing them one by one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from matcher import Achievement, Demand, Matchmaker
from matcher.checks import MAX_TEXT
from matcher.pairing import between
from matcher.pairing.batch import grades_between, nearest_graded
from matcher.ranking.side import side
from models.default import default_grader


@pytest.fixture(scope="module")
def graded(demo_matchmaker: Matchmaker) -> Matchmaker:
    one = demo_matchmaker
    return Matchmaker(one.representation, one.achievements, one.demands, default_grader())


def test_grades_are_those_of_weighing_but_for_indicators(
    graded: Matchmaker, demo_demands: Sequence[Demand], demo_achievements: Sequence[Achievement]
) -> None:
    ids = [offer.id for offer in demo_achievements[::9]]
    demands = demo_demands[::6]
    decisions = {demands[0].id: {demo_achievements[1].id: 4, ids[0]: 1}}
    found = grades_between(graded, demands, ids, decisions)
    assert found.shape == (len(demands), len(ids))
    compared = 0
    for demand, row in zip(demands, found, strict=True):
        weighed = graded.weigh(demand, ids, decisions.get(demand.id, {}))
        for pairing in weighed:
            if all(claim.verdict == "unknown" for claim in pairing.reason.claims):
                assert pairing.grading is not None
                assert row[ids.index(pairing.achievement.id)] == pairing.grading.expected
                compared += 1
    assert compared > len(demands) * len(ids) // 2


def test_whoever_is_not_there_has_no_grade(
    graded: Matchmaker, demo_demands: Sequence[Demand], demo_achievements: Sequence[Achievement]
) -> None:
    long = replace(demo_demands[0], problem="长" * (MAX_TEXT + 1))
    known = demo_achievements[0].id
    found = grades_between(graded, [demo_demands[0], long], [known, "gone", known])
    assert np.isnan(found).tolist() == [[False, True, False], [True, True, True]]
    assert found[0, 0] == found[0, 2]


def test_without_a_grader_nothing_has_a_grade(
    demo_matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    [offer] = demo_matchmaker.match(demo_demands[0], 1).pairings
    found = grades_between(demo_matchmaker, demo_demands[:2], [offer.achievement.id])
    assert np.isnan(found).all()


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (2, 0), (0, 0)])
def test_empty_sets_have_an_empty_table(
    graded: Matchmaker, demo_demands: Sequence[Demand], rows: int, columns: int
) -> None:
    assert grades_between(graded, demo_demands[:rows], ["x"] * columns).shape == (rows, columns)


def test_the_nearest_have_the_grades_of_a_table_of_just_these(
    graded: Matchmaker,
    demo_demands: Sequence[Demand],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(between, "CANDIDATES", 30)  # fewer than there are
    demands = demo_demands[::5]
    row = side(graded.representation, demands[0].texts()).row
    ids = graded.achievements.index.top_k(row, 28).ids
    near, far = ids[:20], ids[20:]
    decisions = {demands[0].id: {near[0]: 1, "gone": 3} | dict.fromkeys(far, 4)}
    found = nearest_graded(graded, demands, 20, decisions)
    for demand, grades in zip(demands, found, strict=True):
        query = side(graded.representation, demand.texts()).row
        ids = graded.achievements.index.top_k(query, 20).ids
        assert tuple(grades) == ids
        [row] = grades_between(graded, [demand], ids, decisions)
        assert list(grades.values()) == row.tolist()
    assert found[0] != nearest_graded(graded, demands[:1], 20)[0]


def test_nothing_is_near_without_a_grader_or_to_a_text_too_long(
    graded: Matchmaker, demo_matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    long = replace(demo_demands[0], problem="长" * (MAX_TEXT + 1))
    assert nearest_graded(graded, [long], 20) == [{}]
    assert nearest_graded(demo_matchmaker, demo_demands[:2], 20) == [{}, {}]
    assert nearest_graded(graded, [], 20) == []
