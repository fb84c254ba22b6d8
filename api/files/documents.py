"""Texts with headings to files: docx that every word processor opens, and markdown."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docx.document import Document as Docx

MEDIA: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}
_NOT_XML: Final = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no docx can hold."""
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_BLOCK: Final = re.compile(r"\A([-+=:])")
_NUMBER: Final = re.compile(r"\A(\d{1,9})([.)])")
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f.]+')
_LONGEST_NAME: Final = 60
_HEADING, _BODY = "黑体", "宋体"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and a text, a paragraph each line."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A title, a table of facts, sections and a last line; what begins with ``mark`` stands out."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    note: str
    mark: str


def to_docx(document: Document) -> bytes:
    """As Word opens it, with fonts for Chinese."""
    import docx  # a tenth of a second that only those who take a file along pay

    made = docx.Document()
    _fonts(made)
    made.core_properties.title = _clean(document.title)[:200]
    made.core_properties.author = ""
    made.add_heading(_clean(document.title), 0)
    table = made.add_table(0, 2, "Table Grid")
    for label, value in document.facts:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _clean(label), _clean(value)
    for section in document.sections:
        made.add_heading(_clean(section.heading), 1)
        for line in _lines(section.text):
            made.add_paragraph().add_run(line).bold = line.startswith(document.mark)
    made.add_paragraph(_clean(document.note))
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def to_markdown(document: Document) -> bytes:
    """CommonMark in UTF-8; whatever was typed is text and nothing else."""
    parts = [f"# {_text(document.title)}", "| 项目 | 内容 |\n|---|---|"]
    parts[-1] += "".join(f"\n| {_text(k)} | {_text(v)} |" for k, v in document.facts)
    for section in document.sections:
        parts.append(f"## {_text(section.heading)}")
        parts += [
            f"**{_text(line)}**" if line.startswith(document.mark) else _text(line)
            for line in _lines(section.text)
        ]
    return "\n\n".join([*parts, _text(document.note), ""]).encode()


FORMATS: Final[dict[str, Callable[[Document], bytes]]] = {"docx": to_docx, "md": to_markdown}


def file_name(title: str, suffix: str) -> str:
    """A name that every system takes: no separators, no dots, not too long, never empty."""
    stem = _UNSAFE.sub("-", _clean(title)).strip("-")[:_LONGEST_NAME].strip("-")
    return f"{stem or '榜单'}.{suffix}"


def _fonts(made: "Docx") -> None:
    """Word asks for Chinese fonts apart from Latin ones, in an attribute of its own."""
    from docx.oxml.ns import qn

    for name in ("Normal", "Title", "Heading 1"):
        style: Any = made.styles[name]
        font = _BODY if name == "Normal" else _HEADING
        style.font.name = "Times New Roman"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme would win over the font
        fonts.set(qn("w:eastAsia"), font)


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, _clean(text).split("\n")) if line]


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _text(text: str) -> str:
    """One line of text in which nothing means anything to markdown."""
    plain = _MARKDOWN.sub(r"\\\1", " ".join(_clean(text).split()))
    return _NUMBER.sub(r"\1\\\2", _BLOCK.sub(r"\\\1", plain))
