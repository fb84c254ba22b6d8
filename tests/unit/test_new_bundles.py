"""A bundle that became current is taken up while requests are answered; a damaged one is not."""

import gc
import logging
import threading
import weakref
from pathlib import Path

import pytest

from api.services import catalogue
from api.services.fitting import fit
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from models.registry import Registry
from tests.unit.conftest import Opener
from tests.unit.rows import achievement_row
from tests.unit.stores import offer_draft

TITLE = achievement_row(1)["title"]


def titles(workspace: Workspace, text: str = "高氨氮废水") -> list[str]:
    return [p.achievement.title for p in match(workspace, MatchRequest(text=text)).pairings]


@pytest.fixture
def trainer(opened: Opener, folder: Path, workspace: Workspace) -> Workspace:
    """Another process on the folder of ``workspace``, which is at work."""
    assert workspace.ready
    return opened(folder)


def damage(folder: Path, name: str) -> None:
    path = folder / "models" / name / "representation.joblib"
    path.unlink()  # who has it open keeps what was there
    path.write_bytes(b"")


def test_a_server_that_was_asked_nothing_yet_loads_nothing(workspace: Workspace) -> None:
    assert not workspace.follow()
    assert workspace.model is None


def test_a_new_bundle_is_taken_up_with_what_was_written_meanwhile(
    workspace: Workspace, trainer: Workspace
) -> None:
    before = workspace.model
    name = fit(trainer)
    catalogue.add(trainer, ACHIEVEMENTS, offer_draft(title="磁悬浮鼓风机"))
    assert workspace.model == before != name
    workspace.follow()
    assert workspace.model == name
    assert TITLE in titles(workspace)
    assert "磁悬浮鼓风机" in titles(workspace, "磁悬浮")


def test_a_rollback_is_followed_too(workspace: Workspace, trainer: Workspace) -> None:
    before = workspace.model
    fit(trainer)
    workspace.follow()
    trainer.registry.roll_back()
    workspace.follow()
    assert workspace.model == before
    assert titles(workspace)[0] == TITLE


def test_requests_in_flight_end_on_the_old_bundle_which_is_freed_then(
    workspace: Workspace, trainer: Workspace
) -> None:
    engine = workspace.matchmaker
    gone = weakref.ref(workspace.live)
    fit(trainer)
    workspace.follow()
    assert workspace.matchmaker is not engine
    demand = next(workspace.demands.all())
    assert engine.match(demand).pairings[0].achievement.title == TITLE
    del engine
    gc.collect()
    assert gone() is None


def test_the_old_bundle_answers_until_the_new_one_is_ready(
    workspace: Workspace, trainer: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workspace.model
    name = fit(trainer)
    loading, go_on = threading.Event(), threading.Event()
    load = Registry.load

    def slow(self: Registry, wanted: str | None = None) -> object:
        loading.set()
        assert go_on.wait(60)
        return load(self, wanted)

    monkeypatch.setattr(Registry, "load", slow)
    follower = threading.Thread(target=workspace.follow)
    follower.start()
    assert loading.wait(60)
    assert titles(workspace)[0] == TITLE
    assert workspace.model == before
    go_on.set()
    follower.join()
    assert workspace.model == name


def test_a_damaged_bundle_is_refused_once_and_the_good_one_stays(
    workspace: Workspace, trainer: Workspace, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = workspace.model
    damaged = fit(trainer)
    damage(folder, damaged)
    catalogue.add(trainer, ACHIEVEMENTS, offer_draft(title="磁悬浮鼓风机"))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            workspace.follow()
    assert workspace.model == before
    assert "磁悬浮鼓风机" in titles(workspace, "磁悬浮")  # the log is followed all the same
    assert [damaged in record.getMessage() for record in caplog.records] == [True]
    good = fit(trainer)
    workspace.follow()
    assert workspace.model == good


def test_a_damaged_list_of_bundles_changes_nothing(
    workspace: Workspace, trainer: Workspace, folder: Path
) -> None:
    before = workspace.model
    (folder / "models" / "current.json").write_text("{")
    catalogue.add(trainer, ACHIEVEMENTS, offer_draft(title="磁悬浮鼓风机"))
    workspace.follow()
    assert workspace.model == before
    assert "磁悬浮鼓风机" in titles(workspace, "磁悬浮")


def test_what_was_deleted_during_the_change_of_bundles_is_never_shown(
    workspace: Workspace, trainer: Workspace
) -> None:
    record = workspace.achievements.page(9, text=TITLE).items[0]
    fit(trainer)
    with trainer.store.writing() as unit:
        trainer.achievements.delete(unit, record.id)
    assert TITLE not in titles(workspace)
    workspace.follow()
    assert TITLE not in titles(workspace)
    assert record.id not in workspace.live.matchmaker.achievements.index.stamps()
