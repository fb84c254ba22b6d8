"""Files into the store: every row checked first, all of them or none, the same file twice."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.services import importing
from api.services.importing import Imported, import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from matcher.errors import ImportRejected
from tests.unit.rows import achievement_row, demand_row, write_csv, write_jsonl, write_xlsx

CHINESE = {
    "external_id": "编号",
    "title": "成果名称",
    "abstract": "成果简介",
    "keywords": "关键词",
    "provider": "完成单位",
    "field": "技术领域",
}


def in_chinese(row: dict[str, Any], **names: str) -> dict[str, Any]:
    return {(CHINESE | names)[name]: value for name, value in row.items()}


def titles(space: Workspace) -> dict[str, str]:
    found = space.achievements.by_external_id(["A-1", "A-2", "A-3"])
    return {external_id: record.title for external_id, record in found.items()}


def refusal_of(space: Workspace, path: Path) -> ImportRejected:
    with pytest.raises(ImportRejected) as refusal:
        import_file(space, ACHIEVEMENTS, path)
    return refusal.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_chinese_headers_in_every_encoding_are_the_same_records(
    empty: Workspace, tmp_path: Path, encoding: str
) -> None:
    rows = [in_chinese(achievement_row(n)) for n in (1, 2)]
    done = import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", rows, encoding))
    assert done == Imported(added=2, changed=0, unchanged=0)
    assert titles(empty) == {f"A-{n}": achievement_row(n)["title"] for n in (1, 2)}


@pytest.mark.parametrize(
    "decorated",
    [
        "{}*",
        "*{}",
        "{}（必填）",
        "{}(必填)",
        "{} *（必填）",
        " {} ",
        "{}＊",
        "* {}（必填，200字以内）",
    ],
)
def test_headers_may_say_that_they_are_required(
    empty: Workspace, tmp_path: Path, decorated: str
) -> None:
    row = {decorated.format(name): cell for name, cell in in_chinese(achievement_row(1)).items()}
    done = import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", [row]))
    assert done == Imported(added=1, changed=0, unchanged=0)


@pytest.mark.parametrize(
    "names",
    [
        {"external_id": "成果编号", "title": "名称", "abstract": "摘要", "provider": "单位"},
        {"external_id": "id", "title": "标题", "abstract": "详细介绍", "field": "所属技术领域"},
    ],
)
def test_other_names_for_a_column_are_understood(
    empty: Workspace, tmp_path: Path, names: dict[str, str]
) -> None:
    path = write_csv(tmp_path / "a.csv", [in_chinese(achievement_row(1), **names)])
    assert import_file(empty, ACHIEVEMENTS, path).added == 1


def test_demands_have_their_own_headers(empty: Workspace, tmp_path: Path) -> None:
    chinese = DEMANDS.draft.labels() | {"external_id": "需求编号", "phone": "手机"}
    row = {chinese[name]: cell for name, cell in demand_row(1, deadline="2027/3/1").items()}
    assert import_file(empty, DEMANDS, write_csv(tmp_path / "d.csv", [row])).added == 1
    stored = empty.demands.by_external_id(["D-1"])["D-1"]
    assert (stored.deadline, stored.phone) == ("2027-03-01", "000-12345678")


def test_a_spreadsheet_with_numbers_and_dates_is_understood(
    empty: Workspace, tmp_path: Path
) -> None:
    row = demand_row(1, maturity_min=6, budget=120.5, deadline=date(2027, 6, 30))
    blank = [None] * len(row)
    path = write_xlsx(tmp_path / "d.xlsx", [list(row), blank, list(row.values()), blank])
    assert import_file(empty, DEMANDS, path).added == 1
    stored = empty.demands.by_external_id(["D-1"])["D-1"]
    assert (stored.maturity_min, stored.budget, stored.deadline) == (6, 120.5, "2027-06-30")


def test_a_spreadsheet_may_hold_the_telephone_number_as_a_number(
    empty: Workspace, tmp_path: Path
) -> None:
    row = demand_row(1, phone=13800000000)
    import_file(empty, DEMANDS, write_xlsx(tmp_path / "d.xlsx", [list(row), list(row.values())]))
    assert empty.demands.by_external_id(["D-1"])["D-1"].phone == "13800000000"


def test_ids_that_are_numbers_are_the_same_in_a_spreadsheet_and_in_text(
    empty: Workspace, tmp_path: Path
) -> None:
    row = achievement_row(1, external_id=7)
    path = write_xlsx(tmp_path / "a.xlsx", [list(row), list(row.values())])
    assert import_file(empty, ACHIEVEMENTS, path).added == 1
    again = import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", [row]))
    assert again == Imported(added=0, changed=0, unchanged=1)


def test_zero_is_an_id_too(empty: Workspace, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1, external_id=0)])
    assert import_file(empty, ACHIEVEMENTS, path).added == 1


def test_lines_of_jsonl_may_have_different_keys(empty: Workspace, tmp_path: Path) -> None:
    rows = [
        achievement_row(1, maturity=6),
        in_chinese(achievement_row(2)),
        achievement_row(3, keywords=["甲", "乙"], price_min=None),
    ]
    assert import_file(empty, ACHIEVEMENTS, write_jsonl(tmp_path / "a.jsonl", rows)).added == 3
    stored = empty.achievements.by_external_id(["A-1", "A-2", "A-3"])
    assert [stored[f"A-{n}"].maturity for n in (1, 2, 3)] == [6, None, None]
    assert stored["A-3"].keywords == ("甲", "乙")


def test_a_line_of_jsonl_without_a_required_key_is_reported(
    empty: Workspace, tmp_path: Path
) -> None:
    short = {name: value for name, value in achievement_row(2).items() if name != "provider"}
    path = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1), short])
    [problem] = refusal_of(empty, path).problems
    assert (problem.row, problem.column) == (2, "完成单位")


def test_the_same_file_again_changes_nothing(empty: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [achievement_row(n) for n in (1, 2)])
    import_file(empty, ACHIEVEMENTS, path)
    before = list(empty.achievements.all())
    again = import_file(empty, ACHIEVEMENTS, path)
    assert again == Imported(added=0, changed=0, unchanged=2)
    assert list(empty.achievements.all()) == before


def test_new_changed_and_unchanged_rows_are_counted_apart(empty: Workspace, tmp_path: Path) -> None:
    import_file(
        empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", [achievement_row(n) for n in (1, 2)])
    )
    ids = {e: r.id for e, r in empty.achievements.by_external_id(["A-1", "A-2"]).items()}
    later = [achievement_row(1), achievement_row(2, title="改过的名称"), achievement_row(3)]
    done = import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "b.csv", later))
    assert done == Imported(added=1, changed=1, unchanged=1)
    after = empty.achievements.by_external_id(["A-1", "A-2", "A-3"])
    assert {e: after[e].id for e in ids} == ids
    assert after["A-2"].title == "改过的名称"


def test_a_row_replaces_the_whole_record(empty: Workspace, tmp_path: Path) -> None:
    first = [achievement_row(1, maturity=6, region="江苏-苏州")]
    import_file(empty, ACHIEVEMENTS, write_jsonl(tmp_path / "a.jsonl", first))
    second = write_jsonl(tmp_path / "b.jsonl", [achievement_row(1, maturity=7)])
    assert import_file(empty, ACHIEVEMENTS, second).changed == 1
    stored = empty.achievements.by_external_id(["A-1"])["A-1"]
    assert (stored.maturity, stored.region) == (7, None)


def test_a_record_that_was_deleted_comes_back_with_the_next_file_that_has_it(
    empty: Workspace, tmp_path: Path
) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1), achievement_row(2)])
    import_file(empty, ACHIEVEMENTS, path)
    id_ = empty.achievements.by_external_id(["A-1"])["A-1"].id
    with empty.store.writing() as unit:
        empty.achievements.delete(unit, id_)
    again = import_file(empty, ACHIEVEMENTS, path)
    assert again == Imported(added=1, changed=0, unchanged=1)
    assert empty.achievements.by_external_id(["A-1"])["A-1"].id == id_
    assert empty.achievements.count() == 2


def test_ids_of_achievements_and_of_demands_are_apart(empty: Workspace, tmp_path: Path) -> None:
    offers = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1, external_id="X")])
    needs = write_jsonl(tmp_path / "d.jsonl", [demand_row(1, external_id="X")])
    assert import_file(empty, ACHIEVEMENTS, offers).added == 1
    assert import_file(empty, DEMANDS, needs).added == 1


def test_one_wrong_row_keeps_the_whole_file_out(empty: Workspace, tmp_path: Path) -> None:
    import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", [achievement_row(1)]))
    rows = [achievement_row(1, title="改"), achievement_row(2), achievement_row(3, field="炼金术")]
    refusal_of(empty, write_csv(tmp_path / "b.csv", rows))
    assert titles(empty) == {"A-1": achievement_row(1)["title"]}
    assert empty.achievements.count() == 1


def test_a_write_that_fails_half_way_keeps_the_whole_file_out(
    empty: Workspace, tmp_path: Path
) -> None:
    def broken(items: Any, label: str, total: int) -> Iterator[Any]:
        for number, item in enumerate(items):
            if label == "入库" and number == 1:
                raise KeyboardInterrupt
            yield item

    path = write_csv(tmp_path / "a.csv", [achievement_row(n) for n in (1, 2, 3)])
    with pytest.raises(KeyboardInterrupt):
        import_file(empty, ACHIEVEMENTS, path, broken)
    assert empty.achievements.count() == 0
    assert import_file(empty, ACHIEVEMENTS, path).added == 3


def test_a_wrong_cell_five_thousand_lines_down_is_found_and_described(
    empty: Workspace, tmp_path: Path
) -> None:
    rows = [achievement_row(n, maturity=6) for n in range(2, 6000)]  # A-n stands in line n
    rows[5000 - 2]["maturity"] = "十二"
    [problem] = refusal_of(empty, write_csv(tmp_path / "a.csv", rows)).problems
    assert (problem.row, problem.column, problem.value) == (5000, "成熟度", "十二")
    assert "整数" in problem.reason
    assert empty.achievements.count() == 0


def test_every_wrong_cell_is_reported_and_rows_are_counted(
    empty: Workspace, tmp_path: Path
) -> None:
    wrong = [
        achievement_row(1, field="炼金术", maturity="12"),
        achievement_row(2),
        achievement_row(3, price_min="5", price_max="4"),
    ]
    rows = [{"maturity": "", "price_min": "", "price_max": ""} | row for row in wrong]
    refusal = refusal_of(empty, write_csv(tmp_path / "a.csv", rows))
    found = {(p.row, p.column, p.value) for p in refusal.problems}
    assert found == {(2, "技术领域", "炼金术"), (2, "成熟度", "12"), (4, "最低价格", "5")}
    assert "2 行" in str(refusal)


def test_a_long_value_is_shown_shortened(empty: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [achievement_row(1, provider="校" * 101)])
    [problem] = refusal_of(empty, path).problems
    assert problem.value == "校" * 40 + "…"


def test_the_report_of_a_hopeless_file_is_bounded(
    empty: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_REPORTED", 3)
    rows = [achievement_row(n, field="炼金术") for n in range(1, 8)]
    refusal = refusal_of(empty, write_csv(tmp_path / "a.csv", rows))
    assert [problem.row for problem in refusal.problems] == [2, 3, 4]
    assert "7 行" in str(refusal)


def test_an_id_that_occurs_twice_is_reported_with_its_first_line(
    empty: Workspace, tmp_path: Path
) -> None:
    rows = [achievement_row(1), achievement_row(2), achievement_row(3, external_id=" A-1 ")]
    [problem] = refusal_of(empty, write_csv(tmp_path / "a.csv", rows)).problems
    assert (problem.row, problem.value) == (4, "A-1")
    assert "第 2 行" in problem.reason


@pytest.mark.parametrize("id_", ["", "  ", "x" * 101])
def test_an_id_has_one_to_a_hundred_characters(empty: Workspace, tmp_path: Path, id_: str) -> None:
    path = write_csv(tmp_path / "a.csv", [achievement_row(1), achievement_row(2, external_id=id_)])
    problem = refusal_of(empty, path).problems[0]
    assert (problem.row, problem.column) == (3, "external_id")


def test_a_hundred_characters_are_an_id(empty: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [achievement_row(1, external_id="编" * 100)])
    assert import_file(empty, ACHIEVEMENTS, path).added == 1


def test_an_id_with_half_a_character_is_refused(empty: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_jsonl(path, [achievement_row(1, external_id="HALF")])
    path.write_text(path.read_text("utf-8").replace("HALF", r"\ud800"), "utf-8")
    assert refusal_of(empty, path).problems[0].row == 1


@pytest.mark.parametrize(
    ("name", "label"), [("title", "成果名称"), ("field", "技术领域"), ("external_id", "编号")]
)
def test_a_missing_column_is_named_with_what_was_found(
    empty: Workspace, tmp_path: Path, name: str, label: str
) -> None:
    row = {n: cell for n, cell in achievement_row(1).items() if n != name}
    refusal = refusal_of(empty, write_csv(tmp_path / "a.csv", [row]))
    assert label in str(refusal)
    assert name in str(refusal)
    assert "abstract" in str(refusal)
    assert refusal.problems == ()


def test_the_wrong_kind_of_file_is_told_by_its_columns(empty: Workspace, tmp_path: Path) -> None:
    refusal = refusal_of(empty, write_csv(tmp_path / "d.csv", [demand_row(1)]))
    assert "成果简介" in str(refusal)


def test_two_columns_for_one_thing_are_refused(empty: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [achievement_row(1) | {"成果名称（必填）": "另一个"}])
    assert "成果名称（必填）" in str(refusal_of(empty, path))


@pytest.mark.parametrize("write", [write_csv, write_jsonl])
def test_columns_that_nobody_knows_are_ignored_and_reported(
    empty: Workspace, tmp_path: Path, write: Any
) -> None:
    path = tmp_path / ("a.csv" if write is write_csv else "a.jsonl")
    done = import_file(empty, ACHIEVEMENTS, write(path, [achievement_row(1, 备注="x", 负责人="y")]))
    assert done == Imported(added=1, changed=0, unchanged=0, ignored=("备注", "负责人"))


def test_a_header_without_rows_is_refused(empty: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(achievement_row(1)) + "\n", "utf-8")
    assert "表头" in str(refusal_of(empty, path))


def test_blank_cells_mean_not_given(empty: Workspace, tmp_path: Path) -> None:
    row = achievement_row(1, keywords="", maturity="", price_min="", region="")
    import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", [row]))
    stored = empty.achievements.by_external_id(["A-1"])["A-1"]
    assert (stored.keywords, stored.maturity, stored.price_min, stored.region) == (
        (),
        None,
        None,
        None,
    )


def test_odd_line_breaks_from_office_programs_do_not_break_an_import(
    empty: Workspace, tmp_path: Path
) -> None:
    rows = [achievement_row(1, abstract="第一段\x0b第二段"), achievement_row(2)]
    assert import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", rows)).added == 2


def test_progress_is_told_for_checking_and_for_storing(empty: Workspace, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    def track(items: Any, label: str, total: int) -> Any:
        listed = list(items)
        told.append((label, total, len(listed)))
        return listed

    rows = [achievement_row(n) for n in (1, 2, 3)]
    import_file(empty, ACHIEVEMENTS, write_csv(tmp_path / "a.csv", rows), track)
    assert told == [("检查", 3, 3), ("入库", 3, 3)]


def test_with_a_model_the_imported_can_be_found_at_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    row = achievement_row(9, title="磁悬浮离心鼓风机", abstract="空气悬浮轴承。", keywords="")
    import_file(workspace, ACHIEVEMENTS, write_jsonl(tmp_path / "a.jsonl", [row]))
    first = match(workspace, MatchRequest(text="磁悬浮鼓风机")).pairings[0]
    assert first.achievement.title == "磁悬浮离心鼓风机"


def test_with_a_model_the_changed_is_found_by_its_new_words_only(
    workspace: Workspace, tmp_path: Path
) -> None:
    row = achievement_row(2, title="磁悬浮离心鼓风机", abstract="轴承。", keywords="")
    done = import_file(workspace, ACHIEVEMENTS, write_jsonl(tmp_path / "a.jsonl", [row]))
    assert done.changed == 1
    assert match(workspace, MatchRequest(text="锂电池黑粉")).pairings == ()
    [pairing] = match(workspace, MatchRequest(text="磁悬浮")).pairings
    assert pairing.achievement.title == "磁悬浮离心鼓风机"
