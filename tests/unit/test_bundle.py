"""Bundles of fitted models: what is saved comes back, and what was changed is not even opened."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from matcher.errors import BundleDamaged, BundleError, BundleMismatch, BundleMissing
from matcher.representation import TfidfRepresentation
from models import bundle

RECORDS = [
    {"title": "膜曝气脱氮", "abstract": "出水氨氮低于5 mg/L"},
    {"title": "", "abstract": "从未见过的词：氢脆石墨炔"},
    {"title": "", "abstract": ""},
]
PICKLE = "representation.joblib"


class Trap:
    """Unpickling it makes a file, as code from a stranger's bundle could."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.marker,)


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    with pytest.MonkeyPatch.context() as patch:  # 80,000 terms of background make big, slow files
        patch.setattr("matcher.representation.document_shares", dict)
        return TfidfRepresentation(hashed_bits=8, field_weights={"title": 2.0}).fit(RECORDS)


@pytest.fixture
def saved(representation: TfidfRepresentation, tmp_path: Path) -> Path:
    bundle.save(representation, tmp_path / "made", {"achievements": 3, "terms": 12})
    return tmp_path / "made"


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "the trap was sprung"


def rewritten(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / bundle.MANIFEST
    manifest = json.loads(path.read_text("utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), "utf-8")


def set_trap(folder: Path, marker: Path, *, signed: bool) -> None:
    """Put a trap in the place of the model; ``signed`` makes the manifest agree with it."""
    joblib.dump(Trap(marker), folder / PICKLE)
    if signed:
        digest = hashlib.sha256((folder / PICKLE).read_bytes()).hexdigest()
        rewritten(folder, lambda manifest: manifest["sha256"].update({PICKLE: digest}))


def test_what_is_loaded_embeds_exactly_as_what_was_saved(
    saved: Path, representation: TfidfRepresentation
) -> None:
    before, after = (
        r.transform(RECORDS) for r in (representation, bundle.load(saved).representation)
    )
    assert before.nnz > 0
    for part in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(before, part), getattr(after, part))


def test_what_is_loaded_has_the_same_parameters_and_terms(
    saved: Path, representation: TfidfRepresentation
) -> None:
    loaded = bundle.load(saved).representation
    assert loaded.get_params() == representation.get_params()
    assert loaded.vocabulary_ == representation.vocabulary_
    assert loaded.vocabulary_.width == representation.vocabulary_.width
    assert loaded.document_count_ == 3


def test_arrays_are_mapped_from_the_file_and_cannot_be_written(saved: Path) -> None:
    idf = bundle.load(saved).representation.idf_
    assert type(idf) is np.ndarray  # a memmap would look into every part of it anew
    assert isinstance(idf.base, np.memmap)
    assert Path(str(idf.base.filename)) == saved / PICKLE
    with pytest.raises(ValueError, match="read-only"):
        idf[0] = 0.0


def test_a_loaded_bundle_knows_its_name_and_its_manifest(saved: Path) -> None:
    loaded = bundle.load(saved)
    assert loaded.name == "made"
    assert loaded.manifest == bundle.read_manifest(saved) == bundle.verify(saved)


def test_the_manifest_says_what_made_the_bundle(saved: Path) -> None:
    manifest = json.loads((saved / bundle.MANIFEST).read_text("utf-8"))
    assert manifest["format"] == bundle.FORMAT
    assert datetime.fromisoformat(manifest["created"]).utcoffset() == timedelta(0)
    assert manifest["figures"] == {"achievements": 3, "terms": 12}
    assert manifest["runtime"]["segmenter"].keys() == {"name", "version", "lexicon_sha256"}
    assert manifest["runtime"]["segmenter"]["name"] == "rjieba"
    assert {"scikit-learn", "numpy", "scipy"} <= manifest["runtime"]["libraries"].keys()
    assert bundle.read_manifest(saved).model_dump() == manifest
    assert manifest["sha256"] == {PICKLE: hashlib.sha256((saved / PICKLE).read_bytes()).hexdigest()}


def test_saving_leaves_the_bundle_and_nothing_else(saved: Path) -> None:
    assert [path.name for path in saved.parent.iterdir()] == ["made"]
    assert sorted(path.name for path in saved.iterdir()) == [bundle.MANIFEST, PICKLE]


def test_the_trap_of_these_tests_springs_when_unpickled(tmp_path: Path, marker: Path) -> None:
    joblib.dump(Trap(marker), tmp_path / "bare")
    joblib.load(tmp_path / "bare")
    assert marker.exists()


def test_a_file_in_the_place_of_the_model_is_refused_before_it_is_unpickled(
    saved: Path, marker: Path
) -> None:
    set_trap(saved, marker, signed=False)
    with pytest.raises(BundleDamaged, match=PICKLE):
        bundle.load(saved)
    assert not marker.exists()


def test_a_bundle_of_another_runtime_is_refused_before_it_is_unpickled(
    saved: Path, marker: Path
) -> None:
    set_trap(saved, marker, signed=True)
    rewritten(saved, lambda manifest: manifest["runtime"]["libraries"].update(numpy="0.1"))
    with pytest.raises(BundleMismatch):
        bundle.load(saved)
    assert not marker.exists()


def test_verifying_opens_nothing(saved: Path, marker: Path) -> None:
    set_trap(saved, marker, signed=True)
    bundle.verify(saved)
    assert not marker.exists()


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _prolong(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [_flip, _truncate, _prolong, Path.unlink, _replace_by_a_folder])
@pytest.mark.parametrize("use", [bundle.verify, bundle.load])
def test_a_changed_model_file_is_noticed(
    saved: Path, damage: Callable[[Path], None], use: Callable[[Path], object]
) -> None:
    damage(saved / PICKLE)
    with pytest.raises(BundleDamaged, match="made"):
        use(saved)


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[]", "null", "7", "{}", '{"format": 1}', "\x00", '{"sha256": {}}'],
)
def test_a_manifest_that_is_none_is_noticed(saved: Path, text: str) -> None:
    (saved / bundle.MANIFEST).write_text(text, "utf-8")
    with pytest.raises(BundleDamaged):
        bundle.load(saved)


def test_a_manifest_in_another_encoding_is_noticed(saved: Path) -> None:
    (saved / bundle.MANIFEST).write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(BundleDamaged):
        bundle.load(saved)


def test_a_missing_manifest_is_noticed(saved: Path) -> None:
    (saved / bundle.MANIFEST).unlink()
    with pytest.raises(BundleDamaged):
        bundle.load(saved)


def test_a_manifest_that_does_not_cover_the_model_is_refused_before_unpickling(
    saved: Path, marker: Path
) -> None:
    set_trap(saved, marker, signed=False)
    rewritten(saved, lambda manifest: manifest.update(sha256={}))
    with pytest.raises(BundleDamaged):
        bundle.load(saved)
    assert not marker.exists()


@pytest.mark.parametrize("key", ["runtime", "sha256", "figures", "format", "created"])
@pytest.mark.parametrize("value", [None, [], PICKLE, 5, {}], ids=repr)
def test_a_manifest_with_a_part_of_the_wrong_shape_is_refused_and_never_crashes(
    saved: Path, key: str, value: object
) -> None:
    rewritten(saved, lambda manifest: manifest.update({key: value}))
    if (key, value) in [("created", PICKLE), ("figures", {})]:  # these are of the right shape
        assert getattr(bundle.verify(saved), key) == value
    else:
        with pytest.raises(BundleError):
            bundle.verify(saved)


def test_a_folder_that_is_not_there_is_missing_rather_than_damaged(tmp_path: Path) -> None:
    for use in (bundle.verify, bundle.load, bundle.read_manifest):
        with pytest.raises(BundleMissing, match="nowhere"):
            use(tmp_path / "nowhere")


def test_something_else_in_the_place_of_a_model_is_refused_although_the_sums_agree(
    saved: Path,
) -> None:
    joblib.dump({"not": "a model"}, saved / PICKLE)
    digest = bundle.sha256(saved / PICKLE)
    rewritten(saved, lambda manifest: manifest["sha256"].update({PICKLE: digest}))
    with pytest.raises(BundleDamaged):
        bundle.load(saved)


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("segmenter", "version"),
        ("segmenter", "lexicon_sha256"),
        ("libraries", "scikit-learn"),
        ("libraries", "numpy"),
        ("libraries", "OpenCC"),
    ],
)
def test_what_differs_from_the_runtime_is_named(saved: Path, part: str, key: str) -> None:
    rewritten(saved, lambda manifest: manifest["runtime"][part].update({key: "of-old"}))
    with pytest.raises(BundleMismatch) as refusal:
        bundle.load(saved)
    assert f"{part}.{key}" in str(refusal.value)
    assert "of-old" in str(refusal.value)
    others = {"segmenter.version", "libraries.numpy", "libraries.scipy"} - {f"{part}.{key}"}
    assert not any(other in str(refusal.value) for other in others)


def test_another_python_is_named(saved: Path) -> None:
    rewritten(saved, lambda manifest: manifest["runtime"].update(python="2.7"))
    with pytest.raises(BundleMismatch, match=r"python.*2\.7"):
        bundle.verify(saved)


def test_a_library_that_the_bundle_did_not_know_is_a_difference(saved: Path) -> None:
    rewritten(saved, lambda manifest: manifest["runtime"]["libraries"].pop("scipy"))
    with pytest.raises(BundleMismatch, match=r"libraries\.scipy"):
        bundle.verify(saved)


def test_a_segmenter_that_is_not_installed_is_named(saved: Path) -> None:
    rewritten(saved, lambda manifest: manifest["runtime"]["segmenter"].update(name="no-such-one"))
    with pytest.raises(BundleMismatch, match="no-such-one"):
        bundle.verify(saved)


def test_another_format_is_named(saved: Path) -> None:
    rewritten(saved, lambda manifest: manifest.update(format=99))
    with pytest.raises(BundleMismatch, match="99"):
        bundle.verify(saved)


@pytest.mark.parametrize("name", ["rjieba", "jieba"])
def test_the_runtime_names_the_segmenter_that_was_asked_for(name: str) -> None:
    assert bundle.runtime(name).segmenter["name"] == name


def unpicklable(representation: TfidfRepresentation) -> TfidfRepresentation:
    broken = TfidfRepresentation(**representation.get_params())
    broken.__dict__.update(representation.__dict__, hook=lambda: None)
    return broken


def test_a_dump_that_fails_leaves_no_bundle(
    representation: TfidfRepresentation, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match="lambda"):
        bundle.save(unpicklable(representation), tmp_path / "made", {})
    assert not (tmp_path / "made").exists()


def test_a_dump_that_failed_does_not_stand_in_the_way_of_the_next(
    representation: TfidfRepresentation, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match="lambda"):
        bundle.save(unpicklable(representation), tmp_path / "made", {})
    bundle.save(representation, tmp_path / "made", {})
    assert bundle.load(tmp_path / "made").representation.document_count_ == 3
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
