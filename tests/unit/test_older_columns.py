"""Files of an index that was saved before records had a kind."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import SegmentIndex
from matcher.index.documents import Documents
from matcher.index.port import Entry
from matcher.index.shelf import Shelf
from matcher.records import Facets

ROWS = csr_array(np.ones((2, 4), dtype=np.float32))
QUERY = csr_array(np.eye(4, dtype=np.float32)[[0]])
NEW = Entry("r3", Facets("新材料", kind="pilot"), "3")
PILOTS = Filters(kinds=frozenset({"pilot"}))


def entries() -> list[Entry]:
    known = (Facets("新材料", "江苏", kind="pilot"), Facets("航空航天", maturity=3))
    return [Entry(f"r{place}", facets, str(place)) for place, facets in enumerate(known)]


@pytest.fixture
def older(tmp_path: Path) -> SegmentIndex:
    """An index opened from files without that column."""
    put = Documents.put

    def put_without(self: Documents, shelf: Shelf) -> dict[str, list[str]]:
        coded = {name: one for name, one in self.columns.coded.items() if name != "kind"}
        return put(replace(self, columns=replace(self.columns, coded=coded)), shelf)

    index = SegmentIndex(4)
    index.add(entries(), ROWS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Documents, "put", put_without)
        index.save(tmp_path / "index", "model")
    files = sorted((tmp_path / "index").rglob("*"))
    assert not any("kind" in path.name for path in files)
    return SegmentIndex.open(tmp_path / "index", "model")


def test_it_opens_and_knows_all_but_the_kind(older: SegmentIndex) -> None:
    found, rows = older.get(["r0", "r1"])
    assert list(found) == [replace(one, facets=replace(one.facets, kind=None)) for one in entries()]
    assert rows.toarray().tolist() == ROWS.toarray().tolist()
    assert older.top_k(QUERY, 9).ids == ("r0", "r1")
    assert older.top_k(QUERY, 9, Filters(fields=frozenset({"新材料"}))).ids == ("r0",)
    assert older.top_k(QUERY, 9, PILOTS).ids == ()


def test_what_is_added_later_has_its_kind_also_after_the_next_save(
    older: SegmentIndex, tmp_path: Path
) -> None:
    older.add([NEW], ROWS[[0]])
    older.save(tmp_path / "index", "model")
    for index in (older, SegmentIndex.open(tmp_path / "index", "model")):
        assert index.top_k(QUERY, 9, PILOTS).ids == ("r3",)
        assert index.get(["r3"])[0] == (NEW,)
        assert len(index) == 3
