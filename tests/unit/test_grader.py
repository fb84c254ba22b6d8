"""Graders: probabilities, what each feature adds, and graders as files."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from matcher.errors import BundleDamaged
from matcher.ranking.decisions import DECISIONS
from matcher.ranking.features import CONTENT
from matcher.ranking.grader import (
    MAY_FALL,
    NAMES,
    Grader,
    Steps,
    assemble,
    displayed,
    expected,
    strong,
)
from models import default
from models.default import default_grader, grader_of
from models.grader_file import read_grader, write_grader
from tests.unit.graders import assert_same, grader, steps

UNKNOWN = float("nan")
values = st.floats(-1.0, 5.0) | st.just(UNKNOWN)
fresh = st.lists(values, min_size=len(CONTENT), max_size=len(CONTENT))
decisions = st.lists(st.floats(-1.0, 5.0), min_size=len(DECISIONS), max_size=len(DECISIONS))


def row(content: list[float], decided: list[float] | None, agreement: float) -> NDArray[np.float64]:
    """The features of one candidate."""
    return np.array([[*content, *(decided or [UNKNOWN] * len(DECISIONS)), agreement]])


rows = st.builds(row, fresh, st.none() | decisions, values)


@st.composite
def graders(draw: st.DrawFn) -> Grader:
    """Any that could have been learned: functions that never fall, intercepts of any order."""

    def any_steps() -> Steps:
        sizes = draw(st.lists(st.integers(1, 4), min_size=len(NAMES), max_size=len(NAMES)))
        rng = np.random.default_rng(draw(st.integers(0, 10**6)))
        knots = tuple(np.unique(rng.uniform(-1, 4, size)) for size in sizes)
        heights = tuple(
            tuple(np.cumsum(rng.exponential(0.3, len(k))) - 0.5 for k in knots) for _ in range(3)
        )
        return Steps(knots, heights, rng.normal(0, 3, 3))

    return Grader(any_steps(), any_steps(), 0.5)


either = st.sampled_from([default_grader()]) | graders()


# Probabilities


@given(graders(), st.lists(rows, min_size=1, max_size=4))
def test_functions_are_linear_between_their_knots_and_nothing_for_what_is_unknown(
    grader_: Grader, some: list[NDArray[np.float64]]
) -> None:
    learned = grader_.fresh
    on_knots = np.array([[knots[len(knots) // 2] for knots in learned.knots]])
    features = np.concatenate([*some, on_knots])
    for step, heights in enumerate(learned.heights):
        for j, column in enumerate(features.T):
            between = np.interp(column, learned.knots[j], heights[j])
            wanted = np.where(np.isnan(column), 0.0, between).tolist()
            assert learned.parts(features)[step, :, j].tolist() == wanted


@given(grader_=either, features=rows)
def test_probabilities_are_not_negative_and_add_up_to_1(
    grader_: Grader, features: NDArray[np.float64]
) -> None:
    probabilities = grader_.probabilities(features)
    assert probabilities.shape == (1, 4)
    assert (probabilities >= 0.0).all()
    assert probabilities.sum() == pytest.approx(1.0, abs=1e-12)
    assert 1 <= displayed(probabilities)[0] <= 4
    assert 1.0 <= expected(probabilities)[0] <= 4.0


@given(grader_=either, some=st.lists(rows, min_size=1, max_size=4))
def test_grades_are_what_numpy_makes_of_the_functions_digit_by_digit(
    grader_: Grader, some: list[NDArray[np.float64]]
) -> None:
    steps_, features = grader_.fresh, np.concatenate(some)
    values, found = steps_.parts(features), steps_.taken_apart(features)
    reached = expit(values.sum(axis=2) + steps_.intercepts[:, None])
    reached = np.minimum.accumulate(np.vstack([np.ones(len(features)), reached]))
    probabilities = np.column_stack([*(reached[:-1] - reached[1:]), reached[-1]])
    np.testing.assert_array_equal(found.probabilities, probabilities)
    np.testing.assert_array_equal(found.expected, expected(probabilities))
    np.testing.assert_array_equal(found.contributions, values.sum(axis=0) / len(values))


growing = st.sampled_from([name for name in NAMES if name != "described"])  # see below


@given(grader_=either, features=rows, feature=growing, rise=st.floats(0.0, 3.0))
def test_no_feature_that_grows_makes_a_candidate_worse(
    grader_: Grader, features: NDArray[np.float64], feature: str, rise: float
) -> None:
    better = features.copy()
    better[0, NAMES.index(feature)] += rise  # what is unknown stays so
    before, after = grader_.probabilities(features), grader_.probabilities(better)
    for grade in (1, 2, 3):  # P(at least grade + 1) does not fall
        assert after[0, grade:].sum() >= before[0, grade:].sum() - 1e-12
    assert expected(after)[0] >= expected(before)[0] - 1e-12
    assert displayed(after)[0] >= displayed(before)[0]
    assert grader_.taken_apart(better).raw[0] >= grader_.taken_apart(features).raw[0] - 1e-12


@pytest.mark.parametrize("name", sorted(set(NAMES) - MAY_FALL))
def test_no_function_of_the_grader_that_ships_falls(name: str) -> None:
    at = NAMES.index(name)
    for set_ in (default_grader().fresh, default_grader().decided):
        assert (np.diff(set_.knots[at]) > 0.0).all()
        assert all((np.diff(heights[at]) >= 0.0).all() for heights in set_.heights)


def test_probabilities_by_hand() -> None:
    taught = grader({"score": ([0.0, 1.0], [-1.0, 1.0])}, intercepts=(2.0, 0.0, -2.0))
    features = np.full((1, len(NAMES)), UNKNOWN)
    features[0, NAMES.index("score")] = 0.75  # half a point of log odds
    reached = expit([2.5, 0.5, -1.5])
    probabilities = [1 - reached[0], reached[0] - reached[1], reached[1] - reached[2], reached[2]]
    assert taught.probabilities(features)[0] == pytest.approx(probabilities)
    assert expected(taught.probabilities(features))[0] == pytest.approx(1 + reached.sum())
    assert taught.taken_apart(features).raw[0] == pytest.approx(0.5)


def test_a_higher_grade_is_never_likelier_to_be_reached_than_a_lower_one() -> None:
    crossed = grader(intercepts=(-1.0, 1.0, 3.0))
    found = crossed.probabilities(np.full((1, len(NAMES)), UNKNOWN))[0]
    p = expit(-1.0)
    assert found == pytest.approx([1 - p, 0, 0, p])


@pytest.mark.parametrize(
    ("probabilities", "median", "mean", "at_least_3"),
    [
        ([1, 0, 0, 0], 1, 1.0, 0.0),
        ([0, 0, 0, 1], 4, 4.0, 1.0),
        ([0.4, 0.2, 0.2, 0.2], 2, 2.2, 0.4),
        ([0.5, 0, 0, 0.5], 1, 2.5, 0.5),  # of two medians the lower one
        ([0.49, 0, 0, 0.51], 4, 2.53, 0.51),
        ([0.1, 0.3, 0.35, 0.25], 3, 2.75, 0.6),
    ],
)
def test_the_median_is_displayed_and_the_mean_expected(
    probabilities: list[float], median: int, mean: float, at_least_3: float
) -> None:
    one = np.array([probabilities], dtype=float)
    assert displayed(one).tolist() == [median]
    assert expected(one).tolist() == pytest.approx([mean])
    assert strong(one).tolist() == pytest.approx([at_least_3])


def test_a_sum_that_rounding_left_short_still_shows_a_grade() -> None:
    assert displayed(np.array([[0.0, 0.0, 0.0, 0.4]])).tolist() == [4]


# What each feature adds


@given(grader_=either, features=rows)
def test_contributions_and_intercept_add_up_to_the_raw_score(
    grader_: Grader, features: NDArray[np.float64]
) -> None:
    parts = grader_.taken_apart(features).contributions
    assert parts.shape == features.shape
    total = parts.sum() + grader_.steps(features).intercept
    assert total == pytest.approx(grader_.taken_apart(features).raw[0], abs=1e-12)
    assert (parts[np.isnan(features)] == 0.0).all()


def test_between_knots_a_function_is_linear_and_outside_constant() -> None:
    taught = grader({"coverage": ([0.2, 0.4, 1.0], [-2.0, 0.0, 0.6])})
    at = NAMES.index("coverage")
    features = np.zeros((6, len(NAMES)))
    features[:, NAMES.index("decided_grade")] = UNKNOWN
    features[:, at] = [-5.0, 0.2, 0.3, 0.7, 1.0, UNKNOWN]
    assert taught.taken_apart(features).contributions[:, at] == pytest.approx(
        [-2, -2, -1, 0.3, 0.6, 0]
    )


def test_demands_about_which_something_was_said_are_graded_by_a_set_of_their_own() -> None:
    constant = ([0.0, 1.0], [1.0, 1.0])
    taught = grader({"score": constant}, {"decided_grade": constant})
    content = np.zeros((2, len(CONTENT)))
    for decided, named in ((None, "score"), (np.zeros((2, len(DECISIONS))), "decided_grade")):
        parts = taught.taken_apart(assemble(content, decided)).contributions
        assert np.flatnonzero(parts.any(axis=0)).tolist() == [NAMES.index(named)]
    assert taught.probabilities(np.empty((0, len(NAMES)))).shape == (0, 4)


def test_features_are_assembled_in_the_order_of_their_names() -> None:
    content = np.arange(2.0 * len(CONTENT)).reshape(2, -1)
    decided = -np.arange(1.0, 1 + 2 * len(DECISIONS)).reshape(2, -1)
    whole = assemble(content, decided)
    assert whole.shape == (2, len(NAMES))
    assert whole[1, NAMES.index("coverage")] == content[1, CONTENT.index("coverage")]
    assert whole[1, NAMES.index("decided_mean")] == decided[1, DECISIONS.index("decided_mean")]
    assert np.isnan(whole[:, NAMES.index("quantity_agreement")]).all()
    assert np.isnan(assemble(content)[:, len(CONTENT) :]).all()


def test_functions_of_another_number_of_features_are_refused() -> None:
    sound = steps()
    with pytest.raises(ValueError, match="features"):
        Steps(sound.knots[:-1], sound.heights, sound.intercepts)
    with pytest.raises(ValueError, match="features"):
        Steps(sound.knots, tuple(h[:-1] for h in sound.heights), sound.intercepts)


# As a file


@given(grader_=either)
def test_what_is_read_is_what_was_written_digit_by_digit(
    grader_: Grader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("grader") / "grader.json"
    write_grader(grader_, path)
    assert_same(read_grader(path), grader_)


Content = dict[str, Any]


def _drop_knots(file: Content) -> None:
    del file["fresh"]["knots"]["coverage"]


def _drop_heights(file: Content) -> None:
    del file["decided"]["heights"]["coverage"]


def _rename(file: Content) -> None:
    for part in ("knots", "heights"):
        file["fresh"][part]["colour"] = file["fresh"][part].pop("coverage")


def _one_more(file: Content) -> None:
    for part in ("knots", "heights"):
        file["fresh"][part]["colour"] = file["fresh"][part]["coverage"]


def _shorter_heights(file: Content) -> None:
    file["fresh"]["heights"]["coverage"][1].pop()


def _two_steps(file: Content) -> None:
    for heights in file["fresh"]["heights"].values():
        heights.pop()


def _four_steps(file: Content) -> None:
    file["fresh"]["intercepts"].append(1.0)


def _a_word_for_a_number(file: Content) -> None:
    file["fresh"]["intercepts"][0] = "high"


def _no_threshold(file: Content) -> None:
    del file["threshold"]


def _one_set_only(file: Content) -> None:
    del file["decided"]


def _fewer_intercepts(file: Content) -> None:
    file["fresh"]["intercepts"].pop()


def _no_knots(file: Content) -> None:
    file["fresh"]["knots"]["coverage"] = []
    file["fresh"]["heights"]["coverage"] = [[], [], []]


def _knots_in_disorder(file: Content) -> None:
    file["fresh"]["knots"]["coverage"].reverse()


def _falling(file: Content) -> None:
    for heights in file["fresh"]["heights"]["score"]:
        heights[-1] = heights[0] - 1.0


def _not_a_number(file: Content) -> None:
    file["fresh"]["intercepts"][0] = UNKNOWN


@pytest.mark.parametrize(
    "change",
    [
        _drop_knots,
        _drop_heights,
        _rename,
        _one_more,
        _shorter_heights,
        _two_steps,
        _four_steps,
        _a_word_for_a_number,
        _no_threshold,
        _one_set_only,
        _fewer_intercepts,
        _no_knots,
        _knots_in_disorder,
        _falling,
        _not_a_number,
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, change: Callable[[Content], None]
) -> None:
    path = tmp_path / "grader.json"
    shutil.copy(default.FOLDER / "grader.json", path)
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(BundleDamaged, match="train grader"):
        read_grader(path)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    whole = (default.FOLDER / "grader.json").read_bytes()
    path = tmp_path / "grader.json"
    path.write_bytes(whole[: int(share * len(whole.rstrip()))])
    with pytest.raises(BundleDamaged):
        read_grader(path)


@pytest.mark.parametrize("text", ["", "[]", "null", "5", "{}", "\x00", "成果"])
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "grader.json").write_text(text, "utf-8")
    with pytest.raises(BundleDamaged):
        read_grader(tmp_path / "grader.json")


def test_no_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.json", tmp_path):
        with pytest.raises(BundleDamaged):
            read_grader(path)


# The one that ships


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy in the place of the one that ships."""
    for name in ("grader.json", "grader.json.sha256"):
        shutil.copy(default.FOLDER / name, tmp_path / name)
    monkeypatch.setattr(default, "_GRADER", tmp_path / "grader.json")
    monkeypatch.setattr(default, "_CHECKSUM", tmp_path / "grader.json.sha256")
    monkeypatch.setattr(default, "default_grader", default.default_grader.__wrapped__)
    return tmp_path


def test_the_grader_that_ships_is_read(shipped: Path) -> None:
    assert_same(default.default_grader(), default_grader())


def _alter(folder: Path) -> None:
    path = folder / "grader.json"
    path.write_text(path.read_text("utf-8").replace("0", "1", 1), "utf-8")


def _append(folder: Path) -> None:
    with (folder / "grader.json").open("a") as file:
        file.write(" ")


def _lose_the_checksum(folder: Path) -> None:
    (folder / "grader.json.sha256").unlink()


def _forge_the_checksum(folder: Path) -> None:
    (folder / "grader.json.sha256").write_text("0" * 64 + "  grader.json\n")


def _lose_the_grader(folder: Path) -> None:
    (folder / "grader.json").unlink()


def _empty_the_checksum(folder: Path) -> None:
    (folder / "grader.json.sha256").write_text("")


@pytest.mark.parametrize(
    "harm",
    [
        _alter,
        _append,
        _lose_the_checksum,
        _forge_the_checksum,
        _lose_the_grader,
        _empty_the_checksum,
    ],
)
def test_the_grader_that_ships_is_refused_if_it_was_altered(
    shipped: Path, harm: Callable[[Path], None]
) -> None:
    harm(shipped)
    with pytest.raises(BundleDamaged, match="重新安装"):
        default.default_grader()


def test_a_grader_can_be_chosen_by_name_or_by_path(tmp_path: Path) -> None:
    assert grader_of("none") is None
    assert grader_of("default") is default_grader()
    write_grader(grader({"score": ([0.0, 1.0], [0.0, 1.0])}, threshold=0.25), tmp_path / "mine")
    mine = grader_of(str(tmp_path / "mine"))
    assert mine is not None
    assert mine.threshold == 0.25
    with pytest.raises(BundleDamaged):
        grader_of(str(tmp_path / "no such file"))
