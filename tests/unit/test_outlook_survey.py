"""The survey: a few demands at a turn, those that need it, and never a trouble to its caller."""

import itertools
import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from api.services import outlooks
from api.services.following import following
from api.services.giving_way import GivingWay
from api.services.outlooks import Survey, survey
from api.services.workspace import Workspace
from api.store import Outlook
from api.store.tables import StrongRow
from matcher.errors import StoreUnavailable
from matcher.records import Demand
from tests.unit.conftest import Opener
from tests.unit.stores import need
from tests.unit.test_follower import wait_until


@pytest.fixture
def graded(workspace: Workspace) -> Workspace:
    """With one demand; its bundle has a grader."""
    assert workspace.ready
    assert workspace.matchmaker.grader is not None
    return workspace


def only(workspace: Workspace) -> Demand:
    [demand] = workspace.demands.page(10).items
    return demand


def known(workspace: Workspace) -> Outlook:
    found = workspace.store.outlooks.of(only(workspace).id)
    assert found is not None
    return found


def test_the_best_pairing_is_kept_with_what_it_was_asked_of(graded: Workspace) -> None:
    assert survey(graded) == 1
    demand, found = only(graded), known(graded)
    pairings = graded.matchmaker.match(demand, 20).pairings
    grades = [pairing.grading.grade for pairing in pairings if pairing.grading]
    assert found.grade == max(grades)
    assert found.strong == sum(grade >= 3 for grade in grades)
    assert found.achievement_id in {pairing.achievement.id for pairing in pairings}
    assert (found.stamp, found.model) == (graded.demands.stamps()[demand.id], graded.model)


def test_nothing_is_asked_again_until_something_has_changed(graded: Workspace) -> None:
    assert [survey(graded), survey(graded)] == [1, 0]
    demand = only(graded)
    before = known(graded).stamp
    graded.demands.save([need(demand.id, title="磁悬浮鼓风机的轴承过热")])
    assert [survey(graded), survey(graded)] == [1, 0]
    assert known(graded).stamp != before


def test_what_is_older_than_a_day_is_asked_again(
    graded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey(graded)
    monkeypatch.setattr(outlooks, "_OLD", timedelta(0))
    before = known(graded).at
    assert survey(graded) == 1
    assert before < known(graded).at <= datetime.now(UTC)


def test_a_demand_without_any_pairing_is_known_to_have_none(graded: Workspace) -> None:
    demand = only(graded)
    graded.demands.save(
        [
            need(
                demand.id,
                title="zzqx",
                problem="zzqx",
                indicators="zzqx",
                goal="zzqx",
                keywords=("zzqx",),
            )
        ]
    )
    survey(graded)
    found = known(graded)
    assert (found.achievement_id, found.grade, found.strong) == (None, None, 0)


def test_a_turn_ends_when_its_time_is_over(graded: Workspace) -> None:
    graded.demands.save([need(f"d-more-{number}") for number in range(5)])
    assert survey(graded, budget=0) == 1
    assert survey(graded, budget=60) == 5


def test_without_a_grader_nothing_is_said(graded: Workspace) -> None:
    graded.matchmaker.grader = None
    assert survey(graded) == 0
    assert graded.store.outlooks.of(only(graded).id) is None


@pytest.mark.parametrize(
    "error", [StoreUnavailable("数据库正忙，请稍后再试。"), ZeroDivisionError()]
)
def test_trouble_is_said_once_and_reaches_nobody(
    graded: Workspace,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(outlooks, "survey", fail)
    troubled = Survey(graded, rest=0, giving_way=GivingWay(patience=0))
    with caplog.at_level(logging.INFO):
        troubled.turn()
        troubled.turn()
    assert [record.getMessage() for record in caplog.records] == [
        f"the survey of demands rests, trying on: {type(error).__name__}"
    ]
    monkeypatch.undo()
    troubled.turn()
    assert known(graded)


def test_it_rests_when_nothing_is_left_to_do(
    graded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(outlooks, "survey", lambda _, budget: asked.append(budget) or 0)
    resting = Survey(graded, rest=3600, giving_way=GivingWay(patience=0))
    resting.turn()
    resting.turn()
    assert len(asked) == 1


def test_it_gives_way_to_requests(graded: Workspace) -> None:
    spent = itertools.count()  # a second of work between any two looks
    giving_way = GivingWay(3600, used=lambda: float(next(spent)))
    giving_way.worked()
    Survey(graded, giving_way=giving_way).turn()
    assert graded.store.outlooks.of(only(graded).id) is None


def test_one_process_of_several_does_it(graded: Workspace, opened: Opener) -> None:
    other = opened(graded.folder)
    assert other.ready
    assert graded.leads()
    assert not other.leads()
    Survey(other).turn()
    assert graded.store.outlooks.of(only(graded).id) is None
    graded.close()
    assert other.leads()


def test_it_runs_while_a_process_follows(graded: Workspace) -> None:
    with following(graded):
        wait_until(lambda: graded.store.outlooks.of(only(graded).id) is not None)


def test_strong_achievements_are_named_with_their_twins(graded: Workspace) -> None:
    survey(graded)
    pairings = graded.matchmaker.match(only(graded), 20).pairings
    strong = {
        record.id
        for pairing in pairings
        if pairing.grading and pairing.grading.grade >= outlooks.STRONG
        for record in (pairing.achievement, *pairing.twins)
    }
    with graded.store.database.reading() as session:
        assert set(session.scalars(select(StrongRow.achievement_id))) == strong
