"""What is done with a case is told in its history and the audit log, once, and to nobody's loss."""

from datetime import UTC, datetime
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest

from api.security.roles import SYSTEM, Actor, Role
from api.services import case_listing, casework, times
from api.services.accounts import account_named, add_account, set_enabled
from api.services.case_drafts import CaseChange, Move
from api.services.case_listing import CaseFilters, released
from api.services.cases import open_case
from api.services.once import Once
from api.services.workspace import Workspace
from api.store import CaseQuery
from matcher.errors import EditConflict, InvalidInput, NotFound

SIGN = Move(stage="signed", contract_type="技术开发", amount=50, signed_on="2026-01-05")


@pytest.fixture
def case(space: Workspace, broker: Actor) -> str:
    with space.store.writing() as unit:
        return open_case(space, unit, broker, "d1", "a1")


@pytest.fixture
def other(space: Workspace) -> Actor:
    account = add_account(space, SYSTEM, "zhao.ming", Role.broker, "一句很容易记住的话呀")
    return Actor(account.id, account.name, Role.broker)


def told(space: Workspace, case: str) -> list[tuple[str, str]]:
    return [(event.kind, event.text) for event in space.store.cases.events(case, 50)]


def audited(space: Workspace, case: str) -> list[str]:
    return [line.action for line in space.store.audit.page(50, subject=case)]


def test_a_move_is_told_with_its_note(space: Workspace, broker: Actor, case: str) -> None:
    after = casework.move(space, broker, case, Move(stage="contacted", note="已通电话"), 1)
    assert (after.stage, after.version) == ("contacted", 2)
    [event, _] = space.store.cases.events(case, 50)
    assert (event.from_stage, event.to_stage, event.text, event.who) == (
        "proposed",
        "contacted",
        "已通电话",
        "lin.jing",
    )
    assert audited(space, case) == ["case-move", "case-open"]
    [line, _] = space.store.audit.page(5, subject=case)
    assert "已通电话" not in str(line.details)


def test_a_contract_is_told_when_it_is_signed(space: Workspace, broker: Actor, case: str) -> None:
    casework.move(space, broker, case, SIGN, 1)
    assert told(space, case)[0] == ("moved", "技术开发合同，50 万元，2026-01-05 签订")


def test_a_move_that_is_sent_twice_happens_once(
    space: Workspace, broker: Actor, other: Actor, case: str
) -> None:
    move = Move(stage="contacted", note="已通电话")
    first = casework.move(space, broker, case, move, 1)
    assert casework.move(space, broker, case, move, 1) == first
    assert len(told(space, case)) == 2
    with pytest.raises(EditConflict):  # the same by somebody else is not the same
        casework.move(space, other, case, move, 1)
    with pytest.raises(EditConflict):
        casework.move(space, broker, case, Move(stage="negotiating"), 1)


def test_of_those_who_move_at_once_one_wins_and_the_others_hear_of_it(
    space: Workspace, broker: Actor, other: Actor, case: str
) -> None:
    ready, ends = Barrier(4), []

    def go(actor: Actor, stage: str) -> None:
        ready.wait()
        try:
            casework.move(space, actor, case, Move(stage=stage, note=f"{actor.name} {stage}"), 1)
            ends.append(stage)
        except EditConflict:
            ends.append("")

    pairs = [(a, s) for a in (broker, other) for s in ("contacted", "negotiating")]
    threads = [Thread(target=go, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [won] = [stage for stage in ends if stage]
    assert ends.count("") == 3
    line = casework.line(space, case)
    assert (line.stage, line.version) == (won, 2)
    assert len(told(space, case)) == 2


def test_what_is_refused_leaves_no_trace(space: Workspace, broker: Actor, case: str) -> None:
    with pytest.raises(InvalidInput):
        casework.move(space, broker, case, Move(stage="signed"), 1)
    assert told(space, case) == [("opened", "")]
    with pytest.raises(NotFound):
        casework.move(space, broker, "nobody", Move(stage="contacted"), 1)
    with pytest.raises(NotFound):
        casework.add_note(space, broker, "no\0body", "备注")


def test_notes_never_stand_in_each_others_way_and_are_kept_once(
    space: Workspace, broker: Actor, other: Actor, case: str
) -> None:
    once = Once.of(broker, f"case {case}", "a number of the form", "送样".encode())
    for _ in range(2):
        casework.add_note(space, broker, case, "送样", once)
    casework.add_note(space, other, case, "收到")
    assert told(space, case)[:-1] == [("noted", "收到"), ("noted", "送样")]
    assert casework.line(space, case).version == 1
    assert casework.line(space, case).remark == "收到"


def test_only_what_is_named_changes_and_each_change_is_told(
    space: Workspace, broker: Actor, other: Actor, case: str
) -> None:
    casework.change(space, broker, case, CaseChange(assignee="zhao.ming"), 1)
    plan = CaseChange(next_step="送样", next_date="2027-01-09")
    casework.change(space, other, case, plan, 2)
    line = casework.line(space, case)
    assert (line.assignee, line.next_step, line.next_date) == ("zhao.ming", "送样", "2027-01-09")
    assert told(space, case)[:2] == [("planned", "送样（2027-01-09）"), ("assigned", "zhao.ming")]
    assert casework.change(space, other, case, plan, 2).version == 3  # as it is already
    assert len(told(space, case)) == 3
    with pytest.raises(EditConflict):
        casework.change(space, broker, case, CaseChange(next_step="改约"), 2)


def test_a_case_is_given_only_to_those_who_can_work_on_it(
    space: Workspace, broker: Actor, case: str
) -> None:
    add_account(space, SYSTEM, "su.jing", Role.enterprise, "一句很容易记住的话呀")
    for name in ("su.jing", "nobody"):
        with pytest.raises(InvalidInput, match="经理人账号"):
            casework.change(space, broker, case, CaseChange(assignee=name), 1)
    assert casework.change(space, broker, case, CaseChange(assignee=None), 1).assignee_id is None


def test_who_works_on_a_case_may_go_on_though_the_account_was_disabled(
    space: Workspace, broker: Actor, other: Actor, case: str
) -> None:
    casework.change(space, broker, case, CaseChange(assignee="zhao.ming"), 1)
    set_enabled(space, SYSTEM, account_named(space, "zhao.ming"), enabled=False)
    plan = CaseChange(assignee="zhao.ming", next_step="送样")
    after = casework.change(space, broker, case, plan, 2)
    assert (after.assignee_id, after.next_step) == (other.account_id, "送样")
    casework.change(space, broker, case, CaseChange(assignee=None), 3)
    with pytest.raises(InvalidInput):
        casework.change(space, broker, case, CaseChange(assignee="zhao.ming"), 4)


def test_of_an_achievement_that_was_deleted_an_enterprise_sees_nothing(
    space: Workspace, broker: Actor, case: str
) -> None:
    casework.change(space, broker, case, CaseChange(released=True), 1)
    assert len(released(space, "d1")) == 1
    with space.store.writing() as unit:
        space.achievements.delete(unit, "a1")
    assert released(space, "d1") == []
    assert casework.line(space, case).achievement_title


def test_an_enterprise_sees_what_was_released_and_how_far_it_is(
    space: Workspace, broker: Actor, case: str
) -> None:
    assert released(space, "d1") == []
    casework.change(space, broker, case, CaseChange(released=True), 1)
    casework.add_note(space, broker, case, "只给自己看")
    [seen] = released(space, "d1")
    assert seen.stage == "推荐"
    assert "只给自己看" not in str(seen)
    casework.move(space, broker, case, Move(stage="ended", reason="价格不合"), 2)
    assert [one.stage for one in released(space, "d1")] == ["已结束"]
    casework.change(space, broker, case, CaseChange(released=False), 3)
    assert released(space, "d1") == []
    kinds = [kind for kind, _ in told(space, case)]
    assert kinds == ["withheld", "moved", "noted", "released", "opened"]


def test_a_step_is_late_by_the_day_in_beijing(
    space: Workspace, broker: Actor, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    casework.change(space, broker, case, CaseChange(next_step="回电", next_date="2027-03-01"), 1)
    for hour, late in ((15, 0), (16, 1)):  # in UTC; midnight in Beijing lies between them
        moment = datetime(2027, 3, 1, hour, 59, tzinfo=UTC)
        clock = SimpleNamespace(now=lambda _, moment=moment: moment)
        monkeypatch.setattr(times, "datetime", clock)
        found = space.store.case_lists.page(CaseFilters(overdue=True).query(broker), 5)
        assert len(found) == late


def test_lists_are_narrowed_by_every_filter(
    space: Workspace, broker: Actor, other: Actor, case: str
) -> None:
    with space.store.writing() as unit:
        open_case(space, unit, other, "d1", "a2")
    line = casework.line(space, case)
    day = times.beijing(line.created_at).date().isoformat()
    province = (line.region or "").partition("-")[0]
    casework.move(space, broker, case, SIGN, 1)

    def found(**chosen: str) -> list[str]:
        query = CaseFilters.model_validate(chosen).query(broker)
        lists = space.store.case_lists
        lines = lists.page(query, 9)
        assert sum(lists.counts(query).values()) == len(lines) == len(list(lists.all(query)))
        return [one.id for one in lines]

    assert len(found()) == 2
    for chosen in (
        {"stage": "signed"},
        {"assignee": "me"},
        {"assignee": "lin.jing"},
        {"contract_type": "技术开发"},
    ):
        assert found(**chosen) == [case], chosen
    for chosen in (
        {"field": str(line.field)},
        {"region": province},
        {"since": day},
        {"until": day},
    ):
        assert len(found(**chosen)) == 2, chosen
    for chosen in (
        {"assignee": "-"},
        {"assignee": "no\0body"},
        {"demand": "d2"},
        {"region": "100%"},
        {"overdue": "1"},
        {"since": "9999-12-31"},
        {"until": "0001-01-01"},
    ):
        assert found(**chosen) == [], chosen


def test_the_board_counts_what_it_does_not_show(
    space: Workspace, broker: Actor, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with space.store.writing() as unit:
        open_case(space, unit, broker, "d1", "a2")
    monkeypatch.setattr(case_listing, "PER_LANE", 1)
    lanes, ended = case_listing.board(space, CaseQuery())
    assert [(lane.count, len(lane.lines)) for lane in lanes] == [(2, 1)] + [(0, 0)] * 4
    assert ended == 0
