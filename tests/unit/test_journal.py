"""A journal of rows: complete blocks, whatever happens between two of them."""

from pathlib import Path
from typing import Any

import pytest

from api.files.journal import Journal
from matcher.errors import InvalidInput

PURPOSE = {"k": 3, "fields": ("新材料",)}


def row(number: int) -> dict[str, Any]:
    return {"号": number, "text": "氨氮\n超标"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pairs.csv"


def begin(path: Path) -> None:
    """Two blocks, and then the process is gone."""
    with Journal(path, PURPOSE) as journal:
        assert journal.marks == {}
        journal.append([row(1), row(2)], {"after": "b"})
        journal.append([row(3)], {"after": "c"})


def numbers(journal: Journal) -> list[int]:
    return [row["号"] for row in journal.rows()]


def test_it_goes_on_where_it_ended(path: Path) -> None:
    begin(path)
    with Journal(path, PURPOSE) as journal:
        assert journal.marks == {"after": "c"}
        journal.append([row(4)], {"after": "d"})
        assert list(journal.rows()) == [row(1), row(2), row(3), row(4)]
    assert not path.exists()


def test_half_a_block_is_cut_off(path: Path) -> None:
    begin(path)
    with Path(f"{path}.partial").open("ab") as file:
        file.write(b'{"\xe5\x8f')
    with Journal(path, PURPOSE) as journal:
        journal.append([row(4)], {})
        assert numbers(journal) == [1, 2, 3, 4]


def test_lines_without_a_state_are_cut_off(path: Path) -> None:
    begin(path)
    Path(f"{path}.state").unlink()
    with Journal(path, PURPOSE) as journal:
        assert journal.marks == {}
        assert numbers(journal) == []


def test_what_is_done_leaves_nothing_behind(path: Path) -> None:
    begin(path)
    with Journal(path, PURPOSE) as journal:
        journal.done()
    assert list(path.parent.iterdir()) == []


def test_only_its_owner_may_read_it(path: Path) -> None:
    begin(path)
    assert Path(f"{path}.partial").stat().st_mode & 0o077 == 0


def test_another_purpose_is_refused_and_nothing_is_lost(path: Path) -> None:
    begin(path)
    with pytest.raises(InvalidInput, match=r"用原来的选项接着做，或删除它后重新开始。$"):
        Journal(path, PURPOSE | {"k": 4})
    with Journal(path, PURPOSE) as journal:
        assert numbers(journal) == [1, 2, 3]


@pytest.mark.parametrize("state", ["", "{}", "[1]", '{"purpose": 1, "bytes": "x", "marks": {}}'])
def test_a_state_that_cannot_be_read_is_refused(path: Path, state: str) -> None:
    begin(path)
    Path(f"{path}.state").write_text(state)
    with pytest.raises(InvalidInput, match="无法读取"):
        Journal(path, PURPOSE)


def test_lines_that_were_cut_are_refused(path: Path) -> None:
    begin(path)
    Path(f"{path}.partial").write_text("")
    with pytest.raises(InvalidInput, match="不完整"):
        Journal(path, PURPOSE)


def test_two_at_once_are_refused(path: Path) -> None:
    with Journal(path, PURPOSE), pytest.raises(InvalidInput, match="另一个进程"):
        Journal(path, PURPOSE)
    begin(path)
