"""A POST that comes twice does its work once, also when both come at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from api.security.roles import Actor, Role, visitor
from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS
from api.services.once import Once
from api.services.submission import by_receipt, submit
from api.services.workspace import Workspace
from api.store import Store
from api.store.idempotency import claim
from matcher.errors import KeyReused, NotFound
from tests.unit.stores import need_draft, offer, offer_draft

BROKER = Actor("u1", "shen", Role.broker, "192.0.2.7")
ONCE = Once.of(BROKER, "/api/v1/achievements", "a-key-of-the-sender", b"{}")


def claimed(store: Store, key: str, content: str, subject: str, days: float = 0) -> str:
    with store.writing() as unit:
        unit.moment += timedelta(days=days)
        return claim(unit, key, content, subject)


def at_once(work: Callable[[int], object]) -> list[object]:
    """What two threads get that begin at the same moment."""
    start = Barrier(2)

    def begun(number: int) -> object:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(begun, range(2)))


def test_the_first_claim_of_a_key_is_what_all_later_ones_hear(store: Store) -> None:
    assert claimed(store, "key", "content", "a1") == "a1"
    assert claimed(store, "key", "content", "a2") == "a1"
    assert claimed(store, "another key", "content", "a2") == "a2"


def test_a_key_that_comes_with_other_content_is_refused_and_stays_as_it_was(store: Store) -> None:
    claimed(store, "key", "content", "a1")
    with pytest.raises(KeyReused, match="Idempotency-Key"):
        claimed(store, "key", "other content", "a2")
    assert claimed(store, "key", "content", "a3") == "a1"


def test_a_key_whose_unit_failed_is_free(store: Store) -> None:
    def failing() -> None:
        with store.writing() as unit:
            claim(unit, "key", "content", "a1")
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        failing()
    assert claimed(store, "key", "other content", "a2") == "a2"


def test_a_key_is_remembered_for_a_week(store: Store) -> None:
    claimed(store, "key", "content", "a1")
    assert claimed(store, "key", "content", "a2", days=6.9) == "a1"
    assert claimed(store, "key", "content", "a2", days=7.1) == "a2"


def test_of_two_claims_at_once_one_makes_and_both_hear_of_it(store: Store) -> None:
    def work(number: int) -> str:
        with store.writing() as unit:
            made = claim(unit, "key", "content", f"a{number}")
            if made == f"a{number}":
                store.achievements.put(unit, offer(made))
            return made

    one, other = at_once(work)
    assert one == other
    assert list(store.achievements.stamps()) == [one]


def test_a_record_that_is_sent_twice_is_stored_and_noted_once(workspace: Workspace) -> None:
    before = workspace.achievements.count()
    first = catalogue.add(workspace, ACHIEVEMENTS, offer_draft(), BROKER, ONCE)
    again = catalogue.add(workspace, ACHIEVEMENTS, offer_draft(), BROKER, ONCE)
    assert again == first
    assert workspace.achievements.count() == before + 1
    assert len(workspace.store.audit.page(9, subject=first.id)) == 1


def test_a_record_that_is_sent_twice_at_once_is_stored_once(workspace: Workspace) -> None:
    before = workspace.achievements.count()
    assert workspace.ready
    one, other = at_once(
        lambda _: catalogue.add(workspace, ACHIEVEMENTS, offer_draft(), BROKER, ONCE)
    )
    assert one == other
    assert workspace.achievements.count() == before + 1


def test_a_key_for_other_content_is_refused_and_nothing_is_stored(workspace: Workspace) -> None:
    catalogue.add(workspace, ACHIEVEMENTS, offer_draft(), BROKER, ONCE)
    before = workspace.achievements.stamps()
    other = Once(ONCE.key, "0" * 64)
    with pytest.raises(KeyReused):
        catalogue.add(workspace, ACHIEVEMENTS, offer_draft(title="另一个"), BROKER, other)
    assert workspace.achievements.stamps() == before


def test_what_was_made_and_then_deleted_is_not_made_again(workspace: Workspace) -> None:
    record = catalogue.add(workspace, ACHIEVEMENTS, offer_draft(), BROKER, ONCE)
    catalogue.remove(workspace, ACHIEVEMENTS, record.id)
    before = workspace.achievements.stamps()
    with pytest.raises(NotFound):
        catalogue.add(workspace, ACHIEVEMENTS, offer_draft(), BROKER, ONCE)
    assert workspace.achievements.stamps() == before


def test_a_demand_that_is_sent_twice_gets_the_same_receipt(workspace: Workspace) -> None:
    once = Once.of(visitor(), "/api/v1/demands", "9f6c", b"{}")
    demand, code = submit(workspace, need_draft(), visitor(), once)
    assert submit(workspace, need_draft(), visitor(), once) == (demand, code)
    assert by_receipt(workspace, code).record == demand
    assert len(code.replace("-", "")) == 24


def test_keys_of_different_senders_and_places_are_different_keys() -> None:
    other = Actor("u2", "lin", Role.broker)
    hashes = {
        Once.of(actor, place, key, b"").key_hash
        for actor in (BROKER, other, visitor())
        for place in ("/api/v1/achievements", "/api/v1/demands")
        for key in ("one", "two")
    }
    assert len(hashes) == 12
    assert Once.of(BROKER, "/", "key", b"1").content_hash != ONCE.content_hash
    assert Once.of(BROKER, "/", "\ud800", b"").key_hash  # whatever a header may hold


def test_a_form_is_the_same_only_with_the_same_content() -> None:
    first, again, other = (
        Once.of_form(BROKER, "day", "a-number", content) for content in (b"1", b"1", b"2")
    )
    assert first == again
    assert first is not None
    assert other is not None
    assert first.key_hash != other.key_hash
    assert Once.of_form(BROKER, "day", "", b"1") is None
