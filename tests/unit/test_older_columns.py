"""Files of an index that was saved before records had a kind and a last day."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import SegmentIndex
from matcher.index.port import Entry
from matcher.records import Facets
from tests.unit.older import written_as_before

ROWS = csr_array(np.ones((2, 4), dtype=np.float32))
QUERY = csr_array(np.eye(4, dtype=np.float32)[[0]])
NEW = Entry("r3", Facets("新材料", kind="pilot", date=date(2027, 6, 30)), "3")
PILOTS = Filters(kinds=frozenset({"pilot"}))
DUE = Filters(date_to="2027-06-30")


def entries() -> list[Entry]:
    known = (
        Facets("新材料", "江苏", kind="pilot", date=date(2026, 12, 31)),
        Facets("航空航天", maturity=3),
    )
    return [Entry(f"r{place}", facets, str(place)) for place, facets in enumerate(known)]


@pytest.fixture
def older(tmp_path: Path) -> SegmentIndex:
    """An index opened from files without these columns."""
    index = SegmentIndex(4)
    index.add(entries(), ROWS)
    with written_as_before():
        index.save(tmp_path / "index", "model")
    files = sorted((tmp_path / "index").rglob("*"))
    assert not any("kind" in path.name or "days" in path.name for path in files)
    return SegmentIndex.open(tmp_path / "index", "model")


def test_it_opens_and_knows_all_but_the_kind_and_the_day(older: SegmentIndex) -> None:
    found, rows = older.get(["r0", "r1"])
    bare = [one._replace(facets=one.facets._replace(kind=None, date=None)) for one in entries()]
    assert list(found) == bare
    assert older.lacks_days
    assert rows.toarray().tolist() == ROWS.toarray().tolist()
    assert older.top_k(QUERY, 9).ids == ("r0", "r1")
    assert older.top_k(QUERY, 9, Filters(fields=frozenset({"新材料"}))).ids == ("r0",)
    assert older.top_k(QUERY, 9, PILOTS).ids == ()
    assert older.top_k(QUERY, 9, DUE).ids == ()
    assert older.top_k(QUERY, 9, Filters(date_from="2027-06-30")).ids == ("r0", "r1")


def test_an_index_saved_today_lacks_no_days(tmp_path: Path) -> None:
    index = SegmentIndex(4)
    index.add(entries(), ROWS)
    index.save(tmp_path / "index", "model")
    assert not SegmentIndex.open(tmp_path / "index", "model").lacks_days
    assert not index.lacks_days


def test_what_is_added_later_has_its_kind_and_its_day_also_after_the_next_save(
    older: SegmentIndex, tmp_path: Path
) -> None:
    older.add([NEW], ROWS[[0]])
    older.save(tmp_path / "index", "model")
    for index in (older, SegmentIndex.open(tmp_path / "index", "model")):
        assert index.top_k(QUERY, 9, PILOTS).ids == ("r3",)
        assert index.top_k(QUERY, 9, DUE).ids == ("r3",)
        assert index.get(["r3"])[0] == (NEW,)
        assert len(index) == 3
