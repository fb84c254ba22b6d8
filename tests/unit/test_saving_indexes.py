"""Who writes the indexes to disk: one process of several, and any of its threads."""

import json
import threading
from pathlib import Path
from typing import Any

import numpy as np

from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from matcher.filters import Filters
from matcher.index import SegmentIndex
from tests.unit.conftest import Opener
from tests.unit.older import written_as_before
from tests.unit.stores import need_draft, offer_draft


def add(workspace: Workspace) -> None:
    catalogue.add(workspace, ACHIEVEMENTS, offer_draft())


def held_in_memory(workspace: Workspace) -> int:
    """How many achievements the index does not read from a file."""
    index = workspace.live.matchmaker.achievements.index
    assert isinstance(index, SegmentIndex)
    parts = [(len(part), part.segment.postings.weights) for part in index.snapshot.parts]
    return sum(count for count, weights in parts if not is_mapped(weights))


def is_mapped(array: Any) -> bool:
    """Whether an array is a view of a file."""
    while isinstance(array, np.ndarray) and not isinstance(array, np.memmap):
        array = array.base
    return isinstance(array, np.memmap)


def test_of_two_processes_one_saves_until_it_ends(opened: Opener, folder: Path) -> None:
    here, there = opened(folder), opened(folder)
    assert here.ready
    add(there)
    here.follow()
    assert there.live.save()
    assert not here.live.save()
    add(there)
    assert there.live.save()
    here.follow()
    assert not here.live.save()
    there.live.close()
    assert here.live.save()


def test_the_others_read_what_was_saved_from_there(opened: Opener, folder: Path) -> None:
    here, there = opened(folder), opened(folder)
    assert here.ready
    add(there)
    assert there.live.save()
    add(there)  # nobody has saved this one
    here.follow()
    expected = here.live.matchmaker.achievements.index.stamps()
    assert held_in_memory(here) >= 2
    assert not here.live.save()
    assert held_in_memory(here) == 1
    assert here.live.matchmaker.achievements.index.stamps() == expected


def test_whichever_thread_saves_it_is_the_same_process(workspace: Workspace) -> None:
    saved: list[bool] = []

    def save() -> None:
        saved.append(workspace.live.save())

    for _ in range(2):
        add(workspace)
        thread = threading.Thread(target=save)
        thread.start()
        thread.join()
    add(workspace)
    save()
    assert saved == [True, True, True]


def test_threads_that_save_at_once_leave_a_position_that_holds(
    workspace: Workspace, folder: Path
) -> None:
    failed: list[BaseException] = []

    def save() -> None:
        try:
            for _ in range(5):
                add(workspace)
                workspace.live.save()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=save) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    workspace.live.save()
    changes = workspace.store.changes
    [position] = (folder / "index").glob("*/position.json")
    assert json.loads(position.read_text())["number"] == changes.latest()
    index = SegmentIndex.open(position.parent / "achievements", workspace.live.name)
    assert index.stamps() == workspace.achievements.stamps()


def test_demands_saved_before_there_were_days_are_indexed_anew_and_saved_at_once(
    opened: Opener, folder: Path
) -> None:
    with written_as_before():
        before = opened(folder)
        due = catalogue.add(before, DEMANDS, need_draft(deadline="2027-06-30")).id
        add(before)
        assert before.live.save()
        before.close()
    [place] = (path.parent for path in (folder / "index").glob("*/position.json"))
    position = (place / "position.json").read_bytes()

    def lacking() -> list[bool]:
        kinds = ("achievements", "demands", "resources")
        return [SegmentIndex.open(place / kind, place.name).lacks_days for kind in kinds]

    assert lacking()[:2] == [True, True]
    after = opened(folder)
    text, day = need_draft().problem, Filters(date_to="2027-06-30")
    found = match(after, MatchRequest(text, direction="demands", filters=day))
    assert [pairing.demand.id for pairing in found.pairings] == [due]
    assert lacking() == [True, False, False]  # achievements have no days, so theirs stay
    assert (place / "position.json").read_bytes() == position
