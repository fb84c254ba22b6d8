"""What people wrote survives the way through every kind of file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.bootstrap import open_workspace
from api.services.drafts import AchievementDraft, DemandDraft, clean_text
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS, Kind
from api.services.workspace import Workspace
from api.settings import Settings
from matcher import values
from matcher.errors import ImportRejected
from tests.unit.rows import write_csv, write_jsonl, write_xlsx

# No control characters but the line break, no halves of characters, no code points that XML or
# Unicode itself rules out: what a cell can hold.
characters = st.one_of(
    st.sampled_from("膜曝气，、\"',;\t\n=+-@|é㶲𠮷😀（）"),
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")),
)


def text(longest: int) -> st.SearchStrategy[str]:
    """Text that is not changed by cleaning, and holds more than punctuation for separators."""
    texts = st.text(characters, min_size=1, max_size=longest)
    return texts.filter(lambda value: value == clean_text(value) != "")


words = st.lists(
    st.text(st.sampled_from("膜曝气电池AB12 "), min_size=1, max_size=6).map(str.strip).filter(bool),
    min_size=1,
    max_size=5,
    unique=True,
)
money = st.integers(0, 10**7).map(lambda cents: cents / 100)
maturity = st.integers(1, 9)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def choices(*allowed: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(allowed), unique=True)


achievements = st.fixed_dictionaries(
    {
        "title": text(30),
        "abstract": text(200),
        "keywords": words,
        "provider": text(20),
        "field": st.sampled_from(values.FIELDS),
        "industry": some(st.sampled_from(values.INDUSTRIES)),
        "maturity": some(maturity),
        "ip_kinds": choices(*values.IP_KINDS),
        "cooperation_modes": choices(*values.COOPERATION_MODES),
        "price_min": some(money),
        "region": some(text(20)),
    }
)
demands = st.fixed_dictionaries(
    {
        "title": text(30),
        "problem": text(100),
        "indicators": text(100),
        "goal": text(100),
        "keywords": words,
        "field": st.sampled_from(values.FIELDS),
        "region": text(20),
        "solution_mode": st.sampled_from(values.SOLUTION_MODES),
        "maturity_min": some(maturity),
        "budget": some(money),
        "deadline": some(st.dates().map(str)),
        "organisation": text(20),
        "contact": text(20),
        "phone": st.from_regex(r"[0-9+\-]{5,20}", fullmatch=True),
        "confidentiality": st.sampled_from(sorted(values.CONFIDENTIALITY)),
    }
)


def tables(rows: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(rows, min_size=1, max_size=4).map(
        lambda found: [{"external_id": f"X-{n}"} | row for n, row in enumerate(found)]
    )


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = open_workspace(Settings(data=tmp_path_factory.mktemp("imports")))
    yield workspace
    workspace.close()


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Lists in one cell, and nothing as a blank cell."""
    cells = {n: "、".join(v) if isinstance(v, list) else v for n, v in row.items()}
    return {name: "" if cell is None else cell for name, cell in cells.items()}


def written(folder: Path, rows: list[dict[str, Any]]) -> list[Path]:
    """The same rows in every kind of file."""
    cells = [flat(row) for row in rows]
    header = list(cells[0])
    return [
        write_jsonl(folder / "table.jsonl", rows),
        write_csv(folder / "utf8.csv", cells, "utf-8-sig"),
        write_csv(folder / "gb.csv", cells, "gb18030"),
        write_csv(folder / "tabs.tsv", cells, delimiter="\t", lineterminator="\n"),
        write_xlsx(folder / "table.xlsx", [header, *([c[n] for n in header] for c in cells)]),
    ]


def check(
    space: Workspace,
    folder: Path,
    kind: Kind[Any],
    draft: type[AchievementDraft] | type[DemandDraft],
    rows: list[dict[str, Any]],
) -> None:
    sent = {
        row["external_id"]: {n: v for n, v in row.items() if n != "external_id" and v is not None}
        for row in rows
    }
    for turn, path in enumerate(written(folder, rows)):
        done = import_file(space, kind, path)
        assert done.added + done.changed + done.unchanged == len(rows)
        assert done.ignored == ()
        if turn:  # the first file brought these rows; every other says the same again
            assert done.unchanged == len(rows), path.name
        stored = kind.table(space).by_external_id(sent)
        assert stored == {
            external_id: draft(**fields).record(stored[external_id].id)
            for external_id, fields in sent.items()
        }


@settings(max_examples=25)
@given(rows=tables(achievements))
def test_achievements_come_out_of_every_kind_of_file_as_they_went_in(
    space: Workspace, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    check(space, tmp_path_factory.mktemp("files"), ACHIEVEMENTS, AchievementDraft, rows)


@settings(max_examples=25)
@given(rows=tables(demands))
def test_demands_come_out_of_every_kind_of_file_as_they_went_in(
    space: Workspace, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    check(space, tmp_path_factory.mktemp("files"), DEMANDS, DemandDraft, rows)


@settings(max_examples=200)
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".tsv", ".jsonl", ".xlsx"]))
def test_any_bytes_whatever_are_refused_or_imported_but_never_crash(
    space: Workspace, tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"junk{suffix}"
    path.write_bytes(content)
    before = space.achievements.count()
    with pytest.raises(ImportRejected):  # no such bytes make a complete achievement
        import_file(space, ACHIEVEMENTS, path)
    assert space.achievements.count() == before
