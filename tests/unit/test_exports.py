"""Exports: every cell as it was, no formula in any of them, and the way back in."""

import csv
from pathlib import Path
from typing import Any

import pytest

from api.files import read_rows, write_table
from api.files.escaping import harmless, meant, unambiguous
from api.security.roles import Actor, Role
from api.services import exporting, importing
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS, Kind
from api.services.workspace import Workspace
from matcher.errors import NotFound
from tests.unit.rows import achievement_row, demand_row, write_jsonl

BROKER = Actor("u1", "lin.jing", Role.broker)
FORMULAS = ["=1+1", "+8613800", "-2", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠a"]


@pytest.mark.parametrize("text", [*FORMULAS, "'=1", "''=1", "'", "''", "'x", "x=1", "", "'＝"])
def test_every_text_comes_back_and_no_cell_of_csv_begins_as_a_formula(text: str) -> None:
    assert meant(harmless(text)) == text
    assert meant(unambiguous(text)) == text
    assert harmless(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_numbers_stay_numbers_and_texts_stay_texts(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t{suffix}"
    count = write_table(path, ["a", "b"], [[text, -1.5] for text in FORMULAS] + [[None, None]])
    assert count == len(FORMULAS) + 1
    cells = [row.cells for row in read_rows(path)]
    assert [c["a"].replace("\n", "\r") for c in cells] == FORMULAS
    assert {float(c["b"]) for c in cells} == {-1.5}
    if suffix == ".csv":
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        written = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        assert written[1] == ["'=1+1", "-1.5"]


def test_texts_of_xlsx_are_no_formulas(tmp_path: Path) -> None:
    import zipfile

    write_table(tmp_path / "t.xlsx", ["a"], [[text] for text in FORMULAS])
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from python_calamine import load_workbook

    monkeypatch.setattr("api.files.writing._MOST_ROWS", 2)
    write_table(tmp_path / "t.xlsx", ["a"], [[n] for n in range(5)])
    book = load_workbook(tmp_path / "t.xlsx")
    sheets = [book.get_sheet_by_index(n).to_python() for n in range(3)]
    assert sheets == [[["a"], [0.0], [1.0]], [["a"], [2.0], [3.0]], [["a"], [4.0]]]


OFFERS = [
    achievement_row(1, title="=HYPERLINK(1)", price_min=0.1, price_max=3.0, contact="+86 1"),
    achievement_row(2, title="'-2℃", maturity=6, ip_kinds="发明专利、技术秘密", region="江苏-苏州"),
    achievement_row(3, abstract='第一段\n"第二段",，；'),
]
NEEDS = [
    demand_row(1, phone="+86 138-0000", confidentiality="brokers", budget=12.5),
    demand_row(2, deadline="2027-06-30", maturity_min=5, title="@需求"),
]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize(("kind", "rows"), [(ACHIEVEMENTS, OFFERS), (DEMANDS, NEEDS)])
def test_what_is_exported_can_be_imported_again(
    empty: Workspace,
    opened: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    kind: Kind[Any],
    rows: list[dict[str, Any]],
) -> None:
    monkeypatch.setattr(importing, "_index", lambda *_: None)
    import_file(empty, kind, write_jsonl(tmp_path / "in.jsonl", rows))
    other = opened(tmp_path / "other")
    with exporting.records(empty, kind, suffix, BROKER) as path:
        same = import_file(empty, kind, path)
        assert (same.unchanged, same.added + same.changed + same.duplicates) == (len(rows), 0)
        assert import_file(other, kind, path).added == len(rows)
    assert not path.exists()
    ids = [row["external_id"] for row in rows]
    before = kind.table(empty).by_external_id(ids)
    after = kind.table(other).by_external_id(ids)
    names = list(kind.draft.model_fields)
    for id_ in ids:
        assert [getattr(before[id_], n) for n in names] == [getattr(after[id_], n) for n in names]


def test_an_export_is_narrowed_as_the_list_is_and_noted(empty: Workspace, tmp_path: Path) -> None:
    rows = [
        achievement_row(1),
        achievement_row(2, field="新材料"),
        achievement_row(3, title="提锂"),
    ]
    import_file(empty, ACHIEVEMENTS, write_jsonl(tmp_path / "in.jsonl", rows))

    def ids(**narrowed: Any) -> list[str]:
        with exporting.records(empty, ACHIEVEMENTS, ".csv", BROKER, **narrowed) as path:
            return [row.cells["编号"] for row in read_rows(path)]

    assert ids() == ["A-1", "A-2", "A-3"]
    assert ids(where={"field": "新材料"}) == ["A-2"]
    assert ids(text="膜曝气", where={"field": "资源与环境"}) == ["A-1"]
    last = empty.store.audit.page(1)[0]
    assert (last.who, last.action, last.subject) == ("lin.jing", "export", "achievements")
    assert last.details == {"format": "csv", "rows": 1}


def test_pairings_and_the_audit_log_are_exported(workspace: Workspace) -> None:
    [demand] = workspace.demands.all()
    with exporting.pairings(workspace, demand.id, 5, ".csv", BROKER) as path:
        rows = [row.cells for row in read_rows(path)]
    assert [row["名次"] for row in rows] == [str(n + 1) for n in range(len(rows))]
    assert rows[0]["成果名称"] == achievement_row(1)["title"]
    assert rows[0]["理由"].endswith("。")
    with exporting.audit(workspace, ".csv", BROKER) as path:
        lines = [row.cells for row in read_rows(path)]
    assert [line["操作"] for line in lines][-1] == "导出"
    with pytest.raises(NotFound), exporting.pairings(workspace, "d0", 5, ".csv", BROKER):
        pass
