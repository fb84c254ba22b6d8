"""Runs of subscriptions on both databases: each due one once, by one, all of it or nothing."""

import threading
from datetime import timedelta

import pytest

from api.services import digests
from api.services.wishes import Manner, Wish, made
from api.services.workspace import Workspace
from api.store import Store
from api.store.digests import Found
from api.store.subscriptions import Subscription
from matcher.errors import BundleMissing, InvalidQuery, NotFound, StoreUnavailable
from tests.unit.subscribed import NOW, SMTP, account, digest, found, space_of, subscription

Look = list[Found]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Look:
    """What every search finds; a test fills it."""
    shown: Look = []
    monkeypatch.setattr(digests, "look", lambda *_: list(shown))
    return shown


def told(store: Store, kept: Subscription) -> list[list[str]]:
    """Ids by digest, oldest first."""
    made = store.digests.of(kept.id, 100)
    by_id = store.digests.findings(made)
    return [[one.record_id for one in by_id[d.id]] for d in reversed(made)]


def again(store: Store, kept: Subscription) -> Subscription:
    current = store.subscriptions.get(kept.id)
    assert current is not None
    return current


def test_only_what_was_never_told_becomes_a_digest(store: Store, seen: Look) -> None:
    kept = subscription(store, account(store))
    seen[:] = found("a1", "a2")
    digests.run_due(space_of(store), NOW)
    digests.run_due(space_of(store), NOW + timedelta(days=1))  # nothing new
    seen[:] = found("a3", "a1")
    digests.run_due(space_of(store), NOW + timedelta(days=2))
    assert told(store, kept) == [["a1", "a2"], ["a3"]]
    assert again(store, kept).last_at == NOW + timedelta(days=2)


def test_the_first_run_only_notes_what_was_there_before(store: Store, seen: Look) -> None:
    kept = subscription(store, account(store), last_at=None)
    seen[:] = found("a1")
    digests.run_due(space_of(store), NOW)
    seen[:] = found("a1", "a2")
    digests.run_due(space_of(store), NOW + timedelta(days=1))
    assert told(store, kept) == [["a2"]]


def test_missed_times_are_made_up_for_once(store: Store, seen: Look) -> None:
    kept = subscription(store, account(store), next_at=NOW - timedelta(days=30))
    seen[:] = found("a1")
    for _ in range(3):
        digests.run_due(space_of(store), NOW)
    assert len(told(store, kept)) == 1
    assert again(store, kept).next_at == NOW + timedelta(days=1, minutes=-5)


@pytest.mark.parametrize(
    ("owner", "changes"),
    [
        ({}, {"next_at": NOW + timedelta(seconds=1)}),
        ({}, {"paused_at": NOW - timedelta(days=1)}),
        ({"disabled_at": NOW - timedelta(days=1)}, {}),
        ({"role": "enterprise"}, {}),
    ],
)
def test_what_is_not_due_does_not_run(store: Store, seen: Look, owner: dict, changes: dict) -> None:
    kept = subscription(store, account(store, **owner), **changes)
    seen[:] = found("a1")
    digests.run_due(space_of(store), NOW)
    assert told(store, kept) == []
    assert again(store, kept).next_at == kept.next_at


def test_of_many_that_try_at_once_one_runs_it(store: Store, seen: Look) -> None:
    kept = [subscription(store, account(store)) for _ in range(3)]
    seen[:] = found("a1", "a2")
    start = threading.Barrier(6)

    def run() -> None:
        start.wait()
        digests.run_due(space_of(store), NOW)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [told(store, one) for one in kept] == [[["a1", "a2"]]] * 3


def test_two_runs_that_find_the_same_tell_of_it_once(store: Store, seen: Look) -> None:
    kept = subscription(store, account(store))
    found_by_both = found("a1", "a2")
    start = threading.Barrier(2)

    def tell() -> None:
        start.wait()
        with store.writing() as unit:
            held = store.subscriptions.hold(unit, kept.id)
            assert held is not None
            digests.tell(space_of(store), unit, held, found_by_both, NOW)

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(store, kept) == [["a1", "a2"]]


def test_a_process_that_dies_in_the_middle_neither_loses_nor_doubles_a_digest(
    store: Store, seen: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = subscription(store, account(store))
    seen[:] = found("a1")
    with monkeypatch.context() as dying:
        dying.setattr(type(store.subscriptions), "change", _die)  # the last thing in the unit
        with pytest.raises(StoreUnavailable):
            digests.run_due(space_of(store), NOW)
    assert told(store, kept) == []
    digests.run_due(space_of(store), NOW)  # still claimed by the one that died
    assert told(store, kept) == []
    digests.run_due(space_of(store), NOW + timedelta(minutes=6))
    digests.run_due(space_of(store), NOW + timedelta(minutes=12))
    assert told(store, kept) == [["a1"]]


def test_one_that_comes_back_too_late_leaves_it_to_who_took_over(
    store: Store, seen: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = subscription(store, account(store))

    def slow(space: object, _: object) -> Look:
        monkeypatch.setattr(digests, "look", lambda *_: found("a1"))
        digests.run_due(space_of(store), NOW + timedelta(minutes=6))
        return found("a2")

    monkeypatch.setattr(digests, "look", slow)
    digests.run_due(space_of(store), NOW)
    assert told(store, kept) == [["a1"]]


def test_without_a_model_it_is_tried_again_soon(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = subscription(store, account(store))

    def fail(*_: object) -> Look:
        raise BundleMissing("没有模型。")

    monkeypatch.setattr(digests, "look", fail)
    with pytest.raises(BundleMissing):
        digests.run_due(space_of(store), NOW)
    assert again(store, kept).next_at == NOW + timedelta(minutes=5)


def test_one_whose_record_is_gone_waits_for_its_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = subscription(store, account(store))

    def gone(*_: object) -> Look:
        raise NotFound("没有。")

    monkeypatch.setattr(digests, "look", gone)
    digests.run_due(space_of(store), NOW)
    assert told(store, kept) == []
    assert again(store, kept).next_at > NOW + timedelta(hours=23)


@pytest.mark.parametrize(
    ("by_email", "has_server", "mail"),
    [(True, True, "waiting"), (False, True, "none"), (True, False, "none")],
)
def test_a_digest_waits_for_its_letter_only_if_one_is_wanted_and_can_be(
    store: Store, seen: Look, by_email: bool, has_server: bool, mail: str
) -> None:
    kept = subscription(store, account(store), by_email=by_email)
    seen[:] = found("a1")
    smtp = SMTP if has_server else SMTP.model_copy(update={"smtp_host": ""})
    digests.run_due(space_of(store, smtp), NOW)
    [made] = store.digests.of(kept.id, 10)
    assert made.mail == mail


def test_what_was_told_since_the_last_look_is_counted(store: Store) -> None:
    owner = account(store)
    kept, other = subscription(store, owner), subscription(store, owner, seen_at=NOW)
    digest(store, kept, found("a1", "a2"))
    digest(store, other, found("a1"))
    assert store.digests.unseen(owner.id) == {kept.id: 2}


def test_removing_a_subscription_removes_all_that_it_told(store: Store) -> None:
    kept = subscription(store, account(store))
    made = digest(store, kept, found("a1"))
    with store.writing() as unit:
        store.subscriptions.remove(unit, kept.id)
    assert store.digests.of(kept.id, 10) == []
    assert store.digests.findings([made]) == {made.id: []}


def _die(*_: object, **__: object) -> None:
    raise StoreUnavailable("数据库连接中断。")


def test_a_due_subscription_can_be_claimed_once(store: Store) -> None:
    kept = subscription(store, account(store))
    until = NOW + timedelta(minutes=5)
    claims = store.subscriptions.claim
    assert [claims(kept, until), claims(kept, until + timedelta(minutes=1))] == [True, False]


def test_days_that_cannot_be_are_refused_also_before_there_is_a_model(empty: Workspace) -> None:
    wish = Wish(text="膜", direction="demands", filters={"date_to": "月底"})
    with pytest.raises(InvalidQuery, match="截止日期"):
        made(empty, "account", wish, Manner())
