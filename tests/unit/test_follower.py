"""The follower, which keeps a process up to date, whatever happens to the database meanwhile."""

import gc
import logging
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from api.services import catalogue
from api.services.drafts import AchievementDraft
from api.services.fitting import fit
from api.services.following import Follower, following
from api.services.kinds import ACHIEVEMENTS
from api.services.workspace import Workspace
from matcher.errors import StoreUnavailable
from tests.unit.conftest import Opener
from tests.unit.rows import achievement_row, draft_values

PATIENCE = 30.0


class Pretended:
    """A workspace that answers as it is told to, and counts how often it was asked."""

    model = "m"

    def __init__(self, answer: Callable[[int], bool]) -> None:
        self._answer = answer
        self.asked = 0
        self.saved = 0

    def follow(self) -> bool:
        self.asked += 1
        return self._answer(self.asked)

    def save_indexes(self) -> None:
        self.saved += 1

    def leads(self) -> bool:
        return False


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def follower(answer: Callable[[int], bool], pause: float = 0.001) -> tuple[Follower, Pretended]:
    space = Pretended(answer)
    return Follower(space, pause), space  # type: ignore[arg-type]


def offer(title: str) -> AchievementDraft:
    return AchievementDraft.model_validate(draft_values(achievement_row(9, title=title)))


def test_what_another_process_writes_is_applied_and_saved_at_the_end(
    opened: Opener, folder: Path
) -> None:
    here, there = opened(folder), opened(folder)
    assert here.ready
    with following(here):
        added = catalogue.add(there, ACHIEVEMENTS, offer("磁悬浮鼓风机"))
        wait_until(lambda: added.id in here.matchmaker.achievements.index.stamps())
        there.close()
    here.close()
    again = opened(folder)
    embedded: list[int] = []
    again.attach(again.registry.load(), lambda items, _, total: embedded.append(total) or items)
    assert sum(embedded) == 0


def test_a_new_bundle_is_taken_up_and_the_old_one_let_go(
    workspace: Workspace, opened: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.representation.document_shares", dict)
    before = weakref.ref(workspace.matchmaker)
    gc.disable()  # nothing may depend on it: what is loaded at the start is frozen in a server
    try:
        with following(workspace):
            name = fit(opened(folder))
            wait_until(lambda: workspace.model == name)
            wait_until(lambda: before() is None)
    finally:
        gc.enable()


def test_it_goes_on_at_once_while_there_is_more() -> None:
    following_, space = follower(lambda asked: asked < 50, pause=PATIENCE)
    following_._thread.start()
    time.sleep(0.1)
    assert space.asked == 0  # the first look comes after a pause
    following_.stop()
    busy, space = follower(lambda asked: asked != 1, pause=0.05)
    busy.start()
    wait_until(lambda: space.asked > 1000)
    busy.stop()


def test_it_ends_promptly_however_long_its_pause() -> None:
    idle, space = follower(lambda _: False, pause=1000)
    idle.start()
    idle.stop()
    assert not idle._thread.is_alive()
    assert space.asked == 0


@pytest.mark.parametrize(
    "error", [StoreUnavailable("数据库正忙，请稍后再试。"), ZeroDivisionError()]
)
def test_trouble_is_said_once_when_it_begins_and_once_when_it_ends(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(asked: int) -> bool:
        if 10 < asked < 30:
            raise error
        return False

    troubled, space = follower(answer)
    with caplog.at_level(logging.INFO):
        troubled.start()
        wait_until(lambda: space.asked > 40)
        troubled.stop()
    assert [record.getMessage().split(",")[0].split(":")[0] for record in caplog.records] == [
        "cannot follow the database",
        "following the database again",
    ]


def test_indexes_are_saved_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.services.following._SAVE_EVERY", 0.05)
    saver, space = follower(lambda _: False)
    saver.start()
    wait_until(lambda: space.saved >= 2)
    saver.stop()
    assert space.saved < space.asked


def test_free_memory_is_given_back_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bool] = []
    monkeypatch.setattr("api.services.following._GIVE_BACK_EVERY", 0.05)
    monkeypatch.setattr("api.services.following.give_back", lambda: given.append(True))
    giver, space = follower(lambda _: False)
    giver.start()
    wait_until(lambda: len(given) >= 2)
    giver.stop()
    assert space.saved < len(given) < space.asked


def test_indexes_are_saved_by_whichever_thread_asks(workspace: Workspace) -> None:
    saved: list[bool] = []
    for number, run in enumerate((_elsewhere, lambda act: act(), _elsewhere)):
        catalogue.add(workspace, ACHIEVEMENTS, offer(f"磁悬浮鼓风机第{number}代"))
        run(lambda: saved.append(workspace.live.save()))
    assert saved == [True, True, True]


def _elsewhere(act: Callable[[], None]) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def test_a_full_disk_ends_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    assert workspace.ready
    monkeypatch.setattr(workspace, "save_indexes", full)
    with following(workspace):
        pass
    assert "cannot be saved" in caplog.text
