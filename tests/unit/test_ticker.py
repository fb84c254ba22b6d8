"""A thread that goes on whatever happens to its steps, and ends when it is told to."""

import logging
import threading
import time
from collections.abc import Callable

import pytest

from api.services.ticking import Ticker
from matcher.errors import StoreUnavailable


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


@pytest.mark.parametrize("error", [StoreUnavailable("数据库正忙。"), ZeroDivisionError()])
def test_trouble_is_said_once_when_it_begins_and_once_when_it_ends(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[int] = []

    def step() -> bool:
        asked.append(1)
        if 10 < len(asked) < 30:
            raise error
        return False

    with caplog.at_level(logging.INFO), Ticker("digests", step, 0.001):
        wait_until(lambda: len(asked) > 40)
    said = [record.getMessage().partition(": ")[2] for record in caplog.records]
    assert [one.partition(":")[0] for one in said] == ["trying on", "going on again"]


def test_it_steps_again_at_once_while_there_is_more_and_rests_otherwise() -> None:
    asked: list[int] = []
    done = threading.Event()

    def step() -> bool:
        asked.append(1)
        if len(asked) == 50:
            done.set()
        return len(asked) < 50

    with Ticker("digests", step, 0.05):
        assert done.wait(30)
    assert len(asked) < 60
