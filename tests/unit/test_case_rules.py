"""The stages of a case, rule by rule."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from api.services.case_drafts import CaseChange, Move
from api.services.case_rules import CONTRACT, changed, moved, overdue_days
from api.store import Case
from matcher.errors import InvalidInput
from matcher.values import CONTRACT_TYPES, ENDED, REJECTIONS, STAGES

NOW = datetime(2027, 3, 1, tzinfo=UTC)
TODAY = date(2027, 3, 1)
CASE = Case(
    id="c1",
    demand_id="d1",
    achievement_id="a1",
    stage="proposed",
    stage_since=NOW,
    ended_because=None,
    assignee_id=None,
    next_step="回电",
    next_date="2027-03-05",
    contract_type=None,
    amount=None,
    signed_on=None,
    released_at=None,
    version=1,
    created_at=NOW,
    updated_at=NOW,
)
SIGNING = {"contract_type": "技术转让", "amount": 80, "signed_on": "2027-02-20"}
SIGNED = replace(
    CASE, stage="signed", contract_type="技术转让", amount=80.0, signed_on="2027-02-20"
)
EARLY = ("proposed", "contacted", "negotiating")


def at(stage: str) -> Case:
    """A case at this stage, as the rules would have it."""
    if stage in ("signed", "converted"):
        return replace(SIGNED, stage=stage)
    return replace(CASE, stage=stage, ended_because="价格不合" if stage == ENDED else None)


def wrong(case: Case, **move: Any) -> set[str]:
    """The fields that a move is refused for."""
    with pytest.raises(InvalidInput) as refused:
        moved(case, Move(**move), TODAY)
    assert all(problem.message.endswith("。") for problem in refused.value.problems)
    return {problem.field for problem in refused.value.problems}


@pytest.mark.parametrize("stage", [*STAGES, ENDED])
def test_a_case_does_not_move_to_where_it_is(stage: str) -> None:
    assert wrong(at(stage), stage=stage, reason="其他" if stage == ENDED else None) == {"stage"}


def test_a_case_goes_on_and_may_skip_a_stage() -> None:
    assert moved(at("proposed"), Move(stage="contacted"), TODAY)["stage"] == "contacted"
    assert moved(at("proposed"), Move(stage="negotiating"), TODAY)["stage"] == "negotiating"


@pytest.mark.parametrize(
    ("before", "stage"),
    [
        ("contacted", "proposed"),
        ("signed", "negotiating"),
        ("converted", "signed"),
        (ENDED, "proposed"),
    ],
)
def test_going_back_or_starting_again_needs_a_note(before: str, stage: str) -> None:
    assert wrong(at(before), stage=stage) == {"note"}
    assert moved(at(before), Move(stage=stage, note="填错了"), TODAY)["stage"] == stage


@pytest.mark.parametrize("before", EARLY)
@pytest.mark.parametrize("stage", ["signed", "converted"])
def test_signing_needs_the_whole_contract(before: str, stage: str) -> None:
    assert wrong(at(before), stage=stage) == set(CONTRACT)
    for name in CONTRACT:
        partly = {key: value for key, value in SIGNING.items() if key != name}
        assert wrong(at(before), stage=stage, **partly) == {name}
    columns = moved(at(before), Move(stage=stage, **SIGNING), TODAY)
    assert {name: columns[name] for name in CONTRACT} == SIGNING


def test_a_contract_is_signed_today_or_before() -> None:
    at_noon = SIGNING | {"signed_on": "2027-03-01"}
    assert moved(CASE, Move(stage="signed", **at_noon), TODAY)["signed_on"] == "2027-03-01"
    assert wrong(CASE, stage="signed", **SIGNING | {"signed_on": "2027-03-02"}) == {"signed_on"}


def test_who_is_signed_is_converted_without_telling_the_contract_again() -> None:
    columns = moved(SIGNED, Move(stage="converted"), TODAY)
    assert columns["contract_type"] == "技术转让"
    assert (columns["next_step"], columns["next_date"]) == ("", None)


def test_going_back_before_the_contract_takes_it_away() -> None:
    columns = moved(SIGNED, Move(stage="contacted", note="合同作废"), TODAY)
    assert {columns[name] for name in CONTRACT} == {None}


def test_a_contract_is_refused_where_there_is_none() -> None:
    assert wrong(CASE, stage="contacted", **SIGNING) == {"contract_type"}


@pytest.mark.parametrize("before", [*EARLY, "signed"])
def test_a_case_ends_from_every_stage_but_the_last_and_with_a_reason(before: str) -> None:
    assert wrong(at(before), stage=ENDED) == {"reason"}
    for reason in REJECTIONS[:-1]:
        columns = moved(at(before), Move(stage=ENDED, reason=reason), TODAY)
        assert (columns["stage"], columns["ended_because"]) == (ENDED, reason)
        assert (columns["next_step"], columns["next_date"]) == ("", None)


def test_what_is_converted_does_not_end() -> None:
    assert wrong(at("converted"), stage=ENDED, reason="价格不合") == {"stage"}


def test_another_reason_is_said_in_words() -> None:
    assert wrong(CASE, stage=ENDED, reason="其他") == {"note"}
    assert moved(CASE, Move(stage=ENDED, reason="其他", note="企业搬迁"), TODAY)


def test_a_reason_is_refused_where_nothing_ends() -> None:
    assert wrong(CASE, stage="contacted", reason="价格不合") == {"reason"}


@pytest.mark.parametrize(
    "values",
    [
        {"stage": "nowhere"},
        {"stage": "ended", "reason": "没兴趣"},
        {"stage": "signed", "contract_type": "采购"},
        {"stage": "signed", "amount": -1},
        {"stage": "signed", "amount": True},
        {"stage": "signed", "amount": float("nan")},
        {"stage": "signed", "signed_on": "2027-02-30"},
        {"stage": "contacted", "note": "很" * 2001},
        {"stage": "contacted", "whatever": "1"},
    ],
)
def test_what_is_none_of_the_choices_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Move(**values)


def test_every_kind_of_contract_can_be_signed() -> None:
    for kind in CONTRACT_TYPES:
        assert moved(CASE, Move(stage="signed", **SIGNING | {"contract_type": kind}), TODAY)


def test_a_date_needs_a_step_and_what_ended_has_neither() -> None:
    with pytest.raises(InvalidInput, match="写明这一天"):
        changed(CASE, CaseChange(next_step="", next_date="2027-03-09"), TODAY)
    with pytest.raises(InvalidInput, match="已结束"):
        changed(at(ENDED), CaseChange(next_step="回电"), TODAY)
    assert changed(CASE, CaseChange(next_step="送样"), TODAY) == {"next_step": "送样"}


def test_a_contract_changes_as_a_whole_and_only_where_there_is_one() -> None:
    assert changed(SIGNED, CaseChange(amount=90), TODAY) == {"amount": 90}
    with pytest.raises(InvalidInput, match="合同金额"):
        changed(SIGNED, CaseChange(amount=None), TODAY)
    with pytest.raises(InvalidInput, match="签约之后"):
        changed(CASE, CaseChange(**SIGNING), TODAY)
    assert changed(CASE, CaseChange(amount=None), TODAY) == {"amount": None}


def test_a_step_is_late_from_the_day_after_its_date() -> None:
    assert [overdue_days("2027-03-05", date(2027, 3, day)) for day in (4, 5, 6, 8)] == [0, 0, 1, 3]
    assert overdue_days(None, TODAY) == 0
