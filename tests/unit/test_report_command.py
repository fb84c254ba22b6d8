"""``hongniang report``: what it writes, and what it says where it cannot."""

import sys
from pathlib import Path

import pytest

from api.cli.report_commands import report
from api.pages.market_report import for_paper
from api.pages.pdf import pdf
from matcher.errors import InvalidInput


@pytest.mark.parametrize(
    ("name", "since", "until", "said"),
    [
        ("r.docx", "", "", ".html 或 .pdf"),
        ("nowhere/r.html", "", "", "没有目录"),
        ("r.html", "2027-03", "2027-01", "早于"),
        ("r.html", "2027", "", "2026-03 的样子"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_read(
    tmp_path: Path, name: str, since: str, until: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        report(tmp_path / name, since, until)
    assert list(tmp_path.iterdir()) == []


def test_without_the_library_of_pdf_one_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InvalidInput, match="浏览器打印"):
        pdf("<p>供需</p>")


def test_on_paper_pictures_carry_their_style_and_large_ones_no_size() -> None:
    small, large = '<svg viewBox="0 0 16 16" width="16">', '<svg width="512" height="250.5">'
    made = for_paper(f"{small}</svg>{large}</svg>")
    assert made.count("<style>") == 2
    assert 'width="16"' in made
    assert 'width="512"' not in made
