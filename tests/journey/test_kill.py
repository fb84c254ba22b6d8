"""Servers that are killed in the middle of writes have lost nothing that they acknowledged."""

from contextlib import closing
from pathlib import Path

import pytest

from api.settings import Settings
from tests.journey.rounds import Rounds


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_that_was_acknowledged_is_lost_when_servers_are_killed(
    data: Path, workers: int
) -> None:
    settings = Settings(data=data)
    with closing(Rounds(settings, {"HONGNIANG_DATA": str(data)}, workers, seed=workers)) as rounds:
        while rounds.tally.kills < 5:
            rounds.play()
    assert rounds.tally.acknowledged > 10
    assert rounds.tally.lost == []
