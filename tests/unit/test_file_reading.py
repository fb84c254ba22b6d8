"""CSV and JSONL as they arrive: every encoding, separator and line end that people use."""

import json
from pathlib import Path

import pytest

from api.files import read_rows
from api.files import reading as reading_module
from matcher.errors import ImportRejected

TABLE = "编号,成果名称\nA-1,膜曝气\nA-2,脱硝催化剂\n"
ROWS = [(2, {"编号": "A-1", "成果名称": "膜曝气"}), (3, {"编号": "A-2", "成果名称": "脱硝催化剂"})]


def numbered(path: Path) -> list[tuple[int, dict[str, object]]]:
    return [(row.number, row.cells) for row in read_rows(path)]


def csv_of(tmp_path: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb2312", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_every_encoding_that_spreadsheets_save_gives_the_same_rows(
    tmp_path: Path, encoding: str
) -> None:
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    assert numbered(csv_of(tmp_path, (mark + TABLE).encode(encoding))) == ROWS


def test_characters_beyond_gbk_come_through_in_gb18030(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "编号,名称\n1,𠮷㶲\n".encode("gb18030"))
    assert numbered(path) == [(2, {"编号": "1", "名称": "𠮷㶲"})]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not ended"])
def test_line_ends_make_no_difference(tmp_path: Path, end: str, last: bool) -> None:
    text = TABLE if last else TABLE.rstrip("\n")
    assert numbered(csv_of(tmp_path, text.replace("\n", end))) == ROWS


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".CSV"])
def test_tabs_separate_where_the_header_has_them(tmp_path: Path, suffix: str) -> None:
    path = csv_of(tmp_path, "编号\t名称\n1\t甲,乙\n", f"table{suffix}")
    assert numbered(path) == [(2, {"编号": "1", "名称": "甲,乙"})]


def test_quotes_protect_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    path = csv_of(tmp_path, '编号,"名称"\r\n1,"甲,""乙""\r\n丙"\r\n2,丁\r\n')
    [(_, first), (last_number, last)] = numbered(path)
    assert first == {"编号": "1", "名称": '甲,"乙"\n丙'}
    assert (last_number, last) == (4, {"编号": "2", "名称": "丁"})  # as a text editor counts


def test_blank_rows_are_left_out_and_still_counted(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "\n\n编号,名称\n\n , \n1,甲\n,,\n2,乙\n\n")
    assert numbered(path) == [(6, {"编号": "1", "名称": "甲"}), (8, {"编号": "2", "名称": "乙"})]


def test_cells_may_be_missing_at_the_end_of_a_row_and_empty_ones_may_follow(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "编号,名称,领域\n1,甲\n2,乙,丙,,\n")
    assert numbered(path) == [
        (2, {"编号": "1", "名称": "甲"}),
        (3, {"编号": "2", "名称": "乙", "领域": "丙"}),
    ]


def test_columns_without_a_name_are_left_out(tmp_path: Path) -> None:
    assert numbered(csv_of(tmp_path, "编号,,名称\n1,x,甲\n")) == [(2, {"编号": "1", "名称": "甲"})]


def test_a_cell_too_many_is_reported_with_its_row(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "编号,名称\n1,甲\n2,乙,丙\n")
    with pytest.raises(ImportRejected, match="多于表头") as refusal:
        numbered(path)
    [problem] = refusal.value.problems
    assert (problem.row, problem.value) == (3, "丙")


@pytest.mark.parametrize("text", ['编号,名称\n1,"甲\n', '编号,名称\n1,"甲"乙\n'])
def test_unpaired_quotes_are_reported_with_their_row(tmp_path: Path, text: str) -> None:
    with pytest.raises(ImportRejected, match="引号") as refusal:
        numbered(csv_of(tmp_path, text))
    assert [problem.row for problem in refusal.value.problems] == [2]


def test_a_header_with_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRejected, match="名称"):
        numbered(csv_of(tmp_path, "编号,名称,名称\n1,甲,乙\n"))


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_odd_line_breaks_that_office_programs_leave_in_cells_do_not_end_a_row(
    tmp_path: Path, character: str
) -> None:
    path = csv_of(tmp_path, f"编号,名称,领域\n1,上{character}下,新材料\n2,乙,新材料\n")
    assert numbered(path) == [
        (2, {"编号": "1", "名称": f"上{character}下", "领域": "新材料"}),
        (3, {"编号": "2", "名称": "乙", "领域": "新材料"}),
    ]


@pytest.mark.parametrize("name", ["table.csv", "table.jsonl", "table.tsv"])
@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf"], ids=["0", "blank", "mark"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ImportRejected, match="空"):
        numbered(csv_of(tmp_path, content, name))


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert numbered(csv_of(tmp_path, "编号,名称\n")) == []


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 20, b"\xff" * 100, b"a,b\n\0,c\n"],
    ids=["picture", "all bytes", "0xff", "zero byte"],
)
@pytest.mark.parametrize("name", ["table.csv", "table.jsonl"])
def test_junk_with_the_name_of_a_table_is_refused(
    tmp_path: Path, content: bytes, name: str
) -> None:
    with pytest.raises(ImportRejected, match="编码"):
        numbered(csv_of(tmp_path, content, name))


@pytest.mark.parametrize("name", ["table.xls", "table.pdf", "table", "table.csv.gz", ".csv"])
def test_other_kinds_of_file_are_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRejected, match="CSV、JSONL"):
        numbered(csv_of(tmp_path, TABLE, name))


@pytest.mark.parametrize("name", ["table.csv", "table.jsonl", "table.xlsx"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRejected, match=name):
        numbered(tmp_path / name)


@pytest.mark.parametrize("name", ["table.csv", "table.jsonl", "table.xlsx"])
def test_a_folder_with_the_name_of_a_table_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ImportRejected):
        numbered(tmp_path / name)


def test_a_file_that_is_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv_of(tmp_path, TABLE)
    monkeypatch.setattr(reading_module, "_LARGEST", path.stat().st_size)
    assert numbered(path) == ROWS
    monkeypatch.setattr(reading_module, "_LARGEST", path.stat().st_size - 1)
    with pytest.raises(ImportRejected, match="分批"):
        numbered(path)


def test_every_line_of_jsonl_has_keys_and_types_of_its_own(tmp_path: Path) -> None:
    lines = [{"id": 1, "k": ["甲", "乙"]}, {"id": "2", "x": None, "y": {"z": 1.5}}]
    text = "\r\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert numbered(csv_of(tmp_path, text, "table.jsonl")) == [(1, lines[0]), (3, lines[1])]


def test_jsonl_is_read_in_gbk_too(tmp_path: Path) -> None:
    path = csv_of(tmp_path, '{"名称": "膜曝气"}\n'.encode("gbk"), "table.jsonl")
    assert numbered(path) == [(1, {"名称": "膜曝气"})]


@pytest.mark.parametrize(
    "line", ["nonsense", "[1]", "1", "null", '"text"', '{"a": 1', '{"a": 1} {}', "{'a': 1}"]
)
def test_a_line_that_is_no_object_is_reported_with_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(ImportRejected, match="第 3 行") as refusal:
        numbered(csv_of(tmp_path, f'{{"a": 1}}\n\n{line}\n', "table.jsonl"))
    [problem] = refusal.value.problems
    assert (problem.row, problem.value) == (3, line)


def test_a_line_of_a_hundred_thousand_brackets_is_refused_like_any_other_nonsense(
    tmp_path: Path,
) -> None:
    with pytest.raises(ImportRejected, match="第 1 行"):
        numbered(csv_of(tmp_path, "[" * 100_000, "table.jsonl"))


def test_a_header_of_very_many_columns_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "broad.csv"
    file.write_text("a," * 200_000 + "\n", "utf-8")
    with pytest.raises(ImportRejected, match="“a”出现了不止一次"):
        list(read_rows(file))
