"""Reviews of demands: who begins where, what the engine finds, all or none, resubmissions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.pages.reviewed import item, quality, rows, times, waited
from api.security.redaction import HIDDEN
from api.security.roles import SYSTEM, Actor, Role, visitor
from api.services import catalogue
from api.services.disclosing import giveaways_of
from api.services.importing import import_file
from api.services.kinds import DEMANDS
from api.services.matching import MatchRequest, match
from api.services.reviewing import (
    LONGEST_NOTE,
    RETURN_REASONS,
    Verdict,
    amend,
    publish,
    resubmit,
    return_,
    review_many,
    worded,
)
from api.services.submission import by_receipt, submit
from api.services.workspace import Workspace
from api.store import Stored
from api.store.reviews import Wanted
from matcher.errors import (
    EditConflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    ReviewConflict,
)
from matcher.records import Demand
from tests.unit.rows import demand_row, write_jsonl
from tests.unit.stores import need_draft

BROKER = Actor(None, "林静", Role.broker)


def state(workspace: Workspace, id_: str) -> str:
    return catalogue.stored(workspace, DEMANDS, id_).state


def version(workspace: Workspace, id_: str) -> int:
    return catalogue.stored(workspace, DEMANDS, id_).version


def sent(workspace: Workspace, title: str = "磁悬浮轴承失稳") -> tuple[str, str]:
    demand, receipt = submit(workspace, need_draft(title=title), visitor())
    return demand.id, receipt


def found(workspace: Workspace, text: str = "磁悬浮轴承失稳") -> list[str]:
    answer = match(workspace, MatchRequest(text=text, direction="demands"))
    return [pairing.demand.id for pairing in answer.pairings]


def actions(workspace: Workspace, id_: str) -> list[str]:
    return [entry.action for entry in workspace.store.audit.page(10, subject=id_)]


# Where a demand begins


def test_what_enterprises_send_in_waits_and_what_brokers_add_does_not(empty: Workspace) -> None:
    enterprise = Actor(None, "苏", Role.enterprise)
    for actor, begins in ((visitor(), "pending"), (enterprise, "pending"), (BROKER, "published")):
        demand, _ = submit(empty, need_draft(), actor)
        assert state(empty, demand.id) == begins


def test_an_edit_by_an_enterprise_asks_for_a_review_and_one_by_a_broker_changes_no_state(
    empty: Workspace,
) -> None:
    id_, _ = sent(empty)
    publish(empty, BROKER, id_, 1)
    catalogue.replace(empty, DEMANDS, id_, need_draft(title="甲"), BROKER, 2)
    assert state(empty, id_) == "published"
    catalogue.replace(empty, DEMANDS, id_, need_draft(title="乙"), visitor(), 3)
    assert state(empty, id_) == "pending"
    catalogue.replace(empty, DEMANDS, id_, need_draft(title="丙"), BROKER, 4)
    assert state(empty, id_) == "pending"


def test_an_import_publishes_what_is_new_and_finds_what_was_returned(
    empty: Workspace, tmp_path: Path
) -> None:
    file = write_jsonl(tmp_path / "demands.jsonl", [demand_row(1)])
    import_file(empty, DEMANDS, file)
    [id_] = empty.demands.stamps()
    assert state(empty, id_) == "published"
    return_(empty, BROKER, id_, "重复提交", 1)
    assert import_file(empty, DEMANDS, file).unchanged == 1
    other = write_jsonl(tmp_path / "demands.jsonl", [demand_row(1, title="改过")])
    assert import_file(empty, DEMANDS, other).changed == 1
    assert catalogue.get(empty, DEMANDS, id_).title == "改过"
    assert state(empty, id_) == "returned"


# What the engine finds


def test_pending_and_published_demands_are_found_and_returned_ones_are_not(
    workspace: Workspace,
) -> None:
    id_, _ = sent(workspace)
    assert id_ in found(workspace)
    return_(workspace, BROKER, id_, "指标不清", 1)
    assert id_ not in found(workspace)
    assert id_ not in workspace.demands.stamps()
    assert id_ not in {demand.id for demand in workspace.demands.all()}
    assert workspace.demands.get_many([id_]) == {}
    assert workspace.demands.findable() == workspace.demands.count() - 1
    publish(workspace, BROKER, id_, 2)
    assert id_ in found(workspace)


def test_a_returned_demand_can_still_be_read_and_matched_by_its_id(workspace: Workspace) -> None:
    id_, _ = sent(workspace)
    return_(workspace, BROKER, id_, "指标不清", 1)
    assert catalogue.get(workspace, DEMANDS, id_).id == id_
    assert match(workspace, MatchRequest(id=id_)).direction == "achievements"


# Decisions


def test_a_return_says_why_and_a_publication_forgets_it(empty: Workspace) -> None:
    id_, _ = sent(empty)
    return_(empty, BROKER, id_, "  指标不清\n请补充。 ", 1)
    assert catalogue.stored(empty, DEMANDS, id_).review_note == "指标不清\n请补充。"
    assert catalogue.stored(empty, DEMANDS, id_).reviewed_at is not None
    publish(empty, BROKER, id_, 2)
    assert catalogue.stored(empty, DEMANDS, id_).review_note == ""
    assert actions(empty, id_) == ["publish", "return", "submit"]


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b", "字" * (LONGEST_NOTE + 1)])
def test_a_return_without_a_readable_reason_is_refused(empty: Workspace, reason: str) -> None:
    id_, _ = sent(empty)
    with pytest.raises(InvalidInput):
        return_(empty, BROKER, id_, reason, 1)
    assert (state(empty, id_), version(empty, id_)) == ("pending", 1)


def test_of_two_brokers_who_review_at_once_the_second_hears_of_the_first(empty: Workspace) -> None:
    id_, _ = sent(empty)
    publish(empty, BROKER, id_, 1)
    with pytest.raises(EditConflict):
        return_(empty, BROKER, id_, "目标不清", 1)
    assert state(empty, id_) == "published"


@pytest.mark.parametrize("id_", ["d" + "0" * 28, "", "不存在", "d\0"])
def test_what_is_not_there_cannot_be_reviewed(empty: Workspace, id_: str) -> None:
    with pytest.raises(NotFound):
        publish(empty, BROKER, id_, 1)


def test_one_of_several_that_was_deleted_is_named_like_one_that_was_changed(
    empty: Workspace,
) -> None:
    ids = [sent(empty, f"需求{n}")[0] for n in range(2)]
    catalogue.remove(empty, DEMANDS, ids[0])
    with pytest.raises(ReviewConflict) as caught:
        review_many(empty, BROKER, Verdict.publish, dict.fromkeys(ids, 1))
    assert caught.value.ids == (ids[0],)
    assert state(empty, ids[1]) == "pending"


def test_several_are_reviewed_together_or_not_at_all(empty: Workspace) -> None:
    ids = [sent(empty, f"需求{n}")[0] for n in range(3)]
    publish(empty, BROKER, ids[1], 1)
    seen = dict.fromkeys(ids, 1)
    with pytest.raises(ReviewConflict) as caught:
        review_many(empty, BROKER, Verdict.return_, seen, "重复提交")
    assert caught.value.ids == (ids[1],)
    assert [state(empty, id_) for id_ in ids] == ["pending", "published", "pending"]
    review_many(empty, BROKER, Verdict.return_, seen | {ids[1]: 2}, "重复提交")
    assert {state(empty, id_) for id_ in ids} == {"returned"}


def test_a_broker_changes_and_publishes_in_one_step(empty: Workspace) -> None:
    id_, _ = sent(empty)
    amend(empty, BROKER, id_, need_draft(title="改好了"), 1)
    assert (state(empty, id_), catalogue.get(empty, DEMANDS, id_).title) == ("published", "改好了")
    with pytest.raises(EditConflict):
        amend(empty, BROKER, id_, need_draft(title="旧的"), 1)
    assert catalogue.get(empty, DEMANDS, id_).title == "改好了"


# Resubmissions


def test_what_was_returned_comes_again_under_its_receipt(empty: Workspace) -> None:
    id_, receipt = sent(empty)
    return_(empty, BROKER, id_, "指标不清", 1)
    assert resubmit(empty, receipt, need_draft(title="补了指标")).id == id_
    again = by_receipt(empty, receipt)
    assert (again.state, again.review_note) == ("pending", "指标不清")
    assert again.record.title == "补了指标"
    assert actions(empty, id_)[0] == "resubmit"
    publish(empty, BROKER, id_, again.version)
    with pytest.raises(NotAllowed):
        resubmit(empty, receipt, need_draft(title="再改"))
    with pytest.raises(NotFound):
        resubmit(empty, "AAAA-BBBB", need_draft())


# Lists


def test_the_inbox_is_in_order_searched_and_counted(empty: Workspace) -> None:
    ids = [sent(empty, f"需求{n}%")[0] for n in range(3)]
    submit(empty, need_draft(title="经理人录入"), BROKER)
    reviews = empty.store.reviews
    assert [s.record.id for s in reviews.page(Wanted(), 2, 0)[0]] == ids[:2]
    assert reviews.page(Wanted(), 2, 2)[1] == 3
    assert list(reviews.queue("waiting", 10)) == ids
    assert [s.record.id for s in reviews.page(Wanted(text="1%"), 9, 0)[0]] == [ids[1]]
    assert reviews.page(Wanted(text="\0"), 9, 0) == ([], 0)
    return_(empty, BROKER, ids[0], "重复提交", 1)
    publish(empty, BROKER, ids[1], 1)
    assert reviews.counts() == {"pending": 1, "returned": 1, "published": 1}
    catalogue.remove(empty, DEMANDS, ids[2], SYSTEM)
    assert reviews.counts() == {"returned": 1, "published": 1}


def test_demands_that_say_the_same_are_named(empty: Workspace) -> None:
    first, second = sent(empty, "磁悬浮 轴承")[0], sent(empty, "磁悬浮轴承。")[0]
    sent(empty, "别的")
    assert [twin.record.id for twin in empty.store.reviews.twins(second)] == [first]


# What reviewers read


def stored(**changes: object) -> Stored[Demand]:
    demand = need_draft(
        title="衡岳精机的轴承",
        problem="衡岳精机有限公司的轴承。" * 20,
        organisation="衡岳精机有限公司",
    ).record("d1")
    moment = datetime(2027, 3, 1, 4, tzinfo=UTC)
    return Stored(demand, 1, moment, moment, state="pending", **changes)  # type: ignore[arg-type]


def test_places_that_give_somebody_away_are_marked_and_their_public_view_is_beside() -> None:
    one = stored()
    shown = item(one, 4, picked=False)
    assert shown.title == "<mark>衡岳精机</mark>的轴承"
    assert shown.preview.endswith("……")
    assert shown.preview.count("<mark>") == shown.preview.count("</mark>") > 1
    assert shown.grade == "强相关"
    beside = {row.label: row for row in rows(one.record, giveaways_of(one.record))}
    assert beside["名称"].public == f'<span class="gap">{HIDDEN}</span>的轴承'
    assert beside["预期目标"].public is None


@pytest.mark.parametrize(
    ("hours", "shown"),
    [(0, "刚到"), (-1, "刚到"), (1, "已等 1 小时"), (47, "已等 47 小时"), (49, "已等 2 天")],
)
def test_waiting_is_told_roughly(hours: int, shown: str) -> None:
    assert waited(timedelta(hours=hours)) == shown
    one = stored()
    assert times(one, one.updated_at + timedelta(hours=hours)) == f"2027-03-01 12:00 提交，{shown}"


def test_a_template_becomes_a_sentence_and_what_is_typed_follows() -> None:
    advice = RETURN_REASONS["指标不清"]
    assert worded("指标不清", " 尤其是寿命。 ") == f"指标不清：{advice}尤其是寿命。"
    assert worded("其他", "") == worded("编的", "") == worded("", "") == ""
    assert worded("其他", "另有渠道。") == "另有渠道。"


def test_the_score_that_is_stored_is_the_sum_of_what_reviewers_read(empty: Workspace) -> None:
    id_, _ = sent(empty)
    kept = catalogue.stored(empty, DEMANDS, id_)
    shown = quality(kept)
    assert shown is not None
    assert kept.coach == shown.score == sum(part.score for part in shown.parts)
    assert len(shown.parts) == 4
    catalogue.replace(empty, DEMANDS, id_, need_draft(problem="不好。"), BROKER, 1)
    assert (catalogue.stored(empty, DEMANDS, id_).coach or 0) < shown.score
