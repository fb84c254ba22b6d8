"""The exact index keeps the contract, also while it folds at nearly every addition."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher.index import Entry, ExactIndex, exact
from tests.contract.index_contract import IndexContract


class TestExactIndex(IndexContract):
    def empty(self, width: int) -> ExactIndex:
        return ExactIndex(width)


class TestExactIndexThatFoldsOften(IndexContract):
    """Fresh documents move to the frozen part from the third on, dead ones are dropped."""

    def empty(self, width: int) -> ExactIndex:
        return ExactIndex(width)

    @pytest.fixture(autouse=True)
    def _low_boundary(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exact, "_FOLD_AT", 2)


@pytest.mark.parametrize("boundary", [0, 1, 3, 7, 100])
def test_where_the_boundary_lies_shows_in_no_answer(
    boundary: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "_FOLD_AT", boundary)
    index = ExactIndex(4)
    query = csr_array(np.ones((1, 4), dtype=np.float32))
    for number in range(12):
        weights = np.array([[number % 3 + 1, 0, number % 2, 0]], dtype=np.float32)
        index.add([Entry(f"{number:02}", stamp=str(number))], csr_array(weights))
        if number % 4 == 3:
            index.remove([f"{number - 2:02}"])
    assert index.top_k(query, 4).ids == ("11", "02", "07", "08")
    assert sorted(index.stamps()) == ["00", "02", "03", "04", "06", "07", "08", "10", "11"]
    assert len(index) == 9


def test_folding_drops_what_was_removed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_FOLD_AT", 2)
    index = ExactIndex(1)
    one = csr_array(np.ones((1, 1), dtype=np.float32))
    for id_ in ["a", "b", "c", "a"]:  # a, b and c are frozen by now, and a is replaced
        index.add([Entry(id_)], one)
    index.remove(["b"])
    assert index.frequencies(one).item() == 4  # the dead are still counted
    index.add([Entry("d")], one)
    index.add([Entry("e")], one)  # the third fresh one: everything is built anew
    assert index.frequencies(one).item() == len(index) == 4


def test_a_manifest_with_too_small_a_width_is_refused(tmp_path: Path) -> None:
    """In a process of its own: columns out of range make scipy write beside its arrays."""
    index = ExactIndex(50_000)
    index.add([Entry("a")], csr_array(([np.float32(1)], ([0], [49_999])), shape=(1, 50_000)))
    index.save(tmp_path / "index", "m")
    manifest = tmp_path / "index" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "width": 3}))
    script = (
        "import sys, pathlib, matcher.index\n"
        "matcher.index.ExactIndex.open(pathlib.Path(sys.argv[1]), 'm')"
    )
    opened = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "index"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert opened.returncode == 1
    assert "IndexDamaged" in opened.stderr
