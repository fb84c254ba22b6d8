"""Cases are opened once, and undoing an acceptance leaves no trace of what nobody worked on."""

from threading import Barrier, Thread

from api.security.roles import Actor
from api.services.cases import open_case, withdraw_case
from api.services.workspace import Workspace
from matcher.values import ENDED


def opened_by(space: Workspace, actor: Actor, achievement: str = "a1") -> str:
    with space.store.writing() as unit:
        return open_case(space, unit, actor, "d1", achievement)


def withdrawn_by(space: Workspace, actor: Actor) -> None:
    with space.store.writing() as unit:
        withdraw_case(space, unit, actor, "d1", "a1")


def kinds(space: Workspace, id_: str) -> list[str]:
    return [event.kind for event in space.store.cases.events(id_, 50)]


def test_an_accepted_pairing_gets_a_case_of_whoever_accepted_it(
    space: Workspace, broker: Actor
) -> None:
    case = space.store.cases.get(opened_by(space, broker))
    assert case is not None
    assert (case.stage, case.assignee_id, case.version) == ("proposed", broker.account_id, 1)
    assert kinds(space, case.id) == ["opened"]
    assert [line.action for line in space.store.audit.page(5, subject=case.id)] == ["case-open"]


def test_accepting_again_finds_the_case_that_is_open(space: Workspace, broker: Actor) -> None:
    first = opened_by(space, broker)
    assert opened_by(space, broker) == first
    assert kinds(space, first) == ["opened"]
    assert opened_by(space, broker, "a2") != first


def test_two_that_accept_at_once_open_one_case(space: Workspace, broker: Actor) -> None:
    ready, found = Barrier(4), []

    def accept() -> None:
        ready.wait()
        found.append(opened_by(space, broker))

    threads = [Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert kinds(space, found[0]) == ["opened"]


def test_undoing_an_acceptance_at_once_leaves_no_case(space: Workspace, broker: Actor) -> None:
    case = opened_by(space, broker)
    withdrawn_by(space, broker)
    assert space.store.cases.get(case) is None
    assert kinds(space, case) == []
    withdrawn_by(space, broker)  # nothing to do


def test_a_case_that_was_opened_again_ends_again_when_that_is_undone(
    space: Workspace, broker: Actor
) -> None:
    id_ = opened_by(space, broker)
    with space.store.writing() as unit:
        space.store.cases.change(unit, id_, {"stage": ENDED, "ended_because": "价格不合"})
    assert opened_by(space, broker) == id_
    case = space.store.cases.get(id_)
    assert case is not None
    assert (case.stage, case.ended_because) == ("proposed", None)
    withdrawn_by(space, broker)
    case = space.store.cases.get(id_)
    assert case is not None
    assert (case.stage, case.ended_because) == (ENDED, "价格不合")
    assert kinds(space, id_) == ["withdrawn", "reopened", "opened"]
