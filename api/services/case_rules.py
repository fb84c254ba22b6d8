"""How a case may move and change: pure rules, each breach a sentence beside its field.

A contract is there exactly while a case is signed or converted. The end and the conversion of a
case leave no step to take; after the conversion there may be new ones.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from api.services.case_drafts import CaseChange, Contract, Move
from api.store import Case
from matcher.errors import FieldProblem, InvalidInput
from matcher.values import ENDED, ENDED_NAME, REJECTIONS, STAGES

ORDER: Final = tuple(STAGES)
SIGNED: Final = frozenset(ORDER[ORDER.index("signed") :])
LAST: Final = ORDER[-1]
CLOSED: Final = frozenset({LAST, ENDED})
"""What is reached by these needs no next step."""
CONTRACT: Final = tuple(Contract.model_fields)
_UNCLEAR: Final = REJECTIONS[-1]
_NO_CONTRACT: Final[Mapping[str, object]] = dict.fromkeys(CONTRACT)
_NO_STEP: Final[Mapping[str, object]] = {"next_step": "", "next_date": None}


def stage_name(stage: str) -> str:
    """The name of a stage for people."""
    return ENDED_NAME if stage == ENDED else STAGES.get(stage, stage)


def is_back(before: str, stage: str) -> bool:
    """Whether this move takes something back: an earlier stage, or a new start after the end."""
    return stage != ENDED and (before == ENDED or ORDER.index(stage) < ORDER.index(before))


def overdue_days(next_date: str | None, today: date) -> int:
    """How many days the next step is late, by the day in Beijing; 0 if it is not."""
    return max(0, (today - date.fromisoformat(next_date)).days) if next_date else 0


def moved(case: Case, move: Move, today: date) -> dict[str, object]:
    """The columns that a move sets. Raises InvalidInput, with all that is wrong with it."""
    _refuse(_wrong_with(case, move, today))
    columns: dict[str, object] = {"stage": move.stage, "ended_because": move.reason}
    columns.update(_contract_after(case, move) if move.stage in SIGNED else _NO_CONTRACT)
    columns.update(_NO_STEP if move.stage in CLOSED else {})
    return columns


def changed(case: Case, change: CaseChange, today: date) -> dict[str, object]:
    """The columns of a plan or a contract that a change sets. Raises InvalidInput."""
    given = {name: getattr(change, name) for name in change.model_fields_set}
    columns = {name: given[name] for name in (*CONTRACT, *_NO_STEP) if name in given}
    _refuse(_wrong_with_change(case, columns, today))
    return columns


def _wrong_with(case: Case, move: Move, today: date) -> Iterator[FieldProblem]:
    if move.stage == case.stage:
        yield FieldProblem("stage", f"对接单已在“{stage_name(case.stage)}”，请选择其他阶段。")
        return
    if move.stage == ENDED:
        yield from _wrong_with_end(case, move)
    elif move.reason:
        yield FieldProblem("reason", "只有结束对接时才填写结束原因，请清空这一项。")
    if is_back(case.stage, move.stage) and not move.note:
        yield FieldProblem("note", "退回或重新开始时，请写明原因。")
    if move.stage in SIGNED:
        yield from _wrong_with_contract(_contract_after(case, move), today)
    elif any(getattr(move, name) is not None for name in CONTRACT):
        yield FieldProblem("contract_type", "签约之后才有合同信息，请清空合同各项或选择“签约”。")


def _wrong_with_end(case: Case, move: Move) -> Iterator[FieldProblem]:
    if case.stage == LAST:
        yield FieldProblem("stage", "已转化的对接单不能再结束；如填错了，请先退回前一阶段。")
    if move.reason is None:
        yield FieldProblem("reason", "请选择结束原因。")
    elif move.reason == _UNCLEAR and not move.note:
        yield FieldProblem("note", f"结束原因选“{_UNCLEAR}”时，请写明是什么原因。")


def _wrong_with_change(
    case: Case, columns: Mapping[str, Any], today: date
) -> Iterator[FieldProblem]:
    after = {name: columns.get(name, getattr(case, name)) for name in (*CONTRACT, *_NO_STEP)}
    if any(name in columns for name in _NO_STEP):
        if case.stage == ENDED:
            yield FieldProblem("next_step", "对接已结束，请先重新开始，再安排下一步。")
        elif after["next_date"] and not after["next_step"]:
            yield FieldProblem("next_step", "请写明这一天要做什么，或清空日期。")
    if any(name in columns for name in CONTRACT):
        if case.stage in SIGNED:
            yield from _wrong_with_contract(after, today)
        elif any(columns.get(name) is not None for name in CONTRACT):
            yield FieldProblem("contract_type", "签约之后才有合同信息，请先推进到“签约”。")


def _wrong_with_contract(contract: Mapping[str, Any], today: date) -> Iterator[FieldProblem]:
    if contract["contract_type"] is None:
        yield FieldProblem("contract_type", "请选择合同类型。")
    if contract["amount"] is None:
        yield FieldProblem("amount", "请填写合同金额，单位为万元；无偿的填 0。")
    if contract["signed_on"] is None:
        yield FieldProblem("signed_on", "请填写签订日期。")
    elif date.fromisoformat(contract["signed_on"]) > today:
        yield FieldProblem("signed_on", "签订日期不能晚于今天，请核对。")


def _contract_after(case: Case, move: Move) -> dict[str, Any]:
    """What is given, and what was known before of what is not."""
    given = {name: getattr(move, name) for name in CONTRACT}
    return {n: getattr(case, n) if value is None else value for n, value in given.items()}


def _refuse(found: Iterator[FieldProblem]) -> None:
    problems = list(found)
    if problems:
        raise InvalidInput("".join(problem.message for problem in problems), problems)
