"""The index of segments keeps the contract, however often it folds and whatever its order."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import Entry, SegmentIndex, policy, topics, writer
from matcher.index.reader import Part
from matcher.records import Facets
from tests.contract.index_contract import IndexContract, row, rows


class TestSegmentIndex(IndexContract):
    def empty(self, width: int) -> SegmentIndex:
        return SegmentIndex(width)


class TestSegmentIndexThatFoldsAtEveryStep(IndexContract):
    """Nothing is fresh and every second segment is folded, in the background."""

    def empty(self, width: int) -> SegmentIndex:
        return SegmentIndex(width)

    @pytest.fixture(autouse=True)
    def _low_borders(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(policy, "FRESH", 2)
        monkeypatch.setattr(policy, "_FACTOR", 2)
        monkeypatch.setattr(policy, "_MANY", 2)
        monkeypatch.setattr(writer, "_AT_ONCE", 0)
        yield
        for thread in threading.enumerate():
            if thread.name == "folding":
                thread.join(10)


class TestSegmentIndexThatNeverFolds(IndexContract):
    """Every addition remains a segment of its own."""

    def empty(self, width: int) -> SegmentIndex:
        return SegmentIndex(width)

    @pytest.fixture(autouse=True)
    def _no_folding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer, "to_fold", lambda *_: ())


class TestSegmentIndexInOrderOfTopics(IndexContract):
    """Documents are put in order from the fourth on."""

    def empty(self, width: int) -> SegmentIndex:
        return SegmentIndex(width)

    @pytest.fixture(autouse=True)
    def _order_pays_early(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(topics, "_FEWEST", 4)


def test_folding_drops_what_was_removed_and_replaced() -> None:
    index = SegmentIndex(1)
    one = csr_array(np.ones((1, 1), dtype=np.float32))
    for id_ in ["a", "b", "c", "a"]:
        index.add([Entry(id_)], one)
    assert index.frequencies(one.indices).item() == len(index) == 3
    index.remove(["b"])
    assert index.frequencies(one.indices).item() == 3  # the dead one is still counted
    index.add([Entry("d")], one)
    assert index.frequencies(one.indices).item() == len(index) == 3


def test_a_segment_of_which_half_is_dead_is_made_anew() -> None:
    index = SegmentIndex(1)
    index.add([Entry(id_) for id_ in "abcd"], csr_array(np.ones((4, 1), dtype=np.float32)))
    one = csr_array(np.ones((1, 1), dtype=np.float32))
    index.remove(["a"])
    assert index.frequencies(one.indices).item() == 4
    index.remove(["b"])
    assert index.frequencies(one.indices).item() == 2


# Folding in the background


class Folding:
    """A background fold that begins at once and ends when it is told to."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.sizes: list[int] = []
        self._folded = writer.folded

    def __call__(self, parts: Sequence[Part]) -> Part:
        self.sizes.append(len(parts))
        whole = self._folded(parts)
        self.begun.set()
        assert self.may_end.wait(60)
        return whole


@contextmanager
def held(index: SegmentIndex, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two segments (b, a, d and z, y, c) are being folded while the body runs."""
    folding = Folding()
    with monkeypatch.context() as patch:
        patch.setattr(writer, "_AT_ONCE", 0)
        patch.setattr(writer, "folded", folding)
        index.add([Entry(i, stamp="1") for i in "bad"], rows([1] * 6, [2] * 6, [4] * 6))
        index.add([Entry(i, stamp="1") for i in "zyc"], rows([26] * 6, [25] * 6, [3] * 6))
        assert folding.begun.wait(60)
        try:
            yield
        finally:
            folding.may_end.set()
            index.settle()
    assert folding.sizes[0] == 2


def remove_some(index: SegmentIndex, folder: Path) -> None:
    index.remove(["a", "z"])


def remove_all_of_one_segment(index: SegmentIndex, folder: Path) -> None:
    index.remove(["b", "a", "d"])


def remove_everything(index: SegmentIndex, folder: Path) -> None:
    index.remove(list("badzyc"))


def replace_some(index: SegmentIndex, folder: Path) -> None:
    index.add([Entry("a", stamp="2"), Entry("z", stamp="2")], rows([7] * 6, [8] * 6))


def replace_all_of_one_segment(index: SegmentIndex, folder: Path) -> None:
    index.add([Entry(i, stamp="2") for i in "bad"], rows([5] * 6, [6] * 6, [7] * 6))


def add_others(index: SegmentIndex, folder: Path) -> None:
    for number, id_ in enumerate("efg"):
        index.add([Entry(id_, stamp="1")], row(number + 30))


def remove_and_add_again(index: SegmentIndex, folder: Path) -> None:
    index.remove(["a"])
    index.add([Entry("a", stamp="3")], row(9))


def save(index: SegmentIndex, folder: Path) -> None:
    index.save(folder, "m")


def save_and_remove(index: SegmentIndex, folder: Path) -> None:
    index.remove(["d"])
    index.save(folder, "m")
    index.remove(["a"])


def save_twice(index: SegmentIndex, folder: Path) -> None:
    index.save(folder, "m")
    index.save(folder / "elsewhere", "m")


Act = Callable[[SegmentIndex, Path], None]


@pytest.mark.parametrize(
    "act",
    [
        remove_some,
        remove_all_of_one_segment,
        remove_everything,
        replace_some,
        replace_all_of_one_segment,
        add_others,
        remove_and_add_again,
        save,
        save_and_remove,
        save_twice,
    ],
)
def test_nothing_that_happens_during_a_background_fold_is_lost(
    act: Act, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What happens meanwhile shows at once, and the fold itself shows in no answer."""
    index, query = SegmentIndex(6), row(1)
    with held(index, monkeypatch):
        act(index, tmp_path)
        meanwhile = index.top_k(query, 50)
        stamps, size = dict(index.stamps()), len(index)
    hits = index.top_k(query, 50)
    assert hits.ids == meanwhile.ids
    assert hits.scores.tolist() == meanwhile.scores.tolist()
    assert index.stamps() == stamps
    assert len(index) == size == len(stamps) == len(hits.ids)
    assert sorted(hits.ids) == sorted(stamps)
    index.save(tmp_path / "last", "m")
    assert SegmentIndex.open(tmp_path / "last", "m").stamps() == stamps


def test_a_reader_keeps_its_snapshot_while_others_write_and_fold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = SegmentIndex(6)
    with held(index, monkeypatch):
        snapshot = index.snapshot
        before = snapshot.top_k(row(1), 50)
        index.remove(["z", "a"])
        index.add([Entry("c", Facets(maturity=3), "2")], row(100))
        during = snapshot.top_k(row(1), 50)
    after = snapshot.top_k(row(1), 50)
    assert before.ids == during.ids == after.ids == tuple("zydcab")
    assert snapshot.stamps() == dict.fromkeys("badzyc", "1")
    assert snapshot.top_k(row(1), 50, Filters(maturity_min=3)).ids == ()
    assert index.top_k(row(1), 50).ids == tuple("cydb")


def test_readers_see_whole_versions_while_segments_are_folded_in_the_background(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All documents of a version are replaced at once, so one search sees one version."""
    monkeypatch.setattr(writer, "_AT_ONCE", 0)
    monkeypatch.setattr(policy, "FRESH", 8)
    index, aside = SegmentIndex(6), []
    original = writer.folded

    def counted(parts: Sequence[Part]) -> Part:
        aside.append(threading.current_thread())
        return original(parts)

    monkeypatch.setattr(writer, "folded", counted)
    ids = [f"{number:02}" for number in range(20)]
    entries = [Entry(id_) for id_ in ids]
    index.add(entries, rows(*[[1] * 6] * 20))
    seen, done = [], threading.Event()

    def read() -> None:
        while True:
            finished = done.is_set()
            hits = index.top_k(row(1), 100)
            seen.append((tuple(hits.ids), frozenset(hits.scores.tolist())))
            if finished:
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in range(2, 40):
        index.add(entries, rows(*[[version] * 6] * 20))
        index.add([Entry(f"x{version}")], rows([0] * 6))
        index.remove([f"x{version - 1}"])
    index.settle()
    done.set()
    for reader in readers:
        reader.join()
    assert any(thread is not threading.current_thread() for thread in aside)
    assert {found for found, _ in seen} == {tuple(ids)}
    assert {len(scores) for _, scores in seen} == {1}
    assert seen[-1][1] == {39.0}
    assert len(index) == 21
