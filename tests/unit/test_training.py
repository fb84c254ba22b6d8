"""Learning a grader from labels: what is learned, what is refused, and what is kept apart."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.services import grading
from api.services.grading import train_grader
from api.services.workspace import Workspace
from matcher import TfidfRepresentation
from matcher.errors import EvaluationDataError, TrainingDataError
from matcher.evaluation.collection import Collection
from matcher.ranking.decisions import DECISIONS
from matcher.ranking.features import CONTENT
from matcher.ranking.grader import NAMES
from models import validation
from models.examples import DemandLabels, examples
from models.grading import Trained, learn
from models.training import PRIORS, train_decided, train_fresh
from tests.unit.graders import assert_same, grader
from tests.unit.labelled import labelled, write_collection


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    return TfidfRepresentation().fit(labelled().documents.values())


@pytest.fixture(scope="module")
def demands(representation: TfidfRepresentation) -> list[DemandLabels]:
    return examples(labelled(), representation)


@pytest.fixture(scope="module")
def trained() -> Trained:
    return learn(labelled())


# What is learned


def test_a_grader_that_learned_from_labels_beats_the_ranking_without_it(trained: Trained) -> None:
    assert (trained.labels, trained.demands) == (300, 12)
    mean, low, high = trained.gain
    assert 0.0 < low < mean < high < 0.3
    assert trained.is_better
    for report in (trained.unseen, trained.known, trained.pooled):
        assert report["ndcg@10"] > report["ndcg@10 ungraded"]  # type: ignore[operator]
        assert 0.6 < report["score"] <= 1.0  # type: ignore[operator]
        assert 0.0 <= report["ece"] < 0.2  # type: ignore[operator]


def test_the_same_labels_teach_the_same_grader_to_the_last_digit(trained: Trained) -> None:
    again = learn(labelled())
    assert_same(again.grader, trained.grader)
    assert (again.unseen, again.known, again.pooled, again.gain) == (
        trained.unseen,
        trained.known,
        trained.pooled,
        trained.gain,
    )


@pytest.mark.parametrize("which", ["fresh", "decided"])
def test_what_is_learned_never_falls_and_tells_candidates_from_the_usual_one(
    trained: Trained, demands: Sequence[DemandLabels], which: str
) -> None:
    steps = getattr(trained.grader, which)
    assert steps.intercepts.shape == (3,)
    assert (np.diff(steps.intercepts) < 0).all()  # higher grades are rarer
    for heights in steps.heights:
        for name, function in zip(NAMES, heights, strict=True):
            assert (np.diff(function) >= 0.0).all(), name
    for knots in steps.knots:
        assert (np.diff(knots) > 0.0).all()
    if which == "fresh":
        features = np.concatenate([labels.features() for labels in demands])
        usual = steps.parts(features)[:, :, : len(CONTENT)].mean(axis=1)
        assert usual == pytest.approx(np.zeros_like(usual), abs=1e-6)


def test_what_the_labels_say_nothing_of_gets_its_prior(trained: Trained) -> None:
    for steps in (trained.grader.fresh, trained.grader.decided):
        for name in ("quantity_agreement", "same_field", "same_industry"):
            at, (knots, heights) = NAMES.index(name), PRIORS[name]
            assert steps.knots[at].tolist() == list(knots)
            assert [step[at].tolist() for step in steps.heights] == list(map(list, heights))
    for name in DECISIONS:  # for fresh demands they are all unknown
        at = NAMES.index(name)
        assert all(not step[at].any() for step in trained.grader.fresh.heights)


@pytest.mark.parametrize(
    "value",
    [
        0.0,
        float("nan"),
        1.0,
    ],
)
def test_what_is_the_same_for_all_labels_gets_its_prior_too(
    demands: Sequence[DemandLabels], value: float
) -> None:
    alike = [changed(labels, "described", value) for labels in demands]
    at, (knots, heights) = NAMES.index("described"), PRIORS["described"]
    for steps in (train_fresh(alike), train_decided(alike)):
        assert steps.knots[at].tolist() == list(knots)
        assert [step[at].tolist() for step in steps.heights] == list(map(list, heights))


def changed(labels: DemandLabels, feature: str, values: Any) -> DemandLabels:
    content = labels.content.copy()
    content[:, CONTENT.index(feature)] = values
    return replace(labels, content=content)


@pytest.mark.parametrize("value", [0.0, 0.3, float("nan")])
def test_a_feature_that_is_constant_or_unknown_does_no_harm(
    demands: Sequence[DemandLabels], value: float
) -> None:
    dull = [changed(labels, "coverage", value) for labels in demands]
    at = NAMES.index("coverage")
    for steps in (train_fresh(dull), train_decided(dull)):
        for step in steps.heights:
            assert step[at] == pytest.approx(np.zeros(2), abs=1e-3)
        assert np.isfinite(steps.intercepts).all()
        parts = steps.parts(dull[0].features())
        assert np.isfinite(parts).all()


def test_a_feature_that_is_unknown_here_and_there_is_learned_from_the_rest(
    demands: Sequence[DemandLabels],
) -> None:
    holes = [
        changed(
            labels,
            "score",
            np.where(np.arange(len(labels.grades)) % 3 == 0, np.nan, labels.content[:, 0]),
        )
        for labels in demands
    ]
    steps = train_fresh(holes)
    assert any(step[0].any() for step in steps.heights)
    assert all(np.isfinite(step[0]).all() for step in steps.heights)


# What is refused


def graded(collection: Collection, change: Any) -> Collection:
    """Every grade changed."""
    return replace(
        collection,
        judgements={
            query: {document: change(grade) for document, grade in grades.items()}
            for query, grades in collection.judgements.items()
        },
    )


@pytest.mark.parametrize(
    ("collection", "message"),
    [
        (labelled(9), "9 条需求，225 个标注"),
        (labelled(12, 16), "12 条需求，192 个标注"),
        (graded(labelled(), lambda _: 3), "过于单一.*300 个，共 300 个"),
        (graded(labelled(), lambda _: 0), "过于单一.*0 个，共 300 个"),
        (graded(labelled(), lambda grade: min(grade, 1)), "过于单一"),
        (graded(labelled(), lambda grade: grade + 1), "0（无相关）到 3（强相关）"),
        (graded(labelled(), lambda grade: grade - 1), "0（无相关）到 3（强相关）"),
    ],
)
def test_labels_that_nothing_can_be_learned_from_are_refused_with_a_sentence(
    collection: Collection, message: str
) -> None:
    with pytest.raises(TrainingDataError, match=message):
        learn(collection)


def one_text(collection: Collection) -> Collection:
    """All queries have the same text."""
    [first, *_] = collection.queries.values()
    return replace(collection, queries=dict.fromkeys(collection.queries, first))


def spread(collection: Collection, at_most: int) -> Collection:
    """The same labels, but each query keeps only a few, and there are more queries."""
    found = Collection(collection.documents, {}, {})
    for query, grades in collection.judgements.items():
        labels = sorted(grades.items())
        for start in range(0, len(labels), at_most):
            name = f"{query}-{start}"
            text = collection.queries[query]["text"]
            found.queries[name] = {"title": "", "text": f"{text}其{start}"}
            found.judgements[name] = dict(labels[start : start + at_most])
    return found


@pytest.mark.parametrize(
    "collection",
    [
        pytest.param(one_text(labelled()), id="all demands are one"),
        pytest.param(spread(labelled(), 4), id="no demand has five labels"),
        pytest.param(spread(labelled(), 1), id="every demand has one label"),
    ],
)
def test_labels_that_cannot_be_tested_on_are_refused_with_a_sentence(
    collection: Collection,
) -> None:
    with pytest.raises(TrainingDataError):
        learn(collection)


@pytest.mark.parametrize(
    ("line", "message"),
    [("q00\tnobody\t1", "文档 nobody"), ("nobody\td00-00\t1", "查询 nobody")],
)
def test_labels_of_something_unknown_are_refused(
    empty: Workspace, tmp_path: Path, line: str, message: str
) -> None:
    folder = write_collection(labelled(), tmp_path / "data")
    with (folder / "qrels" / "train.tsv").open("a") as file:
        file.write(f"\n{line}\n")
    with pytest.raises(EvaluationDataError, match=message):
        train_grader(empty, folder, "train")
    with pytest.raises(EvaluationDataError, match=r"dev\.tsv"):
        train_grader(empty, folder, "dev")


# What is kept apart


def test_labels_are_read_as_grades_of_1_to_4(demands: Sequence[DemandLabels]) -> None:
    collection = labelled()
    for labels in demands:
        told = [1 + collection.judgements[query][document] for query, document in labels.pairs]
        assert labels.grades.tolist() == told
        assert labels.likeness.shape == (25, 25)
        assert np.diag(labels.likeness) == pytest.approx(np.ones(25), abs=1e-5)
        assert labels.content.shape == (25, len(CONTENT))
        np.testing.assert_array_equal(labels.scores, labels.content[:, CONTENT.index("score")])
    assert sorted(pair for labels in demands for pair in labels.pairs) == sorted(
        (query, document) for query, grades in collection.judgements.items() for document in grades
    )


def test_queries_with_the_same_text_are_one_demand_and_never_in_two_folds(
    representation: TfidfRepresentation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.examples._FEWEST_DEMANDS", 5)
    collection = labelled()
    for even in range(0, 12, 4):
        collection.queries[f"q{even + 1:02}"] = dict(collection.queries[f"q{even:02}"])
    joined = examples(collection, representation)
    assert sorted(len(labels.grades) for labels in joined) == [25] * 6 + [50] * 3
    for seed in range(3):
        folds = validation.unseen(joined, seed)
        at = {
            query: number
            for number, fold in enumerate(folds)
            for tested in fold
            for query, _ in tested.labels.pairs
        }
        assert len(at) == 12
        assert all(at[f"q{even:02}"] == at[f"q{even + 1:02}"] for even in range(0, 12, 4))
        assert sum(len(tested.rows) for fold in folds for tested in fold) == 300


def answers(
    folds: Sequence[Sequence[validation.Tested]],
) -> dict[tuple[str, str], tuple[int, np.ndarray]]:
    return {
        tested.labels.pairs[row]: (number, probabilities)
        for number, fold in enumerate(folds)
        for tested in fold
        for row, probabilities in zip(tested.rows, tested.probabilities, strict=True)
    }


def relabelled(labels: DemandLabels, at: int) -> DemandLabels:
    """One label turned into its opposite."""
    grades = labels.grades.copy()
    grades[at] = 1 if grades[at] > 2 else 4
    return replace(labels, grades=grades)


@pytest.mark.parametrize("test", [validation.unseen, validation.known])
@pytest.mark.parametrize(("demand", "at"), [(0, 0), (3, 7), (11, 24)])
def test_a_label_that_is_held_out_has_no_part_in_its_own_prediction(
    demands: Sequence[DemandLabels], test: Any, demand: int, at: int
) -> None:
    before = answers(test(demands))
    other = list(demands)
    other[demand] = relabelled(demands[demand], at)
    after = answers(test(other))
    assert len(before) == 300
    fold, own = before[demands[demand].pairs[at]]
    np.testing.assert_array_equal(after[demands[demand].pairs[at]][1], own)
    # Nor in the others of its fold, but in those of every other fold.
    for pair, (number, probabilities) in before.items():
        assert np.array_equal(after[pair][1], probabilities) == (number == fold)


def test_every_pair_is_tested_once_in_a_fold_that_did_not_know_it(
    demands: Sequence[DemandLabels],
) -> None:
    for folds in (validation.unseen(demands), validation.known(demands)):
        pairs = [
            tested.labels.pairs[row] for fold in folds for tested in fold for row in tested.rows
        ]
        assert len(pairs) == len(set(pairs)) == 300
        assert [bool(fold) for fold in folds] == [True] * 5


def test_features_after_decisions_know_only_those(demands: Sequence[DemandLabels]) -> None:
    labels, known = demands[0], np.arange(25) < 5
    features = labels.features(known)
    other = replace(labels, grades=np.where(known, labels.grades, 5 - labels.grades))
    np.testing.assert_array_equal(other.features(known), features)
    turned = replace(labels, grades=np.where(known, 5 - labels.grades, labels.grades))
    assert not np.array_equal(turned.features(known), features)
    first = len(CONTENT)
    assert np.isnan(labels.features()[:, first:]).all()
    assert np.isnan(labels.features(np.zeros(25, np.bool_))[:, first:]).all()
    assert not np.isnan(features[:, first : first + len(DECISIONS)]).any()


# Thresholds and gains


def answered(query: str, grades: Sequence[int], best: float) -> validation.Tested:
    """A demand whose best candidate has this probability of grade ≥ 3; the others have none."""
    n = len(grades)
    labels = DemandLabels(
        pairs=tuple((query, f"{query}-{i}") for i in range(n)),
        content=np.zeros((n, len(CONTENT))),
        likeness=np.eye(n),
        grades=np.array(grades),
        scores=np.linspace(1.0, 0.5, n),
    )
    probabilities = np.tile([1.0, 0.0, 0.0, 0.0], (n, 1))
    probabilities[0] = [1.0 - best, 0.0, best, 0.0]
    return validation.Tested(labels, np.arange(n), probabilities)


@pytest.mark.parametrize(
    ("good", "bad", "threshold"),
    [
        ([0.6, 0.7], [0.1, 0.2], 0.6),
        ([0.3, 0.6, 0.7], [0.1, 0.4], 0.6),  # 2/3 - 0 beats 3/3 - 1/2
        ([0.3, 0.5, 0.6, 0.7], [0.1, 0.1, 0.1, 0.4], 0.3),  # 4/4 - 1/4 is as good, and the lowest
        ([0.6], [], 0.0),
        ([], [0.6], 0.0),
    ],
)
def test_the_threshold_best_tells_demands_with_a_good_candidate(
    good: list[float], bad: list[float], threshold: float
) -> None:
    with_one = [answered(f"g{i}", [4, 1, 1], best) for i, best in enumerate(good)]
    without = [answered(f"b{i}", [2, 1, 1], best) for i, best in enumerate(bad)]
    assert validation.threshold([with_one, without]) == pytest.approx(threshold)


def test_the_gain_is_the_mean_over_demands_of_the_mean_over_rounds() -> None:
    """What grading puts first is of grade 1: that costs; where it changes nothing, it costs 0."""
    same = answered("same", [4, 1, 1, 1, 1], 0.9)
    costly = answered("costly", [1, 4, 1, 1, 1], 0.9)
    costly = replace(costly, labels=replace(costly.labels, scores=np.array([0.5, 1, 0.1, 0, 0])))
    untold = answered("untold", [2, 1, 1], 0.9)  # too few labels, none of them good
    loss = 1.0 / np.log2(3) - 1.0
    mean, low, high = validation.gain_interval([[[same], [costly, untold]]])
    assert mean == pytest.approx(loss / 2, abs=1e-4)
    assert low == pytest.approx(loss, abs=1e-4)
    assert high == pytest.approx(0.0, abs=1e-4)
    twice = validation.gain_interval([[[same], [costly]], [[same, costly]]])
    assert twice == pytest.approx((mean, low, high))


# Promotion


def outcome_of(gain: float, monkeypatch: pytest.MonkeyPatch, trained: Trained) -> Trained:
    found = replace(trained, gain=(gain, gain - 0.1, gain + 0.1))
    monkeypatch.setattr(grading, "learn", lambda _collection: found)
    return found


@pytest.mark.parametrize("gain", [0.0, -0.01])
def test_a_grader_that_is_not_better_changes_nothing(
    workspace: Workspace,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trained: Trained,
    gain: float,
) -> None:
    expected = outcome_of(gain, monkeypatch, trained)
    before = workspace.registry.bundles(), workspace.registry.current()
    files = sorted(path for path in (folder / "models").rglob("*"))
    outcome = train_grader(workspace, write_collection(labelled(), tmp_path / "data"), "train")
    assert outcome.bundle is None
    assert outcome.trained is expected
    assert (workspace.registry.bundles(), workspace.registry.current()) == before
    assert sorted(path for path in (folder / "models").rglob("*")) == files


def test_a_grader_that_is_better_is_put_into_a_new_bundle_with_the_old_representation(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Trained
) -> None:
    outcome_of(0.01, monkeypatch, trained)
    before = workspace.registry.load()
    outcome = train_grader(workspace, write_collection(labelled(), tmp_path / "data"), "train")
    bundle = workspace.registry.load()
    assert workspace.registry.current() == outcome.bundle == bundle.name != before.name
    assert_same(bundle.grader, trained.grader)
    assert bundle.representation.vocabulary_ == before.representation.vocabulary_
    assert bundle.manifest is not None
    assert bundle.manifest.figures["labels"] == 300
    assert bundle.manifest.figures["grader_gain"] == 0.01
    assert workspace.registry.roll_back() == before.name


def test_what_was_learned_is_at_work_in_the_next_process(
    empty: Workspace, tmp_path: Path, trained: Trained
) -> None:
    """From the files to the engine, and with nothing fitted before."""
    outcome = train_grader(empty, write_collection(labelled(), tmp_path / "data"), "train")
    assert outcome.bundle == empty.registry.current()
    assert_same(outcome.trained.grader, trained.grader)
    assert_same(empty.matchmaker.grader, trained.grader)


def test_a_tie_is_no_gain(trained: Trained) -> None:
    assert not replace(trained, grader=grader(), gain=(0.0, -1.0, 1.0)).is_better
    assert replace(trained, gain=(1e-9, -1.0, 1.0)).is_better
