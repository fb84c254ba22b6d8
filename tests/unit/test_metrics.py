"""The figures of a run, against the same figures worked out by hand."""

from collections.abc import Sequence
from math import log2, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher import TfidfRepresentation
from matcher.evaluation.collection import Collection
from matcher.evaluation.metrics import grading_figures, measure
from matcher.evaluation.run import evaluate
from matcher.ranking.grader import Grader
from tests.unit.graders import grader

# Places 1 to 5 hold the grades 0, 3, 1, 2, 0.
GRADES = {"b": 0, "a": 3, "c": 1, "d": 2, "e": 0}
RANKING = [("b", 0.9), ("a", 0.8), ("c", 0.7), ("d", 0.6), ("e", 0.5)]
NDCG = (7 / log2(3) + 1 / log2(4) + 3 / log2(5)) / (7 + 3 / log2(3) + 1 / log2(4))
# Ranks of the grades (from the lowest) 1.5, 5, 3, 4, 1.5; of the scores 5, 4, 3, 2, 1.
SPEARMAN = (-1.5 * 2 + 2 * 1 + 0 + 1 * -1 + -1.5 * -2) / sqrt(9.5 * 10)


def ranked(*documents: str) -> list[tuple[str, float]]:
    return [(document, 1.0 - place / 1000) for place, document in enumerate(documents)]


@pytest.mark.parametrize("judged", [False, True])
def test_one_query_gives_the_figures_worked_out_by_hand(judged: bool) -> None:
    report = measure({"q": GRADES}, {"q": RANKING}, judged)
    assert report == {
        "queries": 1,
        "queries_graded": 1,
        "ndcg@10": round(NDCG, 4),
        "p@5": 0.4,
        "mrr@10": 0.5,
        "recall@1": 0.0,
        "recall@10": 1.0,
        "recall@100": 1.0,
        "spearman": round(SPEARMAN, 4),
    }


def test_figures_are_means_over_the_queries() -> None:
    perfect = ranked("a", "d", "c", "b", "e")
    report = measure({"p": GRADES, "q": GRADES}, {"p": perfect, "q": RANKING}, False)
    assert report["ndcg@10"] == round((1 + NDCG) / 2, 4)
    assert report["mrr@10"] == 0.75
    assert report["recall@1"] == round(1 / 3 / 2, 4)


def test_what_nobody_judged_takes_a_place_and_earns_nothing() -> None:
    report = measure({"q": {"a": 1, "b": 1}}, {"q": ranked("x", "a", "y", "b")}, False)
    ideal = 1 + 1 / log2(3)
    assert report["ndcg@10"] == round((1 / log2(3) + 1 / log2(5)) / ideal, 4)
    assert report["mrr@10"] == 0.5
    assert report["p@5"] == 0.0  # grade 1 is not worth a call


def test_only_the_first_ten_five_and_one_count() -> None:
    others = [f"x{n}" for n in range(10)]
    report = measure({"q": {"a": 3}}, {"q": ranked(*others, "a")}, False)
    assert (report["ndcg@10"], report["mrr@10"], report["recall@10"]) == (0.0, 0.0, 0.0)
    assert report["recall@100"] == 1.0
    report = measure({"q": {"a": 3}}, {"q": ranked(*others[:5], "a")}, False)
    assert report["p@5"] == 0.0
    assert report["mrr@10"] == round(1 / 6, 4)


def test_a_query_for_which_nothing_was_found_counts_as_zero() -> None:
    report = measure({"q": GRADES, "r": GRADES}, {"q": RANKING, "r": []}, False)
    assert report["ndcg@10"] == round(NDCG / 2, 4)
    assert report["mrr@10"] == 0.25
    assert report["spearman"] == round(SPEARMAN, 4)


@pytest.mark.parametrize(
    ("grades", "telling"),
    [
        ([0, 0, 0, 0, 2], True),
        ([3, 3, 3, 3, 3, 3], True),
        ([0, 0, 0, 3], False),  # four judged documents
        ([1, 1, 1, 1, 1, 1], False),  # none worth a call
    ],
)
def test_with_judged_queries_that_tell_little_are_left_out_of_the_graded_figures(
    grades: Sequence[int], telling: bool
) -> None:
    judgements = {"q": GRADES, "r": {f"r{n}": grade for n, grade in enumerate(grades)}}
    best_last = {"q": RANKING, "r": ranked(*judgements["r"])}
    report = measure(judgements, best_last, True)
    assert report["queries"] == 2
    assert report["queries_graded"] == 1 + telling
    assert (report["ndcg@10"] == round(NDCG, 4)) is not telling
    whole = measure(judgements, best_last, False)
    assert whole["queries_graded"] == 2
    for name in ("mrr@10", "recall@1", "recall@10", "spearman"):  # all queries count in both
        assert report[name] == whole[name]


def test_figures_for_which_no_query_counts_are_absent_rather_than_zero() -> None:
    report = measure({"q": {"a": 1}}, {"q": ranked("a")}, True)
    assert report["queries_graded"] == 0
    assert report["ndcg@10"] is report["p@5"] is report["spearman"] is None
    assert report["mrr@10"] == 1.0


@pytest.mark.parametrize(("order", "mrr"), [("za", 1.0), ("az", 0.5)])
def test_equal_scores_keep_the_order_of_the_ranking(order: str, mrr: float) -> None:
    ranking = [(document, 0.5) for document in order]
    report = measure({"q": {"z": 3, "a": 0}}, {"q": ranking}, False)
    assert report["mrr@10"] == mrr


def test_correlation_leaves_out_queries_in_which_nothing_varies() -> None:
    judgements = {"q": GRADES, "same grades": {"a": 1, "b": 1}, "same scores": {"a": 1, "b": 0}}
    rankings = {
        "q": RANKING,
        "same grades": ranked("a", "b"),
        "same scores": [("a", 0.5), ("b", 0.5)],
    }
    assert measure(judgements, rankings, False)["spearman"] == round(SPEARMAN, 4)


def test_correlation_looks_at_judged_documents_only() -> None:
    ranking = ranked("x", "a", "y", "b")
    assert measure({"q": {"a": 2, "b": 1}}, {"q": ranking}, False)["spearman"] == 1.0
    assert measure({"q": {"a": 1, "b": 2}}, {"q": ranking}, False)["spearman"] == -1.0


@pytest.fixture(scope="module")
def collection() -> Collection:
    """Texts that share no character with one another, but each query with one document."""
    return Collection(
        documents={
            "d1": {"title": "膜曝气", "text": ""},
            "d2": {"title": "锂电池", "text": ""},
            "d3": {"title": "光伏", "text": ""},
        },
        queries={"q1": {"title": "膜曝气", "text": ""}, "q2": {"title": "光伏", "text": ""}},
        judgements={"q1": {"d1": 2}, "q2": {"d2": 1}},
    )


def test_the_whole_collection_is_ranked(collection: Collection) -> None:
    report = evaluate(collection, judged=False)
    # q1 finds d1 first; q2 finds d3, which nobody judged, and d2 shares nothing with it.
    assert (report["queries"], report["queries_graded"]) == (2, 2)
    assert (report["ndcg@10"], report["p@5"], report["mrr@10"]) == (0.5, 0.1, 0.5)
    assert report["recall@1"] == report["recall@100"] == 0.5
    assert report["spearman"] is None


def test_with_judged_only_judged_documents_are_ranked_and_all_of_them(
    collection: Collection,
) -> None:
    report = evaluate(collection, judged=True)
    assert report["mrr@10"] == report["recall@1"] == 1.0  # d2 has no rival left
    assert report["ndcg@10"] is None


def test_progress_is_told_and_a_given_representation_is_used(collection: Collection) -> None:
    told: list[tuple[str, int]] = []

    def track(items: object, label: str, total: int) -> list[str]:
        listed = list(items)  # type: ignore[call-overload]
        told.append((label, total))
        return listed

    asked: list[str] = []

    class Watched(TfidfRepresentation):  # type: ignore[misc]
        def columns(self, terms: Sequence[str]) -> object:
            asked.extend(terms)
            return super().columns(terms)

    watched = Watched(hashed_bits=8).fit([])
    evaluate(collection, False, representation=watched, track=track)
    assert told == [("评测", 2)]
    assert asked


# Grades

Predicted = list[tuple[int, NDArray[np.float64]]]


def certain(*pairs: int) -> Predicted:
    """14 stands for a grade of 1 that was predicted to be 4, with certainty."""
    return [(pair // 10, np.eye(4)[pair % 10 - 1]) for pair in pairs]


def uncertain(*grades: int) -> Predicted:
    """The median is 2, the probability of at least 3 is 0.45."""
    return [(grade, np.array([0.25, 0.3, 0.2, 0.25])) for grade in grades]


@pytest.mark.parametrize(
    ("graded", "score", "ece"),
    [
        (certain(11, 22, 33, 44), 1.0, 0.0),
        (certain(14, 41), 1 / 4, 1.0),
        (certain(12, 32), 1 / 2, 1 / 2),  # of what cannot be at least 3 half was
        (certain(34, 44, 24, 14), 1 / 2.5, 1 / 2),
        (uncertain(1, 2, 2, 3), 1 / 1.5, 0.2),
        (uncertain(1, 2, 2, 3) + certain(44, 44, 44, 14), 1 / (1 + 5 / 8), (0.8 + 1) / 8),
    ],
)
def test_grades_are_measured_as_by_hand(graded: Predicted, score: float, ece: float) -> None:
    assert grading_figures(graded) == {"score": round(score, 4), "ece": round(ece, 4)}


def test_where_nothing_was_graded_the_figures_of_grading_are_absent() -> None:
    assert grading_figures([]) == {"score": None, "ece": None}


def test_with_a_grader_its_figures_are_added_over_the_judged_documents_that_were_ranked(
    collection: Collection,
) -> None:
    plain, graded = evaluate(collection, True), evaluate(collection, True, certainly(3))
    assert graded.keys() - plain.keys() == {"score", "ece"}
    # The labels 2 and 1 are the grades 3 and 2; 3 was predicted for both.
    assert (graded["score"], graded["ece"]) == (round(1 / 1.5, 4), 0.5)
    library = evaluate(collection, False, certainly(3))
    assert (library["score"], library["ece"]) == (1.0, 0.0)  # d2 is not found for q2
    assert library["ndcg@10"] == evaluate(collection, False)["ndcg@10"]


def certainly(grade: int) -> Grader:
    return grader(intercepts=[99.0 if step <= grade else -99.0 for step in (2, 3, 4)])
