"""What brokers do with a case: move it on, note, plan, sign, show it to the enterprise.

Each writes a line in the history of the case and one in the audit log, in the same unit. What was
sent twice is done once: who asks for what is so already is not refused, as RFC 9110, 13.1.1 allows.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from api.security.roles import STAFF, Actor
from api.services.auditing import Action, note
from api.services.case_drafts import CaseChange, Move
from api.services.case_rules import CONTRACT, changed, moved, stage_name
from api.services.cases import Happened, record
from api.services.catalogue import not_found
from api.services.once import Once
from api.services.times import day_of
from api.services.workspace import Workspace
from api.store import Case, CaseLine, Unit
from api.store.accounts import Account
from api.store.idempotency import claim
from api.store.mapping import new_id
from matcher.errors import EditConflict, InvalidInput
from matcher.values import written

LABEL: Final = "对接单"


def line(workspace: Workspace, id_: str) -> CaseLine:
    """The case with this id, with both its parties. Raises NotFound."""
    found = workspace.store.case_lists.line(id_)
    if found is None:
        raise not_found(LABEL, id_)
    return found


def move(workspace: Workspace, actor: Actor, id_: str, draft: Move, expected: int) -> Case:
    """Bring a case to another stage. Raises NotFound, InvalidInput and EditConflict."""
    with workspace.store.writing() as unit:
        case = _held(workspace, unit, id_)
        if _is_repeated(workspace, unit, actor, case, draft, expected):
            return case
        if case.version != expected:
            raise EditConflict
        columns = moved(case, draft, day_of(unit.moment)) | {"stage_since": unit.moment}
        after = workspace.store.cases.change(unit, id_, columns, expected)
        text = _said(draft, after)
        record(workspace, unit, actor, case, Happened.moved, text, case.stage, draft.stage)
        note(workspace.store, unit, actor, Action.case_move, id_, stage=draft.stage)
        return after


def add_note(
    workspace: Workspace, actor: Actor, id_: str, text: str, once: Once | None = None
) -> Case:
    """Add a note to the history; sent ``once`` more, it is there once. Raises NotFound."""
    with workspace.store.writing() as unit:
        case = _held(workspace, unit, id_)
        fresh = new_id("n")
        if once and claim(unit, once.key_hash, once.content_hash, fresh) != fresh:
            return case
        record(workspace, unit, actor, case, Happened.noted, text)
        note(workspace.store, unit, actor, Action.case_note, id_)
        return case


def change(workspace: Workspace, actor: Actor, id_: str, draft: CaseChange, expected: int) -> Case:
    """Set who works on a case, what is next, its contract, and whether the enterprise sees it.

    Only what ``draft`` names. Raises NotFound, InvalidInput and EditConflict.
    """
    with workspace.store.writing() as unit:
        case = _held(workspace, unit, id_)
        columns = changed(case, draft, day_of(unit.moment)) | _assigned(workspace, case, draft)
        if "released" in draft.model_fields_set and draft.released != bool(case.released_at):
            columns["released_at"] = unit.moment if draft.released else None
        news = {name: new for name, new in columns.items() if getattr(case, name) != new}
        if not news:
            return case
        after = workspace.store.cases.change(unit, id_, news, expected)
        for kind, text in _told(after, news, draft):
            record(workspace, unit, actor, case, kind, text)
        note(workspace.store, unit, actor, Action.case_change, id_, changed=sorted(news))
        return after


def workers(workspace: Workspace) -> list[Account]:
    """Those who can work on a case, by name."""
    return [account for account in workspace.store.accounts.all() if _works(account)]


def _works(account: Account) -> bool:
    return account.role in STAFF and not account.disabled_at


def _held(workspace: Workspace, unit: Unit, id_: str) -> Case:
    case = workspace.store.cases.held(unit, id_)
    if case is None:
        raise not_found(LABEL, id_)
    return case


def _is_repeated(
    workspace: Workspace, unit: Unit, actor: Actor, case: Case, draft: Move, expected: int
) -> bool:
    """Whether this very move was the last that happened to the version that was seen."""
    if case.version != expected + 1 or case.stage != draft.stage:
        return False
    last = workspace.store.cases.newest_events(unit, case.id, 1)[0]
    said = (last.kind, last.to_stage, last.account_id, last.text)
    return said == (Happened.moved, draft.stage, actor.account_id, _said(draft, case))


def _said(draft: Move, after: Case) -> str:
    """What the history says of a move: 技术开发合同，50 万元，2026-11-20 签订。说明."""
    parts = [draft.reason or ""]
    if any(getattr(draft, name) is not None for name in CONTRACT):
        parts.append(_contract(after))
    return "：".join(part for part in (*parts, draft.note) if part)


def _contract(case: Case) -> str:
    amount = written(case.amount or 0)
    return f"{case.contract_type}合同，{amount} 万元，{case.signed_on} 签订"


def _assigned(workspace: Workspace, case: Case, draft: CaseChange) -> dict[str, object]:
    """The account that is to work on a case; who does may go on. Raises InvalidInput for others."""
    if "assignee" not in draft.model_fields_set:
        return {}
    if draft.assignee is None:
        return {"assignee_id": None}
    for account in workspace.store.accounts.all():
        if account.name == draft.assignee and (_works(account) or account.id == case.assignee_id):
            return {"assignee_id": account.id}
    message = f"没有名为“{draft.assignee[:40]}”的在用经理人账号，请从列表中选择。"
    raise InvalidInput.of("assignee", message)


def _told(
    after: Case, news: Mapping[str, object], draft: CaseChange
) -> Iterator[tuple[Happened, str]]:
    """What the history says of a change, one line for each kind."""
    if "assignee_id" in news:
        yield Happened.assigned, draft.assignee or ""
    if "next_step" in news or "next_date" in news:
        due = f"（{after.next_date}）" if after.next_date else ""
        yield Happened.planned, f"{after.next_step}{due}"
    if any(name in news for name in CONTRACT):
        yield Happened.contracted, _contract(after)
    if "released_at" in news:
        yield (
            (Happened.released if after.released_at else Happened.withheld),
            stage_name(after.stage),
        )
