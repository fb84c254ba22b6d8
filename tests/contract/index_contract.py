"""What every index must do. A test class inherits ``IndexContract`` and says how to make one."""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array, vstack

from matcher import Filters
from matcher.errors import IndexDamaged
from matcher.index import Entry, Hits, Index
from matcher.records import Facets

WIDTH = 6


def rows(*vectors: Sequence[float]) -> csr_array:
    return csr_array(np.array(vectors, dtype=np.float32).reshape(len(vectors), WIDTH))


def row(*weights: float) -> csr_array:
    return rows([*weights, *[0.0] * (WIDTH - len(weights))])


def scored(hits: Hits) -> dict[str, float]:
    return dict(zip(hits.ids, hits.scores.tolist(), strict=True))


class IndexContract:
    """Inherit, and return a new index for rows of ``width`` columns from ``empty``."""

    def empty(self, width: int) -> Index:
        raise NotImplementedError

    @pytest.fixture
    def index(self) -> Index:
        return self.empty(WIDTH)

    @pytest.fixture
    def three(self, index: Index) -> Index:
        """c scores 3, a 2, b 1 for the query ``row(1)``; their facets differ."""
        facets = {
            "c": Facets(field="新材料", region="江苏-苏州", maturity=3),
            "a": Facets(field="电子信息", region="江苏", maturity=6, date=date(2027, 6, 30)),
            "b": Facets(field="新材料", region="浙江-杭州"),
        }
        entries = [Entry(id_, facet, f"stamp of {id_}") for id_, facet in facets.items()]
        index.add(entries, rows([3, 0, 0, 0, 0, 0], [2, 0, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0]))
        return index

    # Searching

    def test_an_empty_index_finds_nothing(self, index: Index) -> None:
        hits = index.top_k(row(1), 10)
        assert hits.ids == ()
        assert hits.scores.shape == (0,)
        assert hits.scores.dtype == np.float32
        assert len(index) == 0
        assert index.stamps() == {}
        assert index.frequencies(row(1, 1).indices).tolist() == [0, 0]

    def test_scores_are_inner_products_best_first(self, three: Index) -> None:
        hits = three.top_k(row(1, 5, 10), 10)
        assert hits.ids == ("a", "c", "b")
        assert hits.scores.tolist() == [12.0, 3.0, 1.0]
        assert hits.scores.dtype == np.float32

    @pytest.mark.parametrize(("k", "found"), [(1, "c"), (2, "ca"), (3, "cab"), (1000, "cab")])
    def test_at_most_k_are_found(self, three: Index, k: int, found: str) -> None:
        assert three.top_k(row(1), k).ids == tuple(found)

    def test_what_shares_no_term_is_not_found(self, three: Index) -> None:
        assert three.top_k(row(0, 0, 1), 10).ids == ("a",)
        assert three.top_k(row(0, 1), 10).ids == ()

    def test_a_query_without_terms_finds_nothing(self, three: Index) -> None:
        assert three.top_k(row(), 10).ids == ()
        assert three.frequencies(row().indices).tolist() == []

    def test_a_row_without_terms_is_kept_and_never_found(self, three: Index) -> None:
        three.add([Entry("silent", stamp="s")], row())
        assert len(three) == 4
        assert three.stamps()["silent"] == "s"
        assert "silent" not in three.top_k(row(1, 1, 1, 1, 1, 1), 10).ids

    def test_a_weight_of_zero_that_is_stored_is_no_shared_term(self, index: Index) -> None:
        zero = csr_array((np.zeros(1, np.float32), np.zeros(1, np.int32), [0, 1]), (1, WIDTH))
        assert zero.nnz == 1  # numbers of nothing take up room in a sparse row
        index.add([Entry("zero"), Entry("one")], csr_array(vstack([zero, row(1)])))
        assert index.top_k(row(1), 10).ids == ("one",)
        assert index.top_k(zero, 10).ids == ()

    @pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
    def test_equal_scores_come_in_order_of_id_whatever_came_first(
        self, index: Index, k: int
    ) -> None:
        for id_ in "dbeac":
            index.add([Entry(id_)], row(1))
        assert index.top_k(row(1), k).ids == tuple("abcde")[:k]

    def test_ids_may_be_any_text(self, index: Index) -> None:
        ids = ["成果-1", "", "a b", "😀", "10", "9"]
        index.add([Entry(id_) for id_ in ids], rows(*[[1, 0, 0, 0, 0, 0]] * 6))
        assert index.top_k(row(1), 10).ids == tuple(sorted(ids))

    def test_hits_bring_their_entries_and_their_rows_in_the_order_of_their_scores(
        self, three: Index
    ) -> None:
        hits = three.top_k(row(1, 5, 10), 10)
        assert hits.ids == ("a", "c", "b")
        assert [(e.stamp, e.facets.maturity) for e in hits.entries] == [
            ("stamp of a", 6),
            ("stamp of c", 3),
            ("stamp of b", None),
        ]
        assert hits.rows.toarray().tolist() == [
            [2, 0, 1, 0, 0, 0],
            [3, 0, 0, 0, 0, 0],
            [1, 0, 0, 1, 0, 0],
        ]
        assert hits.rows.dtype == np.float32
        np.testing.assert_array_equal((hits.rows @ row(1, 5, 10).T).toarray()[:, 0], hits.scores)

    def test_rows_stay_with_their_entries_whenever_those_were_added(self, three: Index) -> None:
        for number, weight in enumerate([2.5, 9, 0.5]):
            three.add([Entry(f"z{number}")], row(weight))
            hits = three.top_k(row(1), 10)
            assert hits.rows.toarray()[:, 0].tolist() == hits.scores.tolist()
            assert list(hits.scores) == sorted(hits.scores, reverse=True)
        assert hits.ids == ("z1", "c", "z0", "a", "b", "z2")

    def test_as_many_rows_come_as_entries_however_few(self, three: Index) -> None:
        for k, filters in [(1, None), (2, None), (10, Filters(maturity_min=9))]:
            hits = three.top_k(row(1), k, filters)
            assert hits.rows.shape == (len(hits.entries), WIDTH)
        assert three.top_k(row(0, 1), 10).rows.shape == (0, WIDTH)

    # Looking up

    @pytest.mark.parametrize("asked", ["abc", "cba", "b", "xay", "", "x"])
    def test_what_is_asked_for_by_id_comes_in_the_order_given(
        self, three: Index, asked: str
    ) -> None:
        held = {"a": [2, 0, 1, 0, 0, 0], "b": [1, 0, 0, 1, 0, 0], "c": [3, 0, 0, 0, 0, 0]}
        entries, found = three.get(list(asked))
        present = [id_ for id_ in asked if id_ in held]
        assert [entry.id for entry in entries] == present
        assert [entry.stamp for entry in entries] == [f"stamp of {id_}" for id_ in present]
        assert found.shape == (len(present), WIDTH)
        assert found.toarray().tolist() == [held[id_] for id_ in present]

    def test_what_was_removed_or_replaced_is_not_had_by_its_id(self, three: Index) -> None:
        three.remove(["b"])
        three.add([Entry("c", Facets(maturity=9), "new"), Entry("z")], rows([7] * 6, [1] * 6))
        entries, found = three.get(["z", "b", "c", "a"])
        assert [(entry.id, entry.stamp) for entry in entries] == [
            ("z", ""),
            ("c", "new"),
            ("a", "stamp of a"),
        ]
        assert found.toarray().tolist() == [[1] * 6, [7] * 6, [2, 0, 1, 0, 0, 0]]

    def test_an_empty_index_has_nobody(self, index: Index) -> None:
        entries, found = index.get(["a"])
        assert entries == ()
        assert found.shape == (0, WIDTH)

    # Filtering

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            (Filters(), "cab"),
            (Filters(fields=frozenset({"新材料"})), "cb"),
            (Filters(regions=frozenset({"江苏"})), "ca"),
            (Filters(maturity_min=4), "a"),
            (Filters(maturity_max=9), "ca"),
            (Filters(fields=frozenset({"新材料"}), regions=frozenset({"浙江"})), "b"),
            (Filters(date_from="2027-07-01"), "cb"),
            (Filters(date_to="2027-06-30"), "a"),
            (Filters(fields=frozenset({"航空航天"})), ""),
        ],
    )
    def test_only_what_passes_the_filters_is_found(
        self, three: Index, filters: Filters, found: str
    ) -> None:
        assert three.top_k(row(1), 10, filters).ids == tuple(found)

    def test_filters_act_before_the_cut_at_k(self, three: Index) -> None:
        assert three.top_k(row(1), 1, Filters(regions=frozenset({"浙江"}))).ids == ("b",)

    # Adding and removing

    def test_an_added_row_is_found_in_the_next_search(self, three: Index) -> None:
        three.add([Entry("z")], row(9))
        assert three.top_k(row(1), 1).ids == ("z",)
        assert len(three) == 4

    def test_a_row_with_a_known_id_replaces_the_old_one(self, three: Index) -> None:
        three.add([Entry("c", Facets(field="航空航天"), "new")], row(0, 1))
        assert len(three) == 3
        assert three.top_k(row(1), 10).ids == ("a", "b")
        assert three.top_k(row(0, 1), 10).ids == ("c",)
        assert three.top_k(row(0, 1), 10, Filters(fields=frozenset({"新材料"}))).ids == ()
        assert three.stamps() == {"a": "stamp of a", "b": "stamp of b", "c": "new"}
        assert three.stamps(["c", "nobody", "a"]) == {"a": "stamp of a", "c": "new"}
        assert three.stamps([]) == {}

    def test_of_an_id_given_twice_the_last_row_counts(self, index: Index) -> None:
        entries = [Entry("a", stamp="1"), Entry("b"), Entry("a", stamp="2")]
        index.add(entries, rows([1, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0]))
        assert scored(index.top_k(row(1), 10)) == {"a": 3.0, "b": 2.0}
        assert index.stamps() == {"a": "2", "b": ""}

    def test_a_column_given_twice_in_a_row_counts_as_the_sum(self, index: Index) -> None:
        weights = np.array([2, 2, 3], dtype=np.float32)
        twice = csr_array((weights, np.zeros(3, np.int32), [0, 2, 3]), shape=(2, WIDTH))
        index.add([Entry("twice"), Entry("once")], twice)
        assert scored(index.top_k(row(1), 10)) == {"twice": 4.0, "once": 3.0}
        assert index.frequencies(row(1).indices).tolist() == [2]

    def test_adding_nothing_changes_nothing(self, three: Index) -> None:
        three.add([], rows())
        assert len(three) == 3

    def test_a_removed_row_is_never_found_again(self, three: Index) -> None:
        three.remove(["c"])
        assert three.top_k(row(1), 10).ids == ("a", "b")
        assert len(three) == 2
        assert "c" not in three.stamps()
        assert three.stamps(["c", "b"]) == {"b": "stamp of b"}
        for id_ in "uvwxyz":  # whatever is rebuilt meanwhile, it does not rise again
            three.add([Entry(id_)], row(0, 1))
        assert three.top_k(row(1), 10).ids == ("a", "b")

    def test_filters_do_not_bring_back_what_was_removed(self, three: Index) -> None:
        three.remove(["c"])
        assert three.top_k(row(1), 10, Filters(fields=frozenset({"新材料"}))).ids == ("b",)

    def test_removing_unknown_ids_is_no_error(self, three: Index) -> None:
        three.remove(["nobody", "c", "c"])
        three.remove([])
        assert len(three) == 2

    def test_what_was_removed_can_be_added_again(self, three: Index) -> None:
        three.remove(["a", "b", "c"])
        assert len(three) == 0
        assert three.top_k(row(1), 10).ids == ()
        three.add([Entry("c", stamp="again")], row(1))
        assert scored(three.top_k(row(1), 10)) == {"c": 1.0}
        assert three.stamps() == {"c": "again"}

    @pytest.mark.parametrize("weight", [-1.0, -1e-6, float("nan"), float("inf")])
    def test_weights_below_zero_and_no_numbers_are_refused_and_nothing_changes(
        self, three: Index, weight: float
    ) -> None:
        with pytest.raises(ValueError):
            three.add([Entry("c"), Entry("d")], rows([1] * 6, [weight, 1, 0, 0, 0, 0]))
        assert scored(three.top_k(row(1), 10)) == {"c": 3.0, "a": 2.0, "b": 1.0}

    @pytest.mark.parametrize("width", [WIDTH - 1, WIDTH + 1])
    def test_rows_that_do_not_fit_are_refused_and_nothing_changes(
        self, three: Index, width: int
    ) -> None:
        with pytest.raises(ValueError):
            three.add([Entry("a")], csr_array(np.ones((1, width), dtype=np.float32)))
        with pytest.raises(ValueError):
            three.add([Entry("a"), Entry("d")], row(1))
        assert scored(three.top_k(row(1), 10)) == {"c": 3.0, "a": 2.0, "b": 1.0}

    # Counting

    def test_frequencies_count_documents_in_the_order_of_the_query(self, three: Index) -> None:
        assert three.frequencies(row(1, 1, 1).indices).tolist() == [3, 0, 1]
        assert three.frequencies(row(0, 0, 7, 7).indices).tolist() == [1, 1]

    def test_frequencies_of_living_documents_are_never_too_small(self, three: Index) -> None:
        three.remove(["c"])
        three.add([Entry("a")], row(1))
        assert 2 <= three.frequencies(row(1).indices).item() <= 4

    # On disk

    def test_what_was_saved_is_found_after_opening(self, three: Index, tmp_path: Path) -> None:
        three.remove(["b"])
        three.add([Entry("d", Facets(cooperation_modes=("技术许可", "技术转让")), "四")], row(2))
        three.save(tmp_path / "index", "model-1")
        opened = type(three).open(tmp_path / "index", "model-1")
        assert opened.top_k(row(1), 10).ids == three.top_k(row(1), 10).ids == ("c", "a", "d")
        assert opened.top_k(row(1), 10).scores.tolist() == [3.0, 2.0, 2.0]
        assert opened.stamps() == three.stamps()
        assert len(opened) == 3
        licence = Filters(cooperation_modes=frozenset({"技术许可"}))
        assert opened.top_k(row(1), 10, licence).ids == ("d",)
        assert 3 <= opened.frequencies(row(1).indices).item() <= 4  # b may still be counted
        for asked in (opened, three):
            entries, found = asked.get(["d", "b", "a"])
            assert [entry.stamp for entry in entries] == ["四", "stamp of a"]
            assert found.toarray().tolist() == [[2, 0, 0, 0, 0, 0], [2, 0, 1, 0, 0, 0]]

    def test_an_opened_index_can_be_changed_and_saved_over_itself(
        self, three: Index, tmp_path: Path
    ) -> None:
        three.save(tmp_path / "index", "m")
        opened = type(three).open(tmp_path / "index", "m")
        opened.remove(["c"])
        opened.add([Entry("a")], row(7))
        opened.save(tmp_path / "index", "m")
        again = type(three).open(tmp_path / "index", "m")
        assert scored(again.top_k(row(1), 10)) == {"a": 7.0, "b": 1.0}
        # The folder under the first one was replaced; what it holds in memory still answers.
        assert scored(opened.top_k(row(1), 10)) == {"a": 7.0, "b": 1.0}

    def test_an_empty_index_can_be_saved_and_opened(self, index: Index, tmp_path: Path) -> None:
        index.save(tmp_path / "index", "m")
        opened = type(index).open(tmp_path / "index", "m")
        assert len(opened) == 0
        opened.add([Entry("a")], row(1))
        assert opened.top_k(row(1), 1).ids == ("a",)

    def test_the_folder_is_replaced_as_a_whole(self, three: Index, tmp_path: Path) -> None:
        folder = tmp_path / "deep" / "index"
        folder.mkdir(parents=True)
        (folder / "left-over.bin").write_bytes(b"old")
        three.save(folder, "m")
        files = {path.relative_to(folder) for path in folder.rglob("*")}
        assert Path("left-over.bin") not in files
        assert [path.name for path in folder.parent.iterdir()] == ["index"]
        three.save(folder, "m")
        assert {path.relative_to(folder) for path in folder.rglob("*")} == files

    def test_a_remnant_of_an_interrupted_save_does_no_harm(
        self, three: Index, tmp_path: Path
    ) -> None:
        three.save(tmp_path / "index", "m")
        (tmp_path / "index" / "index.json.new").write_bytes(b"{")
        (tmp_path / "index" / "segment-half").mkdir()
        (tmp_path / "index" / "segment-half" / "runs").write_bytes(b"half")
        assert len(type(three).open(tmp_path / "index", "m")) == 3
        three.save(tmp_path / "index", "m")
        assert len(type(three).open(tmp_path / "index", "m")) == 3
        assert not (tmp_path / "index" / "segment-half").exists()

    @pytest.mark.parametrize("step", ["write", "flush", "replace"])
    def test_a_save_that_fails_leaves_the_old_folder_as_it_was(
        self, three: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        three.save(tmp_path / "index", "m")

        def full_disk(*_: object, **__: object) -> None:
            raise OSError("no space left on device")

        three.add([Entry("d")], row(4))
        three.remove(["c"])
        broken = {"write": "write_text", "replace": "replace"}
        with monkeypatch.context() as patch:
            if step == "flush":
                patch.setattr(os, "fsync", full_disk)
            else:
                patch.setattr(Path, broken[step], full_disk)
            with pytest.raises(OSError, match="no space"):
                three.save(tmp_path / "index", "m")
        before = type(three).open(tmp_path / "index", "m")
        assert scored(before.top_k(row(1), 10)) == {"c": 3.0, "a": 2.0, "b": 1.0}
        assert scored(three.top_k(row(1), 10)) == {"d": 4.0, "a": 2.0, "b": 1.0}
        three.save(tmp_path / "index", "m")
        after = type(three).open(tmp_path / "index", "m")
        assert scored(after.top_k(row(1), 10)) == {"d": 4.0, "a": 2.0, "b": 1.0}

    def test_an_index_of_another_model_is_refused(self, three: Index, tmp_path: Path) -> None:
        three.save(tmp_path / "index", "model-1")
        with pytest.raises(IndexDamaged, match="模型"):
            type(three).open(tmp_path / "index", "model-2")

    def test_a_missing_folder_is_refused(self, three: Index, tmp_path: Path) -> None:
        with pytest.raises(IndexDamaged):
            type(three).open(tmp_path / "nowhere", "m")

    # Threads

    @pytest.fixture
    def eager_threads(self) -> Iterator[None]:
        """Threads that take turns as often as they can."""
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        yield
        sys.setswitchinterval(before)

    @pytest.mark.usefixtures("eager_threads")
    def test_a_search_during_writes_sees_one_state_of_them(self, index: Index) -> None:
        """All ten rows of a version come and go at once, so one search sees one version."""
        ids = [f"{number:02}" for number in range(10)]
        entries = [Entry(id_) for id_ in ids]
        index.add(entries, rows(*[[1, 0, 0, 0, 0, 0]] * 10))
        started, done = threading.Barrier(4), threading.Event()
        seen: list[tuple[tuple[str, ...], set[float]]] = []

        def read() -> None:
            started.wait()
            while True:
                finished = done.is_set()
                hits = index.top_k(row(1), 20)
                assert hits.rows.toarray()[:, 0].tolist() == hits.scores.tolist()
                seen.append((tuple(hits.ids), set(hits.scores.tolist())))
                if finished:
                    return

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        started.wait()
        for version in range(2, 60):
            index.add(entries, rows(*[[version, 0, 0, 0, 0, 0]] * 10))
        done.set()
        for reader in readers:
            reader.join()
        assert {found for found, _ in seen} == {tuple(ids)}
        assert {len(scores) for _, scores in seen} == {1}
        assert seen[-1][1] == {59.0}

    @pytest.mark.usefixtures("eager_threads")
    def test_writers_do_not_lose_what_others_write(self, index: Index) -> None:
        def write(writer: int) -> None:
            for number in range(20):
                index.add([Entry(f"{writer}-{number}")], row(1))
                if number % 2:
                    index.remove([f"{writer}-{number}"])

        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        left = {f"{writer}-{number}" for writer in range(4) for number in range(0, 20, 2)}
        assert set(index.stamps()) == set(index.top_k(row(1), 1000).ids) == left
