"""xlsx files, honest and otherwise."""

import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import pytest

from api.files import read_rows, spreadsheet
from matcher.errors import ImportRejected
from tests.unit.rows import write_xlsx

SHEET = "xl/worksheets/sheet1.xml"


def cells(path: Path) -> list[dict[str, object]]:
    return [row.cells for row in read_rows(path)]


def test_texts_numbers_dates_and_truth_values_keep_their_types(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "table.xlsx",
        [
            ["名称", "价格", "日期", "时刻", "是否"],
            ["膜曝气", 12.5, date(2027, 6, 30), datetime(2027, 6, 30, 8, 30), True],
        ],
    )
    [row] = cells(path)
    assert row["名称"] == "膜曝气"
    assert row["价格"] == 12.5
    assert str(row["日期"]).startswith("2027-06-30")
    assert str(row["时刻"]).startswith("2027-06-30")
    assert row["是否"] is True


def test_rows_are_numbered_as_the_sheet_numbers_them(tmp_path: Path) -> None:
    blank = [None, None]
    table = [blank, ["编号", "名称"], blank, ["1", "甲"], [" ", ""], blank, ["2", "乙"]]
    rows = list(read_rows(write_xlsx(tmp_path / "table.xlsx", table)))
    assert [(row.number, row.cells["编号"]) for row in rows] == [(4, "1"), (7, "2")]


def test_empty_cells_are_blank(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "table.xlsx", [["编号", "名称", "领域"], ["1", None, "新材料"]])
    [row] = cells(path)
    assert row["名称"] in (None, "")
    assert row["领域"] == "新材料"


def test_only_the_first_sheet_is_read(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "table.xlsx")) as book:
        for title in ("成果", "说明"):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, ["名称"])
            sheet.write_row(1, 0, [title])
    assert cells(tmp_path / "table.xlsx") == [{"名称": "成果"}]


def test_a_sheet_without_anything_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ImportRejected, match="空"):
        cells(write_xlsx(tmp_path / "table.xlsx", []))


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", "编号,名称\n1,甲\n".encode(), b"PK\x03\x04" + b"\0" * 60]
)
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table.xlsx").write_bytes(content)
    with pytest.raises(ImportRejected, match="xlsx"):
        cells(tmp_path / "table.xlsx")


@pytest.mark.parametrize("members", [{}, {"readme.txt": "x"}, {"xl/workbook.xml": "<broken"}])
def test_a_zip_of_something_else_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    with pytest.raises(ImportRejected, match="xlsx"):
        cells(tmp_path / "table.xlsx")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "table.xlsx", [["名称"], ["甲"]])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ImportRejected, match="xlsx"):
        cells(path)


def test_a_file_whose_packed_bytes_were_garbled_on_the_way_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "table.xlsx", [["名称"], ["甲"]])
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(SHEET).header_offset + 30 + len(SHEET)
    for place in range(start, start + 40):
        raw[place] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(ImportRejected, match="xlsx"):
        cells(path)


def test_a_file_that_unpacks_to_more_than_the_cap_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "table.xlsx", [["名称"], ["甲" * 3000]])
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    assert unpacked > path.stat().st_size
    monkeypatch.setattr(spreadsheet, "_LARGEST_UNPACKED", unpacked)
    assert len(cells(path)) == 1
    monkeypatch.setattr(spreadsheet, "_LARGEST_UNPACKED", unpacked - 1)
    with pytest.raises(ImportRejected, match="过大"):
        cells(path)


def test_the_size_is_measured_over_all_members_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "_LARGEST_UNPACKED", 25_000)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"member{number}", b"0" * 10_000)
    with pytest.raises(ImportRejected, match="过大"):
        cells(tmp_path / "bomb.xlsx")


def lying_about(path: Path, member: str, claim: int, checksum: bool) -> None:
    """Make an archive state that ``member`` unpacks to ``claim`` bytes; with ``checksum``, even
    the CRC is that of these bytes."""
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info, content = archive.getinfo(member), archive.read(member)
    local = info.header_offset
    central = raw.rfind(b"PK\x01\x02", 0, raw.rfind(member.encode()))
    for start, crc, size in ((local, 14, 22), (central, 16, 24)):
        raw[start + size : start + size + 4] = claim.to_bytes(4, "little")
        if checksum:
            raw[start + crc : start + crc + 4] = zlib.crc32(content[:claim]).to_bytes(4, "little")
    path.write_bytes(raw)


@pytest.mark.parametrize("claim", [0, 1, 500])
@pytest.mark.parametrize("checksum", [False, True], ids=["crc of all", "crc of the part"])
def test_a_file_that_lies_about_its_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claim: int, checksum: bool
) -> None:
    # Written in one pass, so that all texts are in the sheet and only the sheet is large.
    table = [["编号", "名称"], *([f"{n}", "甲" * 50] for n in range(2000))]
    path = write_xlsx(tmp_path / "bomb.xlsx", table, constant_memory=True)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo(SHEET).file_size > 100_000
    assert len(cells(path)) == 2000
    lying_about(path, SHEET, claim, checksum)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo(SHEET).file_size == claim
    monkeypatch.setattr(spreadsheet, "_LARGEST_UNPACKED", 100_000)
    with pytest.raises(ImportRejected, match="xlsx"):
        cells(path)


def rewritten(path: Path, sheet: str) -> Path:
    """The file with other XML between ``<sheetData>`` and its end."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    begin, _, rest = members[SHEET].partition(b"<sheetData>")
    _, _, end = rest.partition(b"</sheetData>")
    members[SHEET] = begin + b"<sheetData>" + sheet.encode() + b"</sheetData>" + end
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


A1 = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = f"{A1}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
BROAD = f"<row>{'<c><v>1</v></c>' * 999}</row><row r='999999'><c><v>1</v></c></row>"


@pytest.mark.parametrize(
    "sheet",
    [
        FAR,
        FAR.replace("r='", "s='0'\n r =  '").replace("XFD", "xfd"),
        FAR.replace("<c ", f"{' ' * 2_000_000}<c ").replace("'><v>", f"' s='{'0' * 99_999}'><v>"),
        A1.replace("A1", "A999999") + '<row r="2"><c r="AFH2"><v>1</v></c></row>',
        BROAD,
        f"{A1}<row><c {'x' * 2_000_000} r='XFD1048576'><v>1</v></c></row>",
    ],
    ids=["last cell", "spaces", "long", "two corners", "without references", "a long tag"],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(tmp_path: Path, sheet: str) -> None:
    path = rewritten(write_xlsx(tmp_path / "table.xlsx", [["编号"], ["1"]]), sheet)
    with pytest.raises(ImportRejected, match="另存"):
        cells(path)


@pytest.mark.parametrize(("row", "column"), [(1_048_576, "B"), (1_000, "XFD")])
def test_a_sheet_may_be_long_or_broad(tmp_path: Path, row: int, column: str) -> None:
    text = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>r=" > 甲</t></is></c></row>'
    path = write_xlsx(tmp_path / "table.xlsx", [["编号"]])
    rewritten(path, text.format(1, "A") + text.format(row, column))
    assert [found.number for found in read_rows(path)] == [row]


def test_a_picture_in_the_file_is_no_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "table.xlsx", [["编号"], ["1"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n\0\0<c >" + b"<" * 3_000_000)
    assert cells(path) == [{"编号": "1"}]
