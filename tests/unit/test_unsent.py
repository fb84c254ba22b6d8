"""The table of drafts, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from api.services.draft_room import DraftRoom
from api.store import Database, Store
from api.store.accounts import Account
from api.store.tables import DraftRow
from matcher.errors import DraftConflict, DraftsFull

HASH = "0" * 64
TYPED = {"title": "含“引号”与 😀 的草稿", "submission": "n" * 43}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(Database(database_url))
    yield opened
    opened.close()


def add(store: Store, typed: dict[str, str] = TYPED) -> str:
    """A draft; its version."""
    with store.writing() as unit:
        return store.drafts.add(unit, HASH, typed).version


def save(store: Store, title: str, seen: str | None) -> str:
    """Another title; the version that it has then."""
    with store.writing() as unit:
        saved = store.drafts.save(unit, HASH, {"title": title}, seen)
    assert saved is not None
    return saved.version


def test_a_draft_is_read_as_it_was_written(store: Store) -> None:
    version = add(store)
    draft = store.drafts.get(HASH)
    assert draft is not None
    assert (draft.typed, draft.version) == (TYPED, version)
    assert store.drafts.get("1" * 64) is None


def test_adding_it_again_leaves_it_as_it_is(store: Store) -> None:
    version = add(store)
    assert add(store, {"title": "另一个"}) == version
    draft = store.drafts.get(HASH)
    assert draft is not None
    assert draft.typed == TYPED


def test_every_save_is_a_version_of_its_own_that_the_database_keeps(store: Store) -> None:
    versions = [add(store)]
    for number in range(5):
        versions.append(save(store, f"第 {number} 次", versions[-1]))
        draft = store.drafts.get(HASH)
        assert draft is not None
        assert draft.version == versions[-1]
    assert len(set(versions)) == 6
    assert sorted(versions) == versions


def test_a_stale_save_is_refused_and_changes_nothing(store: Store) -> None:
    first = add(store)
    save(store, "新的", first)
    with pytest.raises(DraftConflict):
        save(store, "旧窗口的", first)
    draft = store.drafts.get(HASH)
    assert draft is not None
    assert draft.typed == {"title": "新的"}


def test_of_several_that_take_a_draft_at_once_one_gets_it(store: Store) -> None:
    add(store)

    def take(_: int) -> bool:
        with store.writing() as unit:
            return store.drafts.take(unit, HASH) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]
    assert store.drafts.get(HASH) is None


def test_of_several_that_save_one_version_at_once_one_is_kept(store: Store) -> None:
    version = add(store)

    def attempt(number: int) -> bool:
        try:
            save(store, f"窗口 {number}", version)
        except DraftConflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_a_draft_that_is_taken_by_a_unit_that_fails_is_still_there(store: Store) -> None:
    add(store)

    def fail() -> None:
        with store.writing() as unit:
            store.drafts.take(unit, HASH)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.drafts.get(HASH) is not None


def test_old_drafts_are_dropped_and_others_stay(store: Store) -> None:
    add(store)
    with store.writing() as unit:
        store.drafts.drop(unit, unit.moment - timedelta(days=1))
    assert store.drafts.get(HASH) is not None
    with store.writing() as unit:
        store.drafts.drop(unit, unit.moment + timedelta(seconds=1))
    assert store.drafts.get(HASH) is None


# Room for those of people without an account


def fill(store: Store, count: int, account: str | None = None) -> None:
    with store.writing() as unit:
        for number in range(count):
            store.drafts.add(unit, f"{account or 'n'}{number:062}", TYPED, account)


class Clock:
    """Stands still until it is moved on."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_drafts_of_nobody_are_counted_no_further_than_asked(store: Store) -> None:
    account = Account("u1", "qi.ye", "enterprise", "x", None, datetime.now(UTC), None)
    with store.writing() as unit:
        store.accounts.put(unit, account)
    fill(store, 3)
    fill(store, 2, "u1")
    assert store.drafts.count_of_nobody(10) == 3
    assert store.drafts.count_of_nobody(2) == 2


def test_a_room_lets_in_so_many_and_then_nobody(store: Store) -> None:
    fill(store, 2)
    room = DraftRoom(store, 4, Clock())
    room.take()
    room.take()
    with pytest.raises(DraftsFull):
        room.take()
    assert store.drafts.count_of_nobody(10) == 2


def test_a_room_is_counted_again_only_after_some_seconds(store: Store) -> None:
    clock = Clock()
    room = DraftRoom(store, 2, clock)
    room.take()
    fill(store, 2)
    room.take()
    clock.now += 6
    with pytest.raises(DraftsFull):
        room.take()
    with store.writing() as unit:
        store.drafts.take(unit, f"n{0:062}")
    with pytest.raises(DraftsFull):
        room.take()
    clock.now += 6
    room.take()


def changed(store: Store, number: int, days: int) -> None:
    """Nobody has changed this draft for so many days."""
    at = datetime.now(UTC) - timedelta(days=days)
    mine = update(DraftRow).where(DraftRow.receipt_hash == f"n{number:062}")
    with store.database.writing() as session:
        session.execute(mine.values(updated_at=at))


def test_a_full_room_forgets_those_too_old_and_no_other(store: Store) -> None:
    fill(store, 3)
    changed(store, 1, days=31)
    changed(store, 2, days=29)
    room = DraftRoom(store, 3, Clock())
    room.take()
    assert store.drafts.count_of_nobody(10) == 2
    assert store.drafts.get(f"n{1:062}") is None
    with pytest.raises(DraftsFull):
        room.take()
    assert store.drafts.get(f"n{2:062}") is not None


def test_a_room_without_a_limit_is_never_full(store: Store) -> None:
    fill(store, 3)
    DraftRoom(store, 0, Clock()).take()
