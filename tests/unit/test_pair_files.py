"""Every pairing at once as a file: formats, options, and going on after a stop."""

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from api.files.reading import read_rows
from api.services import pair_files
from api.services.fitting import fit
from api.services.pair_files import Written, write_pairs
from api.services.pairs import Wanted
from api.services.workspace import Workspace
from matcher.checks import MAX_TEXT
from matcher.errors import InvalidInput
from matcher.filters import Filters
from matcher.pairing.wording import GRADE_NAMES
from matcher.values import BROKERS
from tests.unit.stores import decided, need

WORDS = ["氨氮", "总磷", "色度", "异味", "泡沫", "浊度", "结垢", "腐蚀", "酸化", "油膜"]


@pytest.fixture
def library(workspace: Workspace) -> Workspace:
    """Two achievements, and ten demands."""
    demands = [need(f"d{n}", title=f"=养殖废水{word}超标") for n, word in enumerate(WORDS[:9])]
    workspace.demands.save(demands, {"d1": "D-one"})
    workspace.catch_up()
    return workspace


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_files, "_AT_ONCE", 4)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def stopping(after: int) -> Any:
    """A ``Track`` that is interrupted behind so many items."""

    def track(items: Iterable[Any], label: str, total: int) -> Iterable[Any]:
        for number, item in enumerate(items):
            if number == after:
                raise KeyboardInterrupt
            yield item

    return track


def test_pairs_are_those_of_match(library: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    done = write_pairs(library, Wanted(k=1), path)
    found = lines(path)
    assert done == Written(records=10, pairs=len(found))
    assert [row["demand_id"] for row in found] == sorted(library.demands.stamps())
    for row in found:
        demand = library.demands.get(row["demand_id"])
        assert demand is not None
        [pairing] = library.matchmaker.match(demand, 1).pairings
        assert pairing.grading is not None
        assert row["achievement_id"] == pairing.achievement.id
        assert row["grade"] == pairing.grading.grade
        assert row["expected_grade"] == pairing.grading.expected
        assert row["strong_probability"] == pairing.grading.strong
        assert (row["score"], row["rank"]) == (pairing.score, 1)
    assert [row["demand_external_id"] for row in found if row["demand_id"] == "d1"] == ["D-one"]
    assert {row["achievement_external_id"] for row in found} <= {"A-1", "A-2"}


def test_all_formats_say_the_same(library: Workspace, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    wanted = Wanted("demands", reasons=True)
    for suffix in pair_files.FORMATS:
        write_pairs(library, wanted, tmp_path / f"pairs{suffix}")
    said = lines(tmp_path / "pairs.jsonl")
    assert len(said) >= 10
    assert all(row["reason"] for row in said)
    assert parquet.read_table(tmp_path / "pairs.parquet").to_pylist() == said
    table = tmp_path / "pairs.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert all(row["需求名称"][:2] in {"'=", "养殖"} for row in csv.DictReader(file))
    read = [row.cells for row in read_rows(table)]
    assert [row["需求名称"] for row in read] == [row["demand_title"] for row in said]
    assert [row["等级"] for row in read] == [GRADE_NAMES[row["grade"]] for row in said]
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@pytest.mark.parametrize("after", [0, 3, 4, 9])
def test_it_goes_on_behind_the_last_complete_block(
    library: Workspace, tmp_path: Path, after: int, suffix: str
) -> None:
    path, whole = tmp_path / f"pairs{suffix}", tmp_path / f"whole{suffix}"
    write_pairs(library, Wanted(), whole)
    with pytest.raises(KeyboardInterrupt):
        write_pairs(library, Wanted(), path, stopping(after))
    assert not path.exists()
    done = write_pairs(library, Wanted(), path)
    assert done.resumed == after // 4 * 4
    assert path.read_bytes() == whole.read_bytes()
    assert {file.name for file in tmp_path.glob("pairs*")} == {path.name}


DUE = Filters(date_from="2027-01-01", date_to="2027-06-30")


def test_demands_are_narrowed_by_the_days_on_which_they_end(
    library: Workspace, tmp_path: Path
) -> None:
    path, days = tmp_path / "pairs.jsonl", (None, "2026-12-31", "2027-06-30", "2027-07-01")
    ends = [need(f"d{n}", deadline=day) for n, day in enumerate(days)]
    library.demands.save(ends, {})
    library.catch_up()
    later = [need(f"d{n}", deadline="2028-01-01") for n in range(4, 9)]
    library.demands.save(later, {})
    library.catch_up()
    done = write_pairs(library, Wanted("demands", k=20, filters=DUE), path)
    assert done.pairs == len(lines(path)) == 2
    assert {line["demand_id"] for line in lines(path)} == {"d2"}


@pytest.mark.parametrize(
    "other",
    [
        Wanted(k=3),
        Wanted("demands"),
        Wanted("demands", filters=DUE),
        Wanted(least=2),
        Wanted(public=True),
    ],
    ids=str,
)
def test_it_does_not_go_on_with_other_options(
    library: Workspace, tmp_path: Path, other: Wanted
) -> None:
    path = tmp_path / "pairs.csv"
    with pytest.raises(KeyboardInterrupt):
        write_pairs(library, Wanted(), path, stopping(5))
    with pytest.raises(InvalidInput, match="与这次不同"):
        write_pairs(library, other, path)


def test_it_does_not_go_on_with_another_model(library: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    with pytest.raises(KeyboardInterrupt):
        write_pairs(library, Wanted(), path, stopping(5))
    fit(library)
    with pytest.raises(InvalidInput, match="模型"):
        write_pairs(library, Wanted(), path)


def decide_one(library: Workspace) -> None:
    one = min(library.achievements.stamps())
    with library.store.writing() as unit:
        library.store.decisions.add(unit, decided("v1", "d1", one, 1))


def add_one(library: Workspace) -> None:
    library.demands.save([need("d95")])
    library.catch_up()


@pytest.mark.parametrize("change", [add_one, decide_one])
def test_it_goes_on_with_a_changed_library_only_if_told_to(
    library: Workspace, tmp_path: Path, change: Any
) -> None:
    path = tmp_path / "pairs.csv"
    with pytest.raises(KeyboardInterrupt):
        write_pairs(library, Wanted(), path, stopping(5))
    change(library)
    with pytest.raises(
        InvalidInput, match=r"删除 .*pairs\.csv\.state 后重新开始，或加上 --changed"
    ):
        write_pairs(library, Wanted(), path)
    done = write_pairs(library, Wanted(), path, changed=True)
    assert (done.resumed, done.records) == (4, library.demands.count())


def test_it_goes_on_with_another_version_not_at_all(
    library: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pairs.csv"
    with pytest.raises(KeyboardInterrupt):
        write_pairs(library, Wanted(), path, stopping(5))
    monkeypatch.setattr(pair_files, "version", lambda _: "99.0")
    with pytest.raises(InvalidInput, match="程序版本"):
        write_pairs(library, Wanted(), path, changed=True)


def test_only_grades_that_are_wanted_are_written(library: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    write_pairs(library, Wanted(), path)
    everything = lines(path)
    grades = sorted({row["grade"] for row in everything})
    assert len(grades) > 1
    write_pairs(library, Wanted(least=grades[1]), path)
    assert lines(path) == [row for row in everything if row["grade"] >= grades[1]]


@pytest.mark.parametrize("direction", ["achievements", "demands"])
def test_the_public_sees_no_confidential_demand(
    library: Workspace, tmp_path: Path, direction: Any
) -> None:
    one = library.demands.get("d3")
    assert one is not None
    library.demands.save(
        [replace(one, confidentiality=BROKERS), need("d4", title="联系13812345678")]
    )
    library.catch_up()
    path = tmp_path / "pairs.jsonl"
    write_pairs(library, Wanted(direction, public=True), path)
    assert "d4" in {row["demand_id"] for row in lines(path)}
    assert "d3" not in {row["demand_id"] for row in lines(path)}
    assert "13812345678" not in path.read_text("utf-8")


def test_a_text_too_long_is_counted(library: Workspace, tmp_path: Path) -> None:
    library.demands.save([replace(need("d0"), problem="长" * (MAX_TEXT + 1))])
    library.catch_up()
    path = tmp_path / "pairs.jsonl"
    assert write_pairs(library, Wanted(), path).too_long == 1
    assert "d0" not in {row["demand_id"] for row in lines(path)}


def test_an_empty_library_gives_an_empty_table(empty: Workspace, tmp_path: Path) -> None:
    fit(empty)
    for suffix in (".jsonl", ".csv"):
        path = tmp_path / f"pairs{suffix}"
        assert asdict(write_pairs(empty, Wanted(), path)) == asdict(Written())
    assert (tmp_path / "pairs.jsonl").read_bytes() == b""
    assert (tmp_path / "pairs.csv").read_text("utf-8-sig").startswith("需求编号,")


@pytest.mark.parametrize(
    ("wanted", "name", "said"),
    [
        (Wanted(), "pairs.xlsx", "不能写成"),
        (Wanted(), "nowhere/pairs.csv", "已有目录"),
        (Wanted(k=0), "pairs.csv", "k 应在"),
        (Wanted(filters=DUE), "pairs.csv", "查找成果时不能按截止日期筛选"),
        (Wanted("demands", filters=Filters(date_to="月底")), "pairs.csv", "不是日期"),
        (Wanted(least=5), "pairs.csv", "最低等级"),
        (Wanted(public=True, reasons=True), "pairs.csv", "理由"),
    ],
)
def test_what_cannot_be_had_is_said_at_once(
    library: Workspace, tmp_path: Path, wanted: Wanted, name: str, said: str
) -> None:
    before = set(tmp_path.iterdir())
    with pytest.raises(InvalidInput, match=said):
        write_pairs(library, wanted, tmp_path / name)
    assert set(tmp_path.iterdir()) == before


def test_without_a_grader_no_grade_can_be_asked_for(library: Workspace, tmp_path: Path) -> None:
    library.matchmaker.grader = None
    with pytest.raises(InvalidInput, match="不给等级"):
        write_pairs(library, Wanted(least=3), tmp_path / "pairs.csv")
    write_pairs(library, Wanted(k=1), tmp_path / "pairs.jsonl")
    assert {row["grade"] for row in lines(tmp_path / "pairs.jsonl")} == {None}


def test_parquet_without_its_package_says_what_to_install(
    library: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InvalidInput, match=r"hongniang\[parquet\]"):
        write_pairs(library, Wanted(), tmp_path / "pairs.parquet")


def test_what_was_decided_is_not_written_again(library: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    write_pairs(library, Wanted(k=1), path)
    first = lines(path)[0]
    one = decided("v1", first["demand_id"], first["achievement_id"], 1)
    with library.store.writing() as unit:
        library.store.decisions.add(unit, one)
    write_pairs(library, Wanted(), path)
    pairs = {(row["demand_id"], row["achievement_id"]) for row in lines(path)}
    assert (first["demand_id"], first["achievement_id"]) not in pairs
    assert (lines(path)[-1]["demand_id"], first["achievement_id"]) in pairs
