"""A saved index that is not as it was written is refused with clear words, and crashes nothing."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher import Filters
from matcher.errors import IndexDamaged, IndexOutdated
from matcher.index import Entry, SegmentIndex, search, writer
from matcher.records import Facets

WIDTH = 40
ROOT = Path(__file__).parents[2]
Change = Callable[[Path], object]


def made(width: int = WIDTH, count: int = 140) -> SegmentIndex:
    """Two segments, the first with some dead documents; frequent terms and rare ones."""
    random = np.random.default_rng(5)
    dense = np.where(random.random((count, width)) < 0.1, random.random((count, width)), 0)
    dense[:, 0] = 1
    entries = [Entry(f"{n:03}", Facets(maturity=n % 9 + 1), str(n)) for n in range(count)]
    index, rows = SegmentIndex(width), csr_array(dense.astype(np.float32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "to_fold", lambda *_: ())
        index.add(entries[:100], rows[:100])
        index.add(entries[100:], rows[100:])
        index.remove(["003", "064"])
    return index


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved index. Not to be written to: copy it."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SMALL", 0)  # with the arrays that only large segments have
        made().save(folder, "m")
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "index"))


def state(index: SegmentIndex) -> object:
    hits = index.top_k(csr_array(np.ones((1, WIDTH), dtype=np.float32)), 200)
    return hits.ids, hits.scores.tolist(), dict(index.stamps())


def is_chinese(message: object) -> bool:
    return re.search("[\u4e00-\u9fff]{4}.*。$", str(message)) is not None


# Files

HARMS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _: None,
    "truncated": lambda sound: sound[:-1],
    "halved": lambda sound: sound[: len(sound) // 2],
    "empty": lambda _: b"",
    "first byte flipped": lambda sound: bytes([sound[0] ^ 1]) + sound[1:],
    "last byte flipped": lambda sound: sound[:-1] + bytes([sound[-1] ^ 0x80]),
    "longer": lambda sound: sound + b"\x00",
    "zeros": lambda sound: bytes(len(sound)),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_harmed_file_is_refused_whichever_it_is(folder: Path, harm: str) -> None:
    expected = state(SegmentIndex.open(folder, "m"))
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(paths) > 50
    for path in paths:
        before = path.read_bytes()
        after = HARMS[harm](before) if before or harm in ("missing", "longer") else before
        if after == before:
            continue
        path.unlink()
        if after is not None:
            path.write_bytes(after)
        with pytest.raises(IndexDamaged) as refused:
            SegmentIndex.open(folder, "m")
        assert is_chinese(refused.value), path
        path.write_bytes(before)
    assert state(SegmentIndex.open(folder, "m")) == expected


@pytest.mark.parametrize("bit", [0, 1, 5])
def test_no_flipped_bit_of_the_list_of_segments_leads_to_another_state(
    folder: Path, bit: int
) -> None:
    path = folder / "index.json"
    before, expected = path.read_bytes(), state(SegmentIndex.open(folder, "m"))
    refused = 0
    for at in range(len(before)):
        path.write_bytes(before[:at] + bytes([before[at] ^ 1 << bit]) + before[at + 1 :])
        try:
            opened = SegmentIndex.open(folder, "m")
        except IndexDamaged:
            refused += 1
        else:
            assert state(opened) == expected
    assert refused > 0.9 * len(before)


def test_a_file_that_no_manifest_names_is_ignored(folder: Path) -> None:
    [first, *_] = folder.glob("segment-*")
    (first / "notes").write_bytes(b"?")
    (folder / "segment-0").mkdir()
    assert state(SegmentIndex.open(folder, "m")) == state(made())


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_index_at_all_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"") if kind == "file" else path.mkdir()
    with pytest.raises(IndexDamaged) as refused:
        SegmentIndex.open(path, "m")
    assert is_chinese(refused.value)


# Manifests that were altered, each opened in a process of its own. Whoever can alter them can alter
# their checksums, so this is for clear words and whole processes, not for safety.


def rewrite(path: Path, alter: Callable[[Any], Any]) -> None:
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(alter(content)), "utf-8")


def put(**changes: object) -> Change:
    """Other values in ``index.json``."""
    return lambda folder: rewrite(folder / "index.json", lambda old: {**old, **changes})


def put_first(**changes: object) -> Change:
    """Other values in what ``index.json`` says of the first segment."""

    def alter(old: Any) -> Any:
        old["segments"][0].update(changes)
        return old

    return lambda folder: rewrite(folder / "index.json", alter)


def without_key(name: str) -> Change:
    return lambda folder: rewrite(
        folder / "index.json", lambda old: {k: v for k, v in old.items() if k != name}
    )


def text(content: str) -> Change:
    return lambda folder: (folder / "index.json").write_text(content, "utf-8")


def in_manifest(alter: Callable[[Any], object]) -> Change:
    """The manifest of the first segment altered, and its checksum made right."""

    def change(folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text("utf-8"))
        path = folder / index["segments"][0]["name"] / "manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        alter(manifest)
        path.write_text(json.dumps(manifest), "utf-8")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        put_first(sha256=digest)(folder)

    return change


def set_array(name: str, **changes: object) -> Change:
    return in_manifest(lambda manifest: manifest["arrays"][name].update(changes))


def widened(width: int) -> Change:
    def change(folder: Path) -> None:
        in_manifest(lambda manifest: manifest.update(width=width))(folder)
        index = json.loads((folder / "index.json").read_text("utf-8"))
        put(width=width, segments=index["segments"][:1])(folder)

    return change


def moved_out(folder: Path) -> None:
    """A sound segment, but outside of the folder."""
    [name, *_] = [path.name for path in folder.glob("segment-*")]
    index = json.loads((folder / "index.json").read_text("utf-8"))
    place = next(i for i, one in enumerate(index["segments"]) if one["name"] == name)
    (folder / name).rename(folder.parent / "outside")
    index["segments"][place]["name"] = "../outside"
    (folder / "index.json").write_text(json.dumps(index), "utf-8")


def alive(content: bytes) -> Change:
    """Other words for which documents of the first segment are alive, with their checksum."""

    def change(folder: Path) -> None:
        [path] = folder.glob("segment-*/alive-*")
        path.write_bytes(content)
        index = json.loads((folder / "index.json").read_text("utf-8"))
        for one in index["segments"]:
            if one["alive"] is not None:
                one["alive_sha256"] = hashlib.sha256(content).hexdigest()
        (folder / "index.json").write_text(json.dumps(index), "utf-8")

    return change


def foreign(width: int) -> Change:
    """A sound segment of another index in the place of the first one."""

    def change(folder: Path) -> None:
        made(width).save(folder.parent / "other", "m")
        other = json.loads((folder.parent / "other" / "index.json").read_text("utf-8"))
        for one in other["segments"]:
            shutil.copytree(folder.parent / "other" / one["name"], folder / one["name"])
        put(segments=other["segments"])(folder)

    return change


OUTDATED: dict[str, Change] = {
    "another format": put(format=4),
    "an older format": put(format=1),
    "a format of another type": put(format="3"),
    "another model": put(model="n"),
    "a model that is none": put(model=None),
}

DAMAGED: dict[str, Change] = {
    **{f"no {name}": without_key(name) for name in ("format", "model", "width", "segments")},
    **{f"the text {content[:9]!r}": text(content) for content in ("", "[]", "3", "null", '"x"')},
    "a list without end": text("[" * 100_000),
    "no JSON": text("{'format': 3}"),
    **{
        f"segments {value!r}": put(segments=value) for value in (None, 5, {"a": 1}, "ab", [1], [{}])
    },
    **{f"segments {value!r}": put(segments=value) for value in ([None], [[]], ["ab"], [[["a"]]])},
    **{f"width {value!r}": put(width=value) for value in (None, "x", [], -1, 0, 39, 41, 10**30)},
    **{f"segment {v!r}": put_first(name=v) for v in (None, 5, "", ".", "..", "/", "x", "a\0b")},
    "a segment outside": moved_out,
    **{f"checksum {value!r}": put_first(sha256=value) for value in (None, 5, "", "0" * 64)},
    **{f"alive {value!r}": put_first(alive=value) for value in (5, "", "x", "../index.json")},
    "an alive checksum that is none": put_first(alive_sha256=None),
    "an alive with too few words": alive(b"\xff" * 8),
    "an alive with no words": alive(b""),
    "an alive with too many words": alive(b"\xff" * 800),
    "an alive that is no words": alive(b"\xff" * 13),
    "an alive that revives empty places": alive(b"\xff" * 16),
    "foreign segments of another width": foreign(WIDTH + 3),
    "too small a width everywhere": widened(3),
    "no width at all": widened(0),
    "a negative width everywhere": widened(-5),
    "a manifest of another format": in_manifest(lambda m: m.update(format=9)),
    "a manifest of another width": in_manifest(lambda m: m.update(width=WIDTH + 1)),
    "a manifest without arrays": in_manifest(lambda m: m.pop("arrays")),
    "arrays that are a list": in_manifest(lambda m: m.update(arrays=[])),
    "arrays that are none": in_manifest(lambda m: m.update(arrays={})),
    "a manifest without values": in_manifest(lambda m: m.pop("values")),
    "values that are none": in_manifest(lambda m: m.update(values={})),
    "values that are numbers": in_manifest(lambda m: m["values"].update(region=5)),
    "coarse scores without codes": in_manifest(lambda m: m["arrays"].pop("coarse-codes")),
    "rows without weights": in_manifest(lambda m: m["arrays"].pop("forward-weights")),
    "an array outside": in_manifest(
        lambda m: m["arrays"].update({"../../index.json": m["arrays"].pop("runs")})
    ),
    "an array with another name": in_manifest(
        lambda m: m["arrays"].update({"runz": m["arrays"].pop("runs")})
    ),
}

ARRAYS = [
    *("runs", "starts", "groups", "terms", "places", "ends", "weights", "scales", "rows", "dense"),
    *("sparse", "blocks", "bounds", "columns", "frequencies", "sizes", "by_id", "ranks"),
    *("exists", "ids-letters", "ids-ends", "stamps-letters", "stamps-ends"),
    *("column-field", "column-maturity", "column-days"),
    *("coarse-common", "coarse-dense", "coarse-starts", "coarse-places", "coarse-codes"),
    *("forward-starts", "forward-terms", "forward-weights"),
]
NONE_IS_SPARSE = ("blocks", "bounds")  # in two blocks every term is frequent
OTHER_DTYPES = {1: "<i1", 2: "<f2", 4: "<u4", 8: "<f8"}


def other_dtype(name: str) -> Change:
    """Another type of the same size, so that the file still fits."""

    def alter(manifest: Any) -> None:
        array = manifest["arrays"][name]
        size = np.dtype(array["dtype"]).itemsize
        array["dtype"] = OTHER_DTYPES[size] if array["dtype"] != "|i1" else "|b1"

    return in_manifest(alter)


def narrower(name: str) -> Change:
    """Single bytes, as many as the file has."""

    def alter(manifest: Any) -> None:
        array = manifest["arrays"][name]
        size = np.dtype(array["dtype"]).itemsize
        array["shape"] = [*array["shape"][:-1], array["shape"][-1] * size]
        array["dtype"] = "|u1" if size > 1 else "|S1"

    return in_manifest(alter)


def other_shape(name: str) -> Change:
    """Another number of axes, though as many elements."""

    def alter(manifest: Any) -> None:
        array = manifest["arrays"][name]
        shape = array["shape"]
        array["shape"] = [1, *shape] if len(shape) == 1 else [int(np.prod(shape))]

    return in_manifest(alter)


def shorter(name: str) -> Change:
    """The last element is gone, from the file too."""

    def change(folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text("utf-8"))
        place = folder / index["segments"][0]["name"]
        manifest = json.loads((place / "manifest.json").read_text("utf-8"))
        array = manifest["arrays"][name]
        content = np.fromfile(place / name, array["dtype"]).reshape(array["shape"])[:-1]
        content.tofile(place / name)
        digest = hashlib.sha256((place / name).read_bytes()).hexdigest()
        set_array(name, shape=list(content.shape), sha256=digest)(folder)

    return change


def first_element(name: str, value: int) -> Change:
    """Another number at its beginning, and the checksum that goes with it."""

    def change(folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text("utf-8"))
        place = folder / index["segments"][0]["name"]
        manifest = json.loads((place / "manifest.json").read_text("utf-8"))
        content = np.fromfile(place / name, manifest["arrays"][name]["dtype"])
        content[0] = value
        content.tofile(place / name)
        set_array(name, sha256=hashlib.sha256((place / name).read_bytes()).hexdigest())(folder)

    return change


ALTERED: dict[str, Change] = {
    **{
        f"a day with the number {number}": first_element("column-days", number)
        for number in (-1, 0, date.max.toordinal() + 1)
    },
    **{f"{name} of another type": other_dtype(name) for name in ARRAYS},
    **{f"{name} of single bytes": narrower(name) for name in ARRAYS},
    **{f"{name} of another shape": other_shape(name) for name in ARRAYS},
    **{f"{name} shorter by one": shorter(name) for name in ARRAYS if name not in NONE_IS_SPARSE},
    **{
        f"weights of shape {shape!r}": set_array("weights", shape=shape)
        for shape in ([], [-1], None, "x", [10**30], [0], [2.5], [[1]], [None])
    },
    **{
        f"starts of type {dtype!r}": set_array("starts", dtype=dtype)
        for dtype in ("O", "|O8", ">i8", "x", "", None, 5, "<M8[s]", "<U2", "V8", "i4,i4", [])
    },
}

# Opens some folders, each in a process of its own, and says how that went.
SCRIPT = """
import json, os, signal, sys
from pathlib import Path
from matcher.index import SegmentIndex

def outcome(folder):
    try:
        SegmentIndex.open(folder, "m")
    except Exception as error:
        return type(error).__name__ + ": " + str(error)
    return "opened"

sound = Path(sys.argv[1])
assert outcome(sound) == "opened", outcome(sound)  # everything is loaded now
for folder in map(Path, sys.argv[2:]):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(30)
        os.write(writer, outcome(folder).encode()[:4000])
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as said:
        word = said.read().decode()
    print(json.dumps(word if status == 0 else f"ended by {status}"), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What happened to each altered index."""
    changes = {**OUTDATED, **DAMAGED, **ALTERED}
    place = tmp_path_factory.mktemp("altered")
    folders = []
    for number, change in enumerate(changes.values()):
        folders.append(Path(shutil.copytree(sound, place / str(number) / "index")))
        change(folders[-1])
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, sound, *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return dict(zip(changes, map(json.loads, run.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("change", OUTDATED)
def test_an_index_of_another_model_or_format_is_outdated(
    outcomes: dict[str, str], change: str
) -> None:
    assert outcomes[change].startswith("IndexOutdated: ")
    assert is_chinese(outcomes[change])


@pytest.mark.parametrize("change", list(DAMAGED))
def test_an_index_whose_names_and_numbers_were_altered_is_damaged(
    outcomes: dict[str, str], change: str
) -> None:
    assert outcomes[change].startswith("IndexDamaged: ")
    assert is_chinese(outcomes[change])


@pytest.mark.parametrize("change", list(ALTERED))
def test_an_index_whose_arrays_are_said_to_be_others_is_damaged(
    outcomes: dict[str, str], change: str
) -> None:
    assert outcomes[change].startswith("IndexDamaged: ")
    assert is_chinese(outcomes[change])


def test_a_large_segment_without_what_long_queries_need_answers_and_is_saved_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made()
    before.save(tmp_path, "m")
    assert not [*tmp_path.glob("*/coarse-*")]
    monkeypatch.setattr(search, "SMALL", 0)
    index = SegmentIndex.open(tmp_path, "m")
    assert state(index) == state(before)
    index.save(tmp_path, "m")
    for array in ("coarse-codes", "forward-terms"):
        assert len([*tmp_path.glob(f"*/{array}")]) == len([*tmp_path.glob("segment-*")]) == 2
    again = SegmentIndex.open(tmp_path, "m")
    assert state(again) == state(before)
    names = {path.name for path in tmp_path.iterdir()}
    again.save(tmp_path, "m")
    assert {path.name for path in tmp_path.iterdir()} == names


# The format of version 0.1.0

OLD = ROOT / "tests" / "fixtures" / "index-format-2"
OLD_MODEL = "2026-01-01-abcdef"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "old"))


def old_answers(index: SegmentIndex) -> Iterator[object]:
    everything = csr_array(np.ones((1, 12), dtype=np.float32))
    first = csr_array(np.eye(12, dtype=np.float32)[[0]])
    for query, filters in [
        (first, None),
        (everything, None),
        (everything, Filters(regions=frozenset({"江苏"}))),
        (everything, Filters(cooperation_modes=frozenset({"技术转让"}), maturity_min=6)),
    ]:
        hits = index.top_k(query, 9, filters)
        yield list(zip(hits.ids, hits.scores.tolist(), strict=True))


OLD_ANSWERS = [
    [("ach-0", 0.5), ("ach-1", 0.5), ("ach-2", 0.5)],
    [("成果-3", 2.0625), ("ach-1", 1.75), ("ach-0", 0.625), ("ach-2", 0.625)],
    [("ach-1", 1.75), ("ach-0", 0.625)],
    [("ach-1", 1.75)],
]


def test_an_index_of_the_format_before_answers_as_it_did_and_is_saved_as_the_new_one(
    old: Path,
) -> None:
    index = SegmentIndex.open(old, OLD_MODEL)
    assert list(old_answers(index)) == OLD_ANSWERS
    index.save(old, "new")
    assert {path.name.split("-")[0] for path in old.iterdir()} == {"index.json", "segment"}
    again = SegmentIndex.open(old, "new")
    for one in (index, again):
        assert list(old_answers(one)) == OLD_ANSWERS
        assert len(one) == 5
        assert one.stamps()["成果-3"] == "2d" * 8
        [entry], rows = one.get(["ach-1"])
        assert entry == Entry(
            "ach-1",
            Facets(
                field="资源与环境",
                region="江苏-苏州",
                provider="沧澜理工大学（示例）",
                cooperation_modes=("技术许可", "技术转让"),
                maturity=6,
                industry="环保",
            ),
            "0f" * 8,
        )
        assert rows.toarray().tolist() == [[0.5, 0, 0, 0.25, 0, 0, 0, 0, 0, 0, 0, 1.0]]


def test_an_index_of_the_format_before_can_be_changed_before_it_is_saved(old: Path) -> None:
    index = SegmentIndex.open(old, OLD_MODEL)
    index.remove(["ach-0"])
    index.add([Entry("silent", stamp="new")], csr_array(np.eye(12, dtype=np.float32)[[0]]))
    index.save(old, OLD_MODEL)
    again = SegmentIndex.open(old, OLD_MODEL)
    assert next(old_answers(again)) == [("silent", 1.0), ("ach-1", 0.5), ("ach-2", 0.5)]


def test_a_save_that_was_interrupted_before_it_counted_leaves_the_format_before(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = SegmentIndex.open(old, OLD_MODEL)

    def no_space(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", no_space)
        with pytest.raises(OSError, match="no space"):
            index.save(old, OLD_MODEL)
    assert list(old_answers(SegmentIndex.open(old, OLD_MODEL))) == OLD_ANSWERS


@pytest.mark.parametrize(
    ("change", "model"),
    [({}, "another"), ({"format": 1}, OLD_MODEL), ({"model": None}, OLD_MODEL)],
)
def test_the_format_before_is_outdated_with_another_model(
    old: Path, change: dict[str, object], model: str
) -> None:
    rewrite(old / "manifest.json", lambda manifest: {**manifest, **change})
    with pytest.raises(IndexOutdated) as refused:
        SegmentIndex.open(old, model)
    assert is_chinese(refused.value)


@pytest.mark.parametrize("harm", HARMS)
def test_a_harmed_file_of_the_format_before_is_refused_whichever_it_is(
    old: Path, harm: str
) -> None:
    for path in sorted(old.iterdir()):
        before = path.read_bytes()
        after = HARMS[harm](before)
        path.unlink()
        if after is not None:
            path.write_bytes(after)
        with pytest.raises(IndexDamaged) as refused:
            SegmentIndex.open(old, OLD_MODEL)
        assert is_chinese(refused.value), path
        path.write_bytes(before)
    assert len(SegmentIndex.open(old, OLD_MODEL)) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"documents": 4},
        {"documents": None},
        {"width": 3},
        {"width": -1},
        {"width": "x"},
        {"sha256": None},
        {"sha256": []},
        {"sha256": {}},
    ],
    ids=str,
)
def test_an_altered_manifest_of_the_format_before_is_refused(
    old: Path, change: dict[str, object]
) -> None:
    rewrite(old / "manifest.json", lambda manifest: {**manifest, **change})
    with pytest.raises(IndexDamaged) as refused:
        SegmentIndex.open(old, OLD_MODEL)
    assert is_chinese(refused.value)
