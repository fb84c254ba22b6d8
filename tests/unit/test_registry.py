"""Which bundle is current, and which was before it."""

import json
from pathlib import Path

import pytest

from matcher.errors import BundleDamaged, BundleError, BundleMissing
from matcher.representation import TfidfRepresentation
from models.default import default_grader
from models.registry import Registry
from tests.unit.graders import assert_same


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    with pytest.MonkeyPatch.context() as patch:  # 80,000 terms of background make big, slow files
        patch.setattr("matcher.representation.document_shares", dict)
        return TfidfRepresentation(hashed_bits=4).fit([{"title": "废水"}])


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


@pytest.fixture
def three(registry: Registry, representation: TfidfRepresentation) -> list[str]:
    return [registry.add(representation, {"number": number}) for number in range(3)]


def damage(folder: Path) -> None:
    path = folder / "representation.joblib"
    path.write_bytes(path.read_bytes()[:-1])


def test_a_new_registry_has_nothing(registry: Registry) -> None:
    assert registry.bundles() == []
    for ask in (registry.current, registry.verify, registry.roll_back):
        with pytest.raises(BundleMissing, match="fit"):
            ask()


def test_a_new_registry_lends_the_bundle_that_ships(registry: Registry, tmp_path: Path) -> None:
    lent = registry.load()
    assert (lent.name, lent.manifest) == ("default", None)
    assert lent.grader is registry.grader() is default_grader()
    assert lent.representation.transform([{"title": "废水"}]).nnz
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_keeps_its_grader_or_that_it_has_none(
    registry: Registry, representation: TfidfRepresentation
) -> None:
    grader = default_grader()
    registry.add(representation, {}, grader)
    assert_same(registry.load().grader, grader)
    assert_same(registry.grader(), grader)
    registry.add(representation, {})
    assert registry.load().grader is registry.grader() is None


def test_where_the_current_bundle_cannot_be_loaded_the_grader_is_the_one_that_ships(
    registry: Registry, three: list[str], tmp_path: Path
) -> None:
    damage(tmp_path / three[2])
    assert registry.grader() is default_grader()
    (tmp_path / "current.json").write_text("nonsense")
    assert registry.grader() is default_grader()


def test_what_is_added_is_current_and_loads(
    registry: Registry, representation: TfidfRepresentation
) -> None:
    name = registry.add(representation, {"terms": 7})
    assert registry.current() == name
    assert registry.load().name == name
    assert registry.verify().figures == {"terms": 7}


def test_bundles_are_listed_newest_first_with_their_figures(
    registry: Registry, three: list[str]
) -> None:
    listed = registry.bundles()
    assert [line.name for line in listed] == three[::-1]
    assert [line.figures["number"] for line in listed] == [2, 1, 0]
    assert [line.current for line in listed] == [True, False, False]
    assert listed[0].created == registry.verify().created


def test_another_process_sees_what_this_one_made_current(
    registry: Registry, three: list[str], tmp_path: Path
) -> None:
    registry.use(three[0])
    assert Registry(tmp_path).current() == three[0]


def test_using_a_bundle_makes_it_current(registry: Registry, three: list[str]) -> None:
    registry.use(three[1])
    assert registry.current() == three[1]
    assert registry.load().name == three[1]
    assert registry.load(three[2]).name == three[2]


def test_rolling_back_goes_one_further_each_time_until_nothing_is_left(
    registry: Registry, three: list[str]
) -> None:
    assert registry.roll_back() == three[1]
    assert registry.roll_back() == registry.current() == three[0]
    with pytest.raises(BundleMissing):
        registry.roll_back()
    assert registry.current() == three[0]
    assert len(registry.bundles()) == 3


def test_rolling_back_undoes_a_use(registry: Registry, three: list[str]) -> None:
    registry.use(three[0])
    assert registry.roll_back() == three[2]


def test_using_the_current_bundle_again_does_not_blunt_the_roll_back(
    registry: Registry, three: list[str]
) -> None:
    registry.use(three[2])
    registry.use(three[2])
    assert registry.roll_back() == three[1]


def test_adding_after_a_roll_back_keeps_the_way_back(
    registry: Registry, three: list[str], representation: TfidfRepresentation
) -> None:
    registry.roll_back()
    newest = registry.add(representation, {})
    assert registry.current() == newest
    assert registry.roll_back() == three[1]


def test_a_damaged_bundle_is_neither_used_nor_rolled_back_to(
    registry: Registry, three: list[str], tmp_path: Path
) -> None:
    damage(tmp_path / three[1])
    with pytest.raises(BundleDamaged):
        registry.use(three[1])
    with pytest.raises(BundleDamaged):
        registry.roll_back()
    assert registry.current() == three[2]


def test_a_damaged_current_bundle_can_be_left(
    registry: Registry, three: list[str], tmp_path: Path
) -> None:
    damage(tmp_path / three[2])
    with pytest.raises(BundleDamaged):
        registry.load()
    assert registry.roll_back() == three[1]
    assert registry.load().name == three[1]


def test_a_bundle_without_manifest_is_still_listed(
    registry: Registry, three: list[str], tmp_path: Path
) -> None:
    (tmp_path / three[1] / "manifest.json").unlink()
    listed = registry.bundles()
    assert [line.name for line in listed] == three[::-1]
    assert listed[1].figures == {}
    assert "损坏" in listed[1].created


def test_half_written_bundles_and_stray_files_are_not_listed(
    registry: Registry, three: list[str], tmp_path: Path
) -> None:
    (tmp_path / ".20260101-000000-000000.new").mkdir()
    (tmp_path / "notes.txt").write_text("x")
    assert [line.name for line in registry.bundles()] == three[::-1]


@pytest.mark.parametrize("name", ["nobody", "20990101-000000-000000"])
def test_unknown_names_are_missing(registry: Registry, three: list[str], name: str) -> None:
    for ask in (registry.use, registry.load, registry.verify):
        with pytest.raises(BundleMissing, match=name):
            ask(name)
    assert registry.current() == three[2]


@pytest.mark.parametrize(
    "name", ["..", ".", "../other", "/etc", "a/b", "./x", ".hidden", "x/", "../{0}", "{0}/", "/{0}"]
)
def test_names_that_are_paths_are_refused_whatever_they_lead_to(
    registry: Registry, three: list[str], name: str
) -> None:
    for ask in (registry.use, registry.load, registry.verify):
        with pytest.raises(BundleMissing):
            ask(name.format(three[0]))
    assert registry.current() == three[2]


def test_an_empty_name_is_refused_and_leaves_the_current_bundle_usable(
    registry: Registry, three: list[str]
) -> None:
    with pytest.raises(BundleMissing):
        registry.use("")
    assert registry.load().name == three[2]


def test_what_points_outside_the_folder_is_not_followed(
    registry: Registry, three: list[str], tmp_path: Path
) -> None:
    (tmp_path / "current.json").write_text(json.dumps([f"../{tmp_path.name}/{three[0]}"]))
    with pytest.raises(BundleMissing):
        registry.load()


@pytest.mark.parametrize("text", ["", "nonsense", '["unfinished', "\x00"])
def test_a_damaged_list_of_names_is_said_to_be_damaged(
    registry: Registry, three: list[str], tmp_path: Path, text: str
) -> None:
    (tmp_path / "current.json").write_text(text)
    for ask in (registry.current, registry.load, registry.bundles, registry.roll_back):
        with pytest.raises(BundleDamaged, match=r"current\.json"):
            ask()


@pytest.mark.parametrize("text", ['{"a": 1}', "5", "[1]", "[null]", "true"])
def test_a_list_of_names_of_another_shape_is_said_to_be_damaged(
    registry: Registry, three: list[str], tmp_path: Path, text: str
) -> None:
    (tmp_path / "current.json").write_text(text)
    for ask in (registry.load, registry.roll_back):
        with pytest.raises(BundleError):
            ask()


def test_fitting_anew_mends_a_damaged_list_of_names_as_its_message_says(
    registry: Registry, three: list[str], representation: TfidfRepresentation, tmp_path: Path
) -> None:
    (tmp_path / "current.json").write_text("nonsense")
    name = registry.add(representation, {})
    assert registry.current() == name


def test_a_dump_that_fails_changes_nothing_that_can_be_seen(
    registry: Registry, three: list[str]
) -> None:
    broken = TfidfRepresentation()
    broken.hook = lambda: None
    with pytest.raises(Exception, match="lambda"):
        registry.add(broken, {})
    assert registry.current() == three[2]
    assert [line.name for line in registry.bundles()] == three[::-1]
