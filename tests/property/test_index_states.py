"""The index beside a dictionary, through any sequence of what can happen to it."""

import shutil
import tempfile
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from scipy.sparse import csr_array

from matcher import Filters
from matcher.index import Entry, SegmentIndex, policy, topics, writer
from matcher.index.reader import Part
from matcher.records import Facets
from tests.oracle.brute_force import best, pairs, passes

WIDTH = 5
IDS = ["", "a", "b", "ba", "甲", "\ud800", "x\0", *(f"{n:02}" for n in range(30))]
ids = st.sampled_from(IDS)
weights = st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.0, 0.1]), min_size=WIDTH, max_size=WIDTH)
fields = st.sampled_from([None, "新材料", "电子信息"])
days = st.none() | st.dates(date(2027, 6, 28), date(2027, 7, 2))
documents = st.tuples(ids, fields, st.none() | st.integers(1, 9), days, weights)
conditions = st.sampled_from(
    [
        None,
        Filters(),
        Filters(fields=frozenset({"新材料"})),
        Filters(maturity_min=5),
        Filters(fields=frozenset({"电子信息"}), maturity_max=3),
        Filters(fields=frozenset({"航空航天"})),
        Filters(date_from="2027-06-30"),
        Filters(fields=frozenset({"新材料"}), date_to="2027-06-30"),
    ]
)


class Indexed(RuleBasedStateMachine):
    """``model`` says what should be there: the entry and the weights of each id."""

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, tuple[Entry, list[float]]] = {}
        self.index = SegmentIndex(WIDTH)
        self.folder = Path(tempfile.mkdtemp())
        self.saved: dict[str, tuple[Entry, list[float]]] | None = None
        self.history: list[tuple[Entry, list[float]]] = []
        self.count = 0
        self.patch = pytest.MonkeyPatch()

    def teardown(self) -> None:
        self.index.settle()
        self.patch.undo()
        shutil.rmtree(self.folder)

    @initialize(fresh=st.sampled_from([1, 2, 4, 1024]), fewest=st.sampled_from([4, 10_000]))
    def limits(self, fresh: int, fewest: int) -> None:
        self.patch.setattr(policy, "FRESH", fresh)
        self.patch.setattr(policy, "_FACTOR", 2)
        self.patch.setattr(topics, "_FEWEST", fewest)

    @rule(batch=st.lists(documents, max_size=12))
    def add(
        self, batch: list[tuple[str, str | None, int | None, date | None, list[float]]]
    ) -> None:
        entries = []
        for id_, field, maturity, day, _ in batch:
            self.count += 1
            facets = Facets(field=field, maturity=maturity, date=day)
            entries.append(Entry(id_, facets, str(self.count)))
        rows = [row for *_, row in batch]
        dense = np.array(rows, dtype=np.float32).reshape(-1, WIDTH)
        self.index.add(entries, csr_array(dense))
        self.history += zip(entries, rows, strict=True)
        self.model.update({e.id: (e, row) for e, row in zip(entries, rows, strict=True)})

    @rule(gone=st.sets(ids, max_size=8) | st.lists(ids, max_size=8))
    def remove(self, gone: set[str] | list[str]) -> None:
        self.index.remove(gone)
        for id_ in gone:
            self.model.pop(id_, None)

    @rule()
    def remove_everything(self) -> None:
        self.index.remove(list(self.model))
        self.model.clear()

    @rule()
    def settle(self) -> None:
        self.index.settle()

    @rule()
    def save(self) -> None:
        self.index.save(self.folder / "index", "m")
        self.saved = dict(self.model)

    @rule()
    def save_elsewhere_and_go_on(self) -> None:
        self.count += 1
        self.index.save(self.folder / f"other-{self.count}", "m")
        other = SegmentIndex.open(self.folder / f"other-{self.count}", "m")
        assert set(other.stamps()) == set(self.model)

    @rule()
    def open_what_was_saved(self) -> None:
        if self.saved is not None:
            self.index.settle()
            self.index = SegmentIndex.open(self.folder / "index", "m")
            self.model = dict(self.saved)

    @rule()
    def adopt_what_was_saved(self) -> None:
        if self.saved is not None:
            self.index.adopt(self.folder / "index", "m")

    @rule(places=st.sets(st.integers(0, 99), max_size=20))
    def adopt_what_another_saved(self, places: set[int]) -> None:
        """Some of what is here, some of what was here before."""
        self.count += 1
        there, other = self.folder / f"other-{self.count}", SegmentIndex(WIDTH)
        for entry, row in [one for at, one in enumerate(self.history) if at in places]:
            other.add([entry], csr_array(np.array([row], dtype=np.float32)))
        other.save(there, "m")
        for _ in range(2):
            self.index.adopt(there, "m")

    @rule(query=weights, k=st.sampled_from([1, 2, 5, 99]), filters=conditions)
    def search(self, query: list[float], k: int, filters: Filters | None) -> None:
        entries = [entry for entry, _ in self.model.values()]
        rows = [row for _, row in self.model.values()]
        dense = np.array(rows, dtype=np.float32).reshape(-1, WIDTH)
        asked = csr_array(np.array([query], dtype=np.float32))
        allowed = filters or Filters()
        expected = best(entries, dense, asked, k, lambda entry: passes(entry.facets, allowed))
        hits = self.index.top_k(asked, k, filters)
        assert pairs(hits) == expected
        assert list(hits.entries) == [self.model[id_][0] for id_ in hits.ids]
        found = np.array([self.model[id_][1] for id_ in hits.ids], dtype=np.float32)
        np.testing.assert_array_equal(hits.rows.toarray(), found.reshape(-1, WIDTH))
        occurs = np.count_nonzero(dense[:, asked.indices], axis=0)
        assert (self.index.frequencies(asked.indices) >= occurs).all()

    @rule(asked=st.lists(ids, max_size=6, unique=True))
    def get(self, asked: list[str]) -> None:
        entries, rows = self.index.get(asked)
        present = [self.model[id_] for id_ in asked if id_ in self.model]
        assert list(entries) == [entry for entry, _ in present]
        expected = np.array([row for _, row in present], dtype=np.float32).reshape(-1, WIDTH)
        np.testing.assert_array_equal(rows.toarray(), expected)
        assert self.index.stamps(asked) == {entry.id: entry.stamp for entry, _ in present}

    @invariant()
    def holds_what_it_should(self) -> None:
        expected = {id_: entry.stamp for id_, (entry, _) in self.model.items()}
        assert len(self.index) == len(expected)
        assert self.index.stamps() == expected


class IndexedWhileFolding(Indexed):
    """Every fold is in the background, and ends only when one waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()
        original = writer.folded

        def folded(parts: Sequence[Part]) -> Part:
            whole = original(parts)
            assert self.may_end.wait(60)
            return whole

        self.patch.setattr(writer, "folded", folded)
        self.patch.setattr(writer, "_AT_ONCE", 0)

    def teardown(self) -> None:
        self.may_end.set()
        super().teardown()

    @rule()
    def settle(self) -> None:
        self.may_end.set()
        self.index.settle()
        self.may_end.clear()

    @rule()
    def open_what_was_saved(self) -> None:
        self.settle()
        super().open_what_was_saved()


TestIndexedWhileFolding = IndexedWhileFolding.TestCase
TestIndexedWhileFolding.settings = settings(max_examples=60, stateful_step_count=30)
TestIndexed = Indexed.TestCase
TestIndexed.settings = settings(max_examples=60, stateful_step_count=30)
