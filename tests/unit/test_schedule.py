"""When subscriptions are due, by the clock of Beijing, and how long a failed letter waits."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from api.services.schedule import DAILY, WEEKLY, next_run, pause_after

BEIJING = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    """A moment as a clock in Beijing shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("frequency", "after", "expected"),
    [
        (DAILY, "2027-03-03 07:59:59", "2027-03-03 08:00"),
        (DAILY, "2027-03-03 08:00", "2027-03-04 08:00"),
        (DAILY, "2027-03-03 23:30", "2027-03-04 08:00"),
        (DAILY, "2027-03-04 00:30", "2027-03-04 08:00"),  # in UTC that is still the day before
        (DAILY, "2027-12-31 09:00", "2028-01-01 08:00"),
        (DAILY, "2028-02-28 09:00", "2028-02-29 08:00"),
        (WEEKLY, "2027-03-01 07:00", "2027-03-01 08:00"),  # a Monday
        (WEEKLY, "2027-03-01 08:00", "2027-03-08 08:00"),
        (WEEKLY, "2027-03-02 07:00", "2027-03-08 08:00"),
        (WEEKLY, "2027-03-07 23:59", "2027-03-08 08:00"),
        (WEEKLY, "2027-12-30 12:00", "2028-01-03 08:00"),
    ],
)
def test_the_next_time_is_eight_in_the_morning_in_beijing(
    frequency: str, after: str, expected: str
) -> None:
    found = next_run(frequency, at(after))
    assert found == at(expected)
    assert found.tzinfo is UTC


def test_weekly_is_always_a_monday_and_there_is_no_summer_time() -> None:
    moment = at("2027-01-01 12:34")
    for _ in range(400):
        moment += timedelta(hours=23)
        weekly, daily = next_run(WEEKLY, moment), next_run(DAILY, moment)
        assert weekly.astimezone(BEIJING).weekday() == 0
        assert {weekly.hour, daily.hour} == {0}  # in UTC
        assert timedelta(0) < daily - moment <= timedelta(days=1)
        assert timedelta(0) < weekly - moment <= timedelta(days=7)


def test_letters_wait_longer_each_time_but_never_longer_than_six_hours() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 15)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == pause_after(10**6) == timedelta(hours=6)
