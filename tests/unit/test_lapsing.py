"""Subscriptions whose last day passes: told once, by a digest of nothing, a letter and a feed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from api.pages import feeds
from api.pages.letters import letter
from api.services import digests
from api.services.lapsing import has_lapsed, lapses, last_day
from api.store import Store
from api.store.digests import Found
from api.store.subscriptions import Subscription
from tests.unit.subscribed import NOW, account, digest, found, space_of, subscription

YESTERDAY, TODAY = "2027-03-02", "2027-03-03"
"""NOW is on the third, in Beijing."""
NEEDS = {"direction": "demands"}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Found]:
    """What every search finds; a test fills it."""
    shown: list[Found] = []
    monkeypatch.setattr(digests, "look", lambda *_: list(shown))
    return shown


def until(store: Store, last: str, **changes: object) -> Subscription:
    return subscription(store, account(store), filters={"date_to": last}, **NEEDS, **changes)


def told(store: Store, kept: Subscription) -> list[int]:
    """How many records each digest told of, oldest first."""
    made = store.digests.of(kept.id, 100)
    by_id = store.digests.findings(made)
    return [len(by_id[one.id]) for one in reversed(made)]


def moved(store: Store, kept: Subscription, last: str) -> None:
    with store.writing() as unit:
        store.subscriptions.change(unit, kept.id, filters={"date_to": last})


def test_the_last_day_itself_still_counts(store: Store) -> None:
    kept = until(store, TODAY)
    assert last_day(kept) == date(2027, 3, 3)
    assert not has_lapsed(kept, date(2027, 3, 3))
    assert has_lapsed(kept, date(2027, 3, 4))
    assert not has_lapsed(subscription(store, account(store), **NEEDS), date(9000, 1, 1))


def test_days_are_those_of_beijing(store: Store) -> None:
    kept = until(store, TODAY, last_at=NOW)
    midnight = datetime(2027, 3, 3, 16, tzinfo=UTC)
    assert not lapses(kept, midnight - timedelta(seconds=1))
    assert lapses(kept, midnight)


def test_it_is_told_once_however_often_it_runs(store: Store, seen: list[Found]) -> None:
    kept = until(store, YESTERDAY)
    seen[:] = found("d1")
    for days in range(4):
        digests.run_due(space_of(store), NOW + timedelta(days=days))
    assert told(store, kept) == [1, 0]
    [end, _] = store.digests.of(kept.id, 9)
    assert (end.mail, end.next_try_at) == ("waiting", NOW)


def test_one_that_rested_is_told_when_it_goes_on(store: Store, seen: list[Found]) -> None:
    kept = until(store, "2027-02-01", last_at=NOW - timedelta(days=60))
    digests.run_due(space_of(store), NOW)
    assert told(store, kept) == [0]


def test_one_that_was_made_too_late_or_looked_at_by_hand_is_not_told(
    store: Store, seen: list[Found]
) -> None:
    late = until(store, "2027-02-01", last_at=None)
    open_ = until(store, TODAY)
    plain = subscription(store, account(store))
    digests.run_due(space_of(store), NOW)
    assert [told(store, one) for one in (late, open_, plain)] == [[], [], []]


def test_extended_it_is_told_again_after_the_new_day(store: Store, seen: list[Found]) -> None:
    kept = until(store, YESTERDAY)
    digests.run_due(space_of(store), NOW)
    moved(store, kept, "2027-03-05")
    for days in range(1, 6):
        digests.run_due(space_of(store), NOW + timedelta(days=days))
    assert told(store, kept) == [0, 0]


def test_the_letter_says_so_and_leads_to_the_page(store: Store) -> None:
    kept = until(store, YESTERDAY)
    made = letter(space_of(store), kept, digest(store, kept), "lin.jing@kjj.example")
    assert made is not None
    assert made["Subject"] == "红娘订阅：除氟（截止日期已过）"
    for kind in ("plain", "html"):
        part = made.get_body((kind,))
        assert part is not None
        text = part.get_content()
        assert "到 2027-03-02 为止" in text
        assert f"https://kjj.example/subscriptions/{kept.id}" in text


def test_a_letter_that_comes_after_it_was_extended_is_not_sent(store: Store) -> None:
    kept = until(store, TODAY)
    assert letter(space_of(store), kept, digest(store, kept), "lin.jing@kjj.example") is None


def test_the_feed_says_so_without_a_grade(store: Store) -> None:
    kept = until(store, YESTERDAY)
    digest(store, kept)
    written = feeds.written(space_of(store), kept, "https://kjj.example")
    assert written.count("<entry>") == 1
    assert "订阅的截止日期已过" in written
    assert "<category" not in written
    digest(store, kept, found("gone"))
    assert feeds.written(space_of(store), kept, "").count("<entry>") == 1
