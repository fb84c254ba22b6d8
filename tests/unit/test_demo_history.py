"""The demo as it is served: eight months of work, all of it invented."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from api.bootstrap import open_workspace
from api.services.case_rules import SIGNED, overdue_days
from api.services.demo import demo_lines, load_demo
from api.services.demo_history import load_history
from api.services.times import day_of
from api.services.workspace import Workspace
from api.settings import Settings
from api.store import CaseLine, CaseQuery
from matcher.values import ENDED, PENDING, PUBLISHED, STAGES

NOW = datetime(2027, 3, 1, 1, 30, tzinfo=UTC)
TODAY = date(2027, 3, 1)
CASES = [line for line in demo_lines("casework.jsonl") if line["verdict"] == "accepted"]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = open_workspace(Settings(data=tmp_path_factory.mktemp("demo")))
    load_history(workspace, now=NOW)
    yield workspace
    workspace.close()


def cases(workspace: Workspace) -> list[CaseLine]:
    return list(workspace.store.case_lists.page(CaseQuery(), 100))


def test_demands_came_in_over_eight_months_and_six_wait_for_their_review(used: Workspace) -> None:
    demands = used.demands.stored_many(sorted(used.demands.stamps()))
    assert Counter(demand.state for demand in demands) == {PUBLISHED: 64, PENDING: 6}
    created = [demand.created_at for demand in demands]
    assert created == sorted(created)
    assert created[-1] <= NOW
    assert len({moment.strftime("%Y-%m") for moment in created}) >= 8
    assert all(d.reviewed_at and d.reviewed_at > d.created_at for d in demands[:-6])


def test_there_are_cases_in_every_stage_with_their_histories(used: Workspace) -> None:
    found = cases(used)
    stages = Counter(case.stage for case in found)
    assert set(stages) == {*STAGES, ENDED}
    assert sum(stages.values()) == len(CASES)
    signed = [case for case in found if case.stage in SIGNED]
    assert len(signed) > 2
    assert all(case.contract_type and case.amount and case.signed_on for case in signed)
    assert [case.ended_because for case in found if case.stage == ENDED] == ["价格不合"]
    assert sum(overdue_days(case.next_date, TODAY) > 0 for case in found) == 2
    assert any(case.released_at for case in found)
    for case in found:
        moments = [event.at for event in used.store.cases.events(case.id, 99)]
        assert moments == sorted(moments, key=lambda at: at or NOW, reverse=True)


def test_decisions_say_at_which_position_a_pairing_was_shown(used: Workspace) -> None:
    made = [
        decision
        for id_ in used.demands.stamps()
        for decision in used.store.decisions.of("demand_id", id_)
    ]
    assert len(made) == len(demo_lines("casework.jsonl"))
    assert sum(decision.position is not None for decision in made) > 20
    assert all(decision.shown_grade for decision in made if decision.position)


def test_the_log_tells_it_in_the_order_in_which_it_happened(used: Workspace) -> None:
    told = [entry.at for entry in used.store.audit.all() if entry.at]
    assert told == sorted(told)
    assert day_of(told[0]) < TODAY - timedelta(days=230)


def test_the_clock_is_right_afterwards(used: Workspace) -> None:
    before = datetime.now(UTC)
    assert before <= used.store.clock() <= before + timedelta(hours=1)


def test_an_import_of_the_same_records_changes_nothing(used: Workspace) -> None:
    assert load_demo(used) == 0


def test_whoever_takes_part_is_marked_as_invented(used: Workspace) -> None:
    accounts = used.store.accounts.all()
    assert len(accounts) == 2
    assert all(account.name.endswith("示例") for account in accounts)


@pytest.mark.parametrize("line", CASES, ids=lambda line: line["demand"])
def test_the_steps_of_a_case_come_one_after_the_other(line: dict[str, object]) -> None:
    steps = line["steps"]
    assert isinstance(steps, list)
    days = [line["day"], *(step["day"] for step in steps)]
    assert days == sorted(days)
    assert days[-1] <= 0


def test_a_matchmaking_day_is_arranged_and_proven(used: Workspace) -> None:
    [line] = used.store.days.page(5)
    assert line.meetings >= 40
    assert (line.day.state, line.day.date > TODAY.isoformat()) == ("arranged", True)
    assert line.day.gap is not None
    assert line.day.gap <= 0.01
    assert line.day.unplaced
