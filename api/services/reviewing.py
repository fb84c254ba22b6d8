"""Brokers review what enterprises send in: publish it, or return it with a reason."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from api.security.roles import Actor, visitor
from api.services import catalogue
from api.services.auditing import Action, note
from api.services.drafts import DemandDraft, clean_text
from api.services.kinds import DEMANDS
from api.services.submission import by_receipt
from api.services.workspace import Workspace
from api.store import Unit
from matcher.errors import EditConflict, InvalidInput, NotAllowed, NotFound, ReviewConflict
from matcher.records import Demand
from matcher.values import PENDING, PUBLISHED, RETURNED

LONGEST_NOTE: Final = 500
"""Characters of the reason for a return."""


RETURN_REASONS: Final = {
    "指标不清": "请写明关键指标的数值和单位。",
    "目标不清": "请写明希望得到什么、用在哪里、何时需要。",
    "含商业秘密": "请删去不宜公开的内容，或改为仅经理人可见。",
    "不属于技术需求": "这里受理需要研发或引进技术来解决的问题。",
    "重复提交": "内容与您已提交的另一条相同，请在那一条上修改。",
    "其他": "",
}
"""What is wrong, in a word, and what the enterprise can do about it."""


class Verdict(StrEnum):
    """审核结论：发布或退回。"""

    publish = "publish"
    return_ = "return"


_STATES: Final = {Verdict.publish: PUBLISHED, Verdict.return_: RETURNED}
_ACTIONS: Final = {Verdict.publish: Action.publish, Verdict.return_: Action.return_}


def publish(workspace: Workspace, actor: Actor, id_: str, expected: int) -> None:
    """Show a demand to everybody who may see it. Raises NotFound and EditConflict."""
    review(workspace, actor, Verdict.publish, id_, expected)


def return_(workspace: Workspace, actor: Actor, id_: str, reason: str, expected: int) -> None:
    """Give a demand back. Raises InvalidInput without a reason, NotFound and EditConflict."""
    review(workspace, actor, Verdict.return_, id_, expected, reason)


def review(
    workspace: Workspace,
    actor: Actor,
    verdict: Verdict,
    id_: str,
    expected: int,
    reason: str = "",
) -> None:
    """Publish or return one demand. Raises InvalidInput, NotFound and EditConflict."""
    said = checked_reason(verdict, reason)
    with workspace.store.writing() as unit:
        _decide(workspace, unit, actor, verdict, id_, expected, said)
    workspace.catch_up()


def review_many(
    workspace: Workspace,
    actor: Actor,
    verdict: Verdict,
    versions: Mapping[str, int],
    reason: str = "",
) -> None:
    """Publish or return several demands, given with the versions that were seen; all or none.

    Raises InvalidInput, and ReviewConflict with the ids of those that have changed or are gone.
    """
    said = checked_reason(verdict, reason)
    changed: list[str] = []
    with workspace.store.writing() as unit:
        for id_ in sorted(versions):  # always in one order, so that two reviews cannot block
            try:
                _decide(workspace, unit, actor, verdict, id_, versions[id_], said)
            except (EditConflict, NotFound):
                changed.append(id_)
        if changed:
            raise ReviewConflict(changed)
    workspace.catch_up()


def amend(
    workspace: Workspace, actor: Actor, id_: str, draft: DemandDraft, expected: int
) -> Demand:
    """Change a demand and publish it at once. Raises NotFound and EditConflict."""
    record = draft.record(id_)
    columns = catalogue.columns_of(DEMANDS, record)
    with workspace.store.writing() as unit:
        workspace.demands.put(unit, record, expected, columns)
        note(workspace.store, unit, actor, Action.change, id_)
        unit.session.flush()
        _decide(workspace, unit, actor, Verdict.publish, id_, expected + 1, "")
    workspace.catch_up()
    return record


def resubmit(
    workspace: Workspace, receipt: str, draft: DemandDraft, actor: Actor | None = None
) -> Demand:
    """Replace what was sent in under a receipt code, which stays, and have it reviewed again.

    Raises NotFound for an unknown code, NotAllowed for what is published by now, and EditConflict
    if it was reviewed at this moment.
    """
    stored = by_receipt(workspace, receipt)
    if stored.state not in (PENDING, RETURNED):
        raise NotAllowed("这条需求已经发布，不能再凭回执码修改；如需更正，请联系技术经理人。")
    id_ = stored.record.id
    record = draft.record(id_)
    columns = {**catalogue.columns_of(DEMANDS, record), "state": PENDING}
    with workspace.store.writing() as unit:
        workspace.demands.put(unit, record, stored.version, columns)
        note(workspace.store, unit, actor or visitor(), Action.resubmit, id_)
    workspace.catch_up()
    return record


def worded(reason: str, more: str) -> str:
    """One of ``RETURN_REASONS``, if it is one, and what else was written, as one text."""
    advice = RETURN_REASONS.get(reason, "")
    return "".join([f"{reason}：{advice}" if advice else "", more.strip()])


def checked_reason(verdict: Verdict, reason: str) -> str:
    """What the enterprise will read. Raises InvalidInput for none, or a very long one."""
    if verdict is Verdict.publish:
        return ""
    said = str(clean_text(reason))
    if not said:
        raise InvalidInput.of("note", "请写明退回的理由，企业会据此修改。")
    if len(said) > LONGEST_NOTE:
        raise InvalidInput.of("note", f"理由有 {len(said)} 字，请压缩到 {LONGEST_NOTE} 字以内。")
    return said


def _decide(
    workspace: Workspace,
    unit: Unit,
    actor: Actor,
    verdict: Verdict,
    id_: str,
    expected: int,
    said: str,
) -> None:
    store = workspace.store
    state = _STATES[verdict]
    if not store.reviews.decide(unit, id_, state, said, actor.account_id, expected):
        raise catalogue.not_found(DEMANDS.label, id_)
    note(store, unit, actor, _ACTIONS[verdict], id_)
