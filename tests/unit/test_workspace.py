"""A data folder opened again: indexes reused, caught up, or made anew."""

import logging
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from api.services import catalogue
from api.services.drafts import AchievementDraft
from api.services.fitting import fit
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from matcher.errors import BundleDamaged
from matcher.index import store
from tests.unit.conftest import Opener
from tests.unit.rows import achievement_row, draft_values


class Count:
    """A ``Track`` that remembers how many records were embedded."""

    def __init__(self) -> None:
        self.embedded = 0

    def __call__(self, items: Iterable[Any], label: str, total: int) -> Iterable[Any]:  # noqa: ARG002
        self.embedded += total
        return items


def embedded_on_opening(workspace: Workspace) -> int:
    count = Count()
    workspace.attach(workspace.registry.load(), count)
    return count.embedded


def offer(**changes: Any) -> AchievementDraft:
    return AchievementDraft.model_validate(draft_values(achievement_row(9)) | changes)


def titles(workspace: Workspace, text: str) -> list[str]:
    result = match(workspace, MatchRequest(text=text))
    return [pairing.achievement.title for pairing in result.pairings]


def test_a_data_folder_that_was_made_is_its_owners_alone(opened: Opener, tmp_path: Path) -> None:
    opened(tmp_path / "parent" / "data")
    assert (tmp_path / "parent" / "data").stat().st_mode & 0o077 == 0


def test_nothing_is_loaded_before_it_is_needed(workspace: Workspace) -> None:
    assert workspace.model is None
    engine = workspace.matchmaker
    assert workspace.model == workspace.registry.current()
    assert workspace.matchmaker is engine


def test_saved_indexes_are_reopened_without_embedding_anything(workspace: Workspace) -> None:
    assert embedded_on_opening(workspace) == 0
    assert len(workspace.matchmaker.achievements) == 2
    assert len(workspace.matchmaker.demands) == 1
    assert titles(workspace, "高氨氮废水") == [achievement_row(1)["title"]]


def test_what_another_process_added_changed_and_deleted_is_caught_up_with(
    opened: Opener, folder: Path
) -> None:
    other = opened(folder)  # never loads the engine: it writes the table only
    by_name = {record.title: record for record in other.achievements.all()}
    changed, deleted = by_name["锂电池正极材料回收"], by_name[achievement_row(1)["title"]]
    with other.store.writing() as unit:
        other.achievements.delete(unit, deleted.id)
        other.achievements.put(unit, offer(title="钙钛矿叠层电池").record(changed.id))
        added = offer(title="磁悬浮鼓风机").record(other.achievements.new_id())
        other.achievements.put(unit, added)

    workspace = opened(folder)
    assert embedded_on_opening(workspace) == 2
    assert set(workspace.matchmaker.achievements.index.stamps()) == set(
        workspace.achievements.stamps()
    )
    assert titles(workspace, "钙钛矿")[0] == "钙钛矿叠层电池"
    assert titles(workspace, "磁悬浮") == ["磁悬浮鼓风机"]
    assert titles(workspace, "黑粉提锂") == []


def test_what_was_caught_up_with_is_saved_for_the_next_time(opened: Opener, folder: Path) -> None:
    workspace = opened(folder)
    assert workspace.ready  # loaded now, so that the addition comes after it
    catalogue.add(workspace, ACHIEVEMENTS, offer())
    assert embedded_on_opening(opened(folder)) == 1
    assert embedded_on_opening(opened(folder)) == 0


def test_saving_before_anything_was_loaded_keeps_what_was_saved(
    workspace: Workspace, opened: Opener, folder: Path
) -> None:
    workspace.save_indexes()
    assert embedded_on_opening(opened(folder)) == 0


def _segment(folder: Path) -> Path:
    [segment] = folder.glob("segment-*")
    return segment


def _flip(folder: Path) -> None:
    path = _segment(folder) / "weights"
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize(
    "damage",
    [
        _flip,
        lambda folder: (folder / "index.json").write_text("{", "utf-8"),
        lambda folder: (folder / "index.json").unlink(),
        lambda folder: (_segment(folder) / "manifest.json").write_text("{", "utf-8"),
        lambda folder: (_segment(folder) / "manifest.json").unlink(),
        lambda folder: (_segment(folder) / "ids-ends").unlink(),
        lambda folder: (_segment(folder) / "terms").write_bytes(b""),
        lambda folder: shutil.rmtree(_segment(folder)),
        lambda folder: [path.unlink() for path in folder.rglob("*") if path.is_file()],
    ],
    ids=[
        "flipped bit",
        "broken list",
        "no list",
        "broken manifest",
        "no manifest",
        "no ids",
        "empty",
        "no segment",
        "bare folders",
    ],
)
def test_a_damaged_saved_index_is_made_anew_and_mentioned_in_the_log(
    opened: Opener, folder: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    [indexes] = (folder / "index").iterdir()  # of the one bundle that there is
    damage(indexes / "achievements")
    workspace = opened(folder)
    with caplog.at_level(logging.WARNING):
        assert embedded_on_opening(workspace) == 2  # the demands are not touched
    assert "achievements" in caplog.text
    assert "demands" not in caplog.text
    assert titles(workspace, "高氨氮废水") == [achievement_row(1)["title"]]


class Killed(BaseException):
    """The end of a process, as far as one can have it and go on."""


@pytest.mark.parametrize(
    ("owner", "name", "missing"),
    [(os, "fsync", 1), (Path, "replace", 1), (store, "_tidy", 0)],
    ids=["while it wrote", "before it counted", "before it cleared away"],
)
def test_what_a_killed_writer_did_not_save_is_made_up_for_from_the_database(
    opened: Opener,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: object,
    name: str,
    missing: int,
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    writer = opened(folder)
    assert writer.ready
    catalogue.add(writer, ACHIEVEMENTS, offer(title="磁悬浮鼓风机"))
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, killed)
        with pytest.raises(Killed):
            writer.save_indexes()
    writer.close()  # as the end of a process lets go of its locks
    workspace = opened(folder)
    assert embedded_on_opening(workspace) == missing
    assert set(workspace.matchmaker.achievements.index.stamps()) == set(
        workspace.achievements.stamps()
    )
    assert titles(workspace, "磁悬浮") == ["磁悬浮鼓风机"]
    assert embedded_on_opening(opened(folder)) == 0
    assert caplog.text == ""


def test_an_index_that_was_deleted_is_made_anew_without_a_word(
    opened: Opener, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(folder / "index")
    assert embedded_on_opening(opened(folder)) == 3
    assert caplog.text == ""


def test_the_index_of_another_model_is_made_anew_without_a_word(
    opened: Opener, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    [earlier] = (folder / "index").iterdir()
    model = fit(opened(folder))
    shutil.rmtree(folder / "index" / model)
    shutil.copytree(earlier, folder / "index" / model)
    assert embedded_on_opening(opened(folder)) == 3
    assert caplog.text == ""


def test_after_a_rollback_only_what_came_since_is_embedded(opened: Opener, folder: Path) -> None:
    workspace = opened(folder)
    fit(workspace)
    catalogue.add(workspace, ACHIEVEMENTS, offer(title="磁悬浮鼓风机"))
    assert workspace.registry.roll_back() != workspace.model
    later = opened(folder)
    assert embedded_on_opening(later) == 1
    assert titles(later, "磁悬浮") == ["磁悬浮鼓风机"]


def test_only_the_indexes_of_the_last_two_models_are_kept(opened: Opener, folder: Path) -> None:
    workspace = opened(folder)
    names = [fit(workspace) for _ in range(3)]
    assert {path.name for path in (folder / "index").iterdir()} == set(names[1:])


def test_before_any_fit_the_bundle_that_ships_is_at_work_and_its_indexes_are_kept(
    opened: Opener, tmp_path: Path
) -> None:
    first = opened(tmp_path / "new")
    assert first.model is None
    first.save_indexes()  # nothing is loaded yet, so there is nothing to save
    catalogue.add(first, ACHIEVEMENTS, offer())
    assert first.model == "default"
    first.save_indexes()
    assert embedded_on_opening(opened(tmp_path / "new")) == 0


def damage_model(folder: Path) -> None:
    [model] = (folder / "models").glob("*/representation.joblib")
    model.write_bytes(model.read_bytes()[:-1])


def test_a_damaged_model_is_refused_each_time_it_is_asked_for(
    workspace: Workspace, folder: Path
) -> None:
    damage_model(folder)
    for _ in range(2):
        with pytest.raises(BundleDamaged):
            _ = workspace.matchmaker
