"""An engine follows the change log: what others wrote, after downtime, and from which position."""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from api.services import catalogue, live
from api.services.kinds import ACHIEVEMENTS
from api.services.live import LiveEngine
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from api.store import Repository
from tests.unit.conftest import Opener
from tests.unit.rows import achievement_row
from tests.unit.stores import offer_draft

BLOWER = {"title": "磁悬浮鼓风机", "abstract": "磁悬浮轴承。", "keywords": ""}


def titles(workspace: Workspace, text: str, k: int = 10) -> list[str]:
    result = match(workspace, MatchRequest(text=text, k=k))
    return [pairing.achievement.title for pairing in result.pairings]


def add(workspace: Workspace, **changes: Any) -> str:
    return catalogue.add(workspace, ACHIEVEMENTS, offer_draft(**(BLOWER | changes))).id


def write(workspace: Workspace, **changes: Any) -> str:
    """Into the database alone, as a process does that has no engine."""
    record = offer_draft(**(BLOWER | changes)).record(workspace.achievements.new_id())
    with workspace.store.writing() as unit:
        workspace.achievements.put(unit, record)
    return record.id


def delete(workspace: Workspace, id_: str) -> None:
    with workspace.store.writing() as unit:
        assert workspace.achievements.delete(unit, id_)


def position_file(folder: Path) -> Path:
    [path] = (folder / "index").glob("*/position.json")
    return path


def opened_engine(workspace: Workspace) -> tuple[LiveEngine, int]:
    """The engine of a process that starts now, and how many records it had to embed."""
    embedded = 0

    def track(items: Iterable[Any], label: str, total: int) -> Iterable[Any]:
        nonlocal embedded
        embedded += total
        return items

    return workspace.attach(workspace.registry.load(), track), embedded


@pytest.fixture
def two(opened: Opener, folder: Path) -> tuple[Workspace, Workspace]:
    """Two processes on one folder, both at work."""
    one, other = opened(folder), opened(folder)
    assert one.ready
    assert other.ready
    return one, other


def test_what_one_process_writes_the_other_finds(two: tuple[Workspace, Workspace]) -> None:
    here, there = two
    id_ = add(there)
    assert titles(there, "磁悬浮") == ["磁悬浮鼓风机"]
    assert titles(here, "磁悬浮") == []
    assert here.live.lag().changes == 1
    assert here.live.lag().seconds >= 0
    assert here.follow()
    assert titles(here, "磁悬浮") == ["磁悬浮鼓风机"]
    assert here.live.lag() == live.Lag(0, 0.0)
    assert not here.follow()

    catalogue.replace(there, ACHIEVEMENTS, id_, offer_draft(title="钙钛矿叠层", abstract="叠层。"))
    here.follow()
    assert titles(here, "磁悬浮") == []
    assert titles(here, "钙钛矿") == ["钙钛矿叠层"]
    catalogue.remove(there, ACHIEVEMENTS, id_)
    here.follow()
    assert id_ not in here.live.matchmaker.achievements.index.stamps()
    catalogue.restore(there, ACHIEVEMENTS, id_)
    here.follow()
    assert titles(here, "钙钛矿") == ["钙钛矿叠层"]


def test_what_was_deleted_elsewhere_is_not_shown_even_before_that_is_known_here(
    two: tuple[Workspace, Workspace],
) -> None:
    here, there = two
    first, second = (add(there, title=title) for title in ("磁悬浮鼓风机", "磁悬浮离心机"))
    here.follow()
    [best] = titles(here, "磁悬浮", k=1)
    catalogue.remove(there, ACHIEVEMENTS, first if best == "磁悬浮鼓风机" else second)
    left = {"磁悬浮鼓风机", "磁悬浮离心机"} - {best}
    assert here.live.lag().changes == 1
    assert set(titles(here, "磁悬浮", k=1)) == left  # and its place is not left empty


def test_changes_are_applied_some_at_a_time(two: tuple[Workspace, Workspace]) -> None:
    here, there = two
    for number in range(5):
        write(there, title=f"磁悬浮鼓风机{number}")
    assert [here.live.catch_up(most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(titles(here, "磁悬浮")) == 5


def test_a_process_that_was_down_resumes_where_it_was(
    opened: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = opened(folder)
    deleted = writer.achievements.page(9, text=achievement_row(1)["title"]).items[0]
    write(writer)
    delete(writer, deleted.id)
    stamps = Repository.stamps
    monkeypatch.setattr(Repository, "stamps", None)  # nothing that the log does not name is asked
    later = opened(folder)
    engine, embedded = opened_engine(later)
    assert embedded == 1
    assert engine.matchmaker.achievements.index.stamps() == stamps(later.achievements)
    saved = json.loads(position_file(folder).read_text())
    assert saved == {
        "database": later.store.changes.database_id(),
        "number": later.store.changes.latest(),
    }


def forge(**changes: object) -> Callable[[Path, dict[str, Any]], object]:
    return lambda path, now: path.write_text(json.dumps(now | changes))


def test_a_position_is_believed_if_it_is_of_this_database(opened: Opener, folder: Path) -> None:
    workspace = opened(folder)
    write(workspace)
    now = {"database": workspace.store.changes.database_id()}
    forge(number=workspace.store.changes.latest())(position_file(folder), now)
    assert opened_engine(workspace)[1] == 0  # although there is something to embed


@pytest.mark.parametrize(
    "spoil",
    [
        forge(database="0" * 32),
        forge(number=10**9),
        forge(number=-1),
        forge(number=None),
        forge(number="5"),
        forge(more="x"),
        lambda path, _: path.write_text(json.dumps([1, 2])),
        lambda path, _: path.write_text("{"),
        lambda path, _: path.write_bytes(b"\xff"),
        lambda path, _: path.unlink(),
    ],
    ids=[
        "of another database",
        "ahead of the log",
        "negative",
        "no number",
        "text",
        "unknown part",
        "list",
        "broken",
        "bytes",
        "missing",
    ],
)
def test_without_a_position_of_this_database_every_record_is_compared(
    opened: Opener, folder: Path, spoil: Callable[[Path, dict[str, Any]], object]
) -> None:
    workspace = opened(folder)
    deleted = workspace.achievements.page(9, text=achievement_row(1)["title"]).items[0]
    write(workspace)
    delete(workspace, deleted.id)
    changes = workspace.store.changes
    spoil(position_file(folder), {"database": changes.database_id(), "number": changes.latest()})
    engine, embedded = opened_engine(workspace)
    assert embedded == 1  # the two others were found to agree
    assert engine.matchmaker.achievements.index.stamps() == workspace.achievements.stamps()
    assert json.loads(position_file(folder).read_text())["number"] == changes.latest()


def test_indexes_of_another_database_bring_none_of_its_records(
    opened: Opener, folder: Path, tmp_path: Path
) -> None:
    for part in ("index", "models"):
        shutil.copytree(folder / part, tmp_path / "new" / part)
    workspace = opened(tmp_path / "new")
    assert workspace.live.matchmaker.achievements.index.stamps() == {}
    assert titles(workspace, "高氨氮废水") == []


def test_a_record_that_the_index_still_has_is_not_shown_after_a_start_either(
    opened: Opener, folder: Path
) -> None:
    workspace = opened(folder)
    deleted = workspace.achievements.page(9, text=achievement_row(1)["title"]).items[0]
    delete(workspace, deleted.id)
    now = {"database": workspace.store.changes.database_id()}
    forge(number=workspace.store.changes.latest())(position_file(folder), now)
    engine, _ = opened_engine(workspace)
    assert deleted.id in engine.matchmaker.achievements.index.stamps()
    assert achievement_row(1)["title"] not in titles(workspace, "高氨氮废水")
