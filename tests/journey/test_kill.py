"""Servers that are killed in the middle of writes have lost nothing that they acknowledged."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.databases import Folders
from tests.journey.rounds import Rounds, broker_key


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_that_was_acknowledged_is_lost_when_servers_are_killed(
    data: Path, folders: Folders, workers: int
) -> None:
    settings = folders.settings(data)
    key = broker_key(settings)
    rounds = Rounds(settings, folders.environment(data), workers, seed=workers, key=key)
    with closing(rounds):
        # A kill may come before the first write is through: how many are is up to the machine.
        while rounds.tally.kills < 2 or (rounds.tally.acknowledged <= 5 and rounds.tally.kills < 9):
            rounds.play()
    assert rounds.tally.acknowledged > 5
    assert rounds.tally.lost == []
