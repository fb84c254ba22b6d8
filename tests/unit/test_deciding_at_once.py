"""Two brokers who decide on one pairing at the same moment, on both databases."""

from threading import Event, Thread

from api.security.roles import Actor
from api.services import decisions
from api.services.decisions import DecisionDraft
from api.services.workspace import Workspace
from api.store import Decision


def test_of_two_decisions_at_once_both_are_kept_and_the_later_one_stands(
    space: Workspace, broker: Actor
) -> None:
    table, begun, made = space.store.decisions, Event(), []

    def second() -> None:
        begun.set()
        draft = DecisionDraft(verdict="rejected", reason="其他")
        made.append(decisions.decide(space, broker, "d1", "a1", draft))

    thread = Thread(target=second)
    with space.store.writing() as unit:
        first = first_one(space, broker, unit.moment)
        table.add(unit, first)
        thread.start()
        begun.wait(10)
        thread.join(0.5)  # it waits for this unit by now
    thread.join(10)
    [standing] = table.of("demand_id", "d1")
    assert [standing.id] == [one.id for one in made]
    assert table.of_pairing("d1", "a1") == standing
    assert table.of_pairing("d1", "a2") is table.of_pairing("d2", "a1") is None
    assert table.of_pairing("d1\0", "a1") is None


def first_one(space: Workspace, broker: Actor, at: object) -> Decision:
    values = dict.fromkeys(Decision.__slots__) | {
        "id": space.store.decisions.new_id(),
        "demand_id": "d1",
        "achievement_id": "a1",
        "verdict": "rejected",
        "reason": "其他",
        "note": "",
        "grade": 1,
        "asked": "demand",
        "account_id": broker.account_id,
        "at": at,
    }
    return Decision(**values)  # type: ignore[arg-type]
