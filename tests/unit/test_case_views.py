"""What the pages of cases say, without a page."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from api.pages import case_views
from api.services.ledger import LEDGER, ledger_row
from api.store import CaseEvent, CaseLine
from matcher.values import ENDED, STAGES
from tests.unit.stores import need, offer

NOW = datetime(2027, 2, 28, 17, tzinfo=UTC)  # in Beijing it is the 1st of March
LINE = CaseLine(
    id="c1",
    demand_id="d1",
    achievement_id="a1",
    stage="negotiating",
    stage_since=NOW,
    ended_because=None,
    next_step="送样",
    next_date="2027-03-01",
    contract_type=None,
    amount=None,
    signed_on=None,
    released_at=None,
    version=4,
    created_at=NOW,
    updated_at=NOW,
    demand_title="烟气脱硝",
    organisation="甲公司",
    region="江苏-苏州",
    field="资源与环境",
    industry="制造业",
    submitted_at=NOW,
    achievement_title="低温催化剂",
    provider="某大学",
    provider_region="湖北-武汉",
    maturity=5,
    grade=3,
    assignee="lin.jing",
    remark="=cmd()",
)
SIGNED = replace(
    LINE, stage="signed", contract_type="技术许可", amount=1200.0, signed_on="2027-02-01"
)


def test_a_ticket_says_who_what_and_how_late() -> None:
    shown = case_views.ticket(LINE, date(2027, 3, 4))
    assert (shown.stage, shown.since, shown.late, shown.grade_name) == (
        "洽谈",
        "3 天",
        3,
        "较强相关",
    )
    assert (shown.onward, shown.onward_name, shown.asks) == ("signed", "签约", True)
    assert case_views.ticket(LINE, date(2027, 3, 1)).since == "今天"


def test_a_signed_case_shows_its_contract_and_goes_on_without_questions() -> None:
    shown = case_views.ticket(SIGNED, date(2027, 3, 1))
    assert shown.contract == "技术许可 1,200 万元"
    assert (shown.onward, shown.asks) == ("converted", False)


@pytest.mark.parametrize("stage", [*STAGES, ENDED])
def test_from_every_stage_all_others_can_be_reached(stage: str) -> None:
    found = case_views.choices(stage)
    reached = {*found.onward, *found.elsewhere, *([ENDED] if found.may_end else [])}
    unreachable = {stage} | ({ENDED} if stage == "converted" else set())
    assert reached == {*STAGES, ENDED} - unreachable


def test_the_way_is_marked_as_far_as_it_is_gone() -> None:
    states = [step.state for step in case_views.steps("negotiating")]
    assert states == ["done", "done", "current", "", ""]
    assert {step.state for step in case_views.steps(ENDED)} == {""}


def test_a_history_is_told_in_words() -> None:
    events = [
        CaseEvent("c1", None, "lin.jing", "moved", "合适", "proposed", "contacted", 2, NOW),
        CaseEvent("c1", None, "lin.jing", "planned", "", number=1, at=NOW),
        CaseEvent("c1", None, "lin.jing", "of a later version", "?", number=0, at=NOW),
    ]
    told = [(moment.what, moment.text) for moment in case_views.history(events)]
    assert told == [
        ("推荐 → 已联系", "合适"),
        ("安排下一步", "不再有下一步"),
        ("of a later version", "?"),
    ]
    assert case_views.history(events)[0].at == "2027-03-01 01:00"


def test_a_party_that_was_removed_keeps_its_name_and_loses_its_link() -> None:
    both = case_views.parties(LINE, need("d1"), offer("a1"))
    assert [party.href for party in both] == ["/demands/d1", "/achievements/a1"]
    assert {fact.label for fact in both[0].contacts} == {"联系人", "电话"}
    gone = case_views.parties(LINE, None, None)
    assert [(party.title, party.href) for party in gone] == [("烟气脱硝", ""), ("低温催化剂", "")]
    assert not any(party.contacts for party in gone)


def test_the_ledger_has_days_numbers_and_the_words_of_brokers() -> None:
    row = dict(zip(LEDGER, ledger_row(7, SIGNED), strict=True))
    assert (row["序号"], row["对接单编号"], row["当前阶段"]) == (7, "c1", "签约")
    assert row["推荐日期"] == row["进入日期"] == row["需求提交日期"] == date(2027, 3, 1)
    assert (row["合同金额(万元)"], row["签订日期"]) == (1200.0, date(2027, 2, 1))
    assert (row["匹配等级"], row["成熟度"]) == ("较强相关", "样品样机（TRL 5）")
    assert (row["备注"], row["结束原因"]) == ("=cmd()", None)
    empty = replace(LINE, grade=None, maturity=None, next_step="", next_date=None)
    bare = dict(zip(LEDGER, ledger_row(1, empty), strict=True))
    assert (bare["匹配等级"], bare["成熟度"], bare["下一步日期"]) == (None, "未注明", None)
