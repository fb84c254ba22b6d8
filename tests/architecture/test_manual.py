"""The manual for people: its pictures, its links, and the words of pages that it quotes."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from api.services.day_drafts import DayDraft
from tests.architecture.commands import ROOT, typed_lines, wrong_with
from tools.manual_pictures import HEAVIEST, IMAGES, PICTURES

MANUAL = ROOT / "docs" / "用户手册"
CHAPTERS = sorted(MANUAL.glob("*.md"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = "\n".join(
    path.read_text("utf-8")
    for folder in ("api/pages", "api/services", "matcher")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".html", ".js"}
)


def links(document: Path) -> list[str]:
    """Where links and pictures of a document lead, those to other hosts left out."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text("utf-8"), flags=re.DOTALL)
    return [to for to in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in to]


def anchors(document: Path) -> set[str]:
    """What headings of a document are called in links."""
    heads = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def is_there(document: Path, link: str) -> bool:
    path, _, anchor = unquote(link).partition("#")
    target = (document.parent / path).resolve() if path else document
    return target.exists() and (not anchor or anchor in anchors(target))


def test_the_check_of_links_notices_what_leads_nowhere(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("# A b\n[x](a.md#a-b) [y](b.md) [z](#c) `[no](c.md)` [w](https://a.b)\n")
    assert [link for link in links(page) if not is_there(page, link)] == ["b.md", "#c"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    assert [link for link in links(document) if not is_there(document, link)] == []


def test_the_manual_shows_all_its_pictures_and_no_others() -> None:
    shown = {
        Path(link).name for chapter in CHAPTERS for link in links(chapter) if link.endswith(".png")
    }
    kept = {path.name for path in IMAGES.iterdir()}
    assert shown == kept == {f"{name}.png" for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_manual_is_small(name: str) -> None:
    assert 0 < (IMAGES / f"{name}.png").stat().st_size < HEAVIEST


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_the_words_that_the_manual_quotes_stand_on_pages(chapter: Path) -> None:
    quoted = set(re.findall(r"「([^」]+)」", chapter.read_text("utf-8")))
    assert [words for words in sorted(quoted) if words not in TEXTS] == []


def test_the_keys_of_the_manual_are_those_of_the_pages() -> None:
    told = set(re.findall(r"<kbd>(.)</kbd>", (MANUAL / "经理人.md").read_text("utf-8")))
    known = {
        key
        for name in ("keys.html", "review_parts.html")
        for key in re.findall(
            r"<kbd>(.)</kbd>", (ROOT / "api/pages/templates" / name).read_text("utf-8")
        )
    }
    assert told == known


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_command_of_the_manual_exists(chapter: Path) -> None:
    text = chapter.read_text("utf-8")
    inline = [found.split() for found in re.findall(r"`hongniang ([^`]+)`", text)]
    commands = [words[1:] for words in typed_lines(text)] + inline
    assert [words for words in commands if wrong_with(words)] == []


def test_the_plan_of_a_day_in_the_manual_can_be_read() -> None:
    plans = re.findall(r"```toml\n(.*?)```", (MANUAL / "管理员.md").read_text("utf-8"), re.DOTALL)
    assert [DayDraft.model_validate(tomllib.loads(plan)).slots for plan in plans] == [12]
