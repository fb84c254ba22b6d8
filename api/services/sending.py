"""From a draft to a demand, and from a demand that was returned to a draft again."""

from typing import Final

from api.security.roles import Actor, Role
from api.security.tokens import new_token
from api.services.drafts import DemandDraft
from api.services.reviewing import resubmit
from api.services.submission import as_written, by_receipt, submit
from api.services.unsent import NUMBER, discard, key_of, unknown
from api.services.workspace import Workspace
from api.store import Stored, Unit
from matcher.errors import DraftSent, NotAllowed, NotFound
from matcher.records import Demand
from matcher.values import PENDING, RETURNED, in_digits

_CONTACT: Final = ("organisation", "region", "contact", "phone")


def send(workspace: Workspace, code: str, draft: DemandDraft, actor: Actor) -> str:
    """Make a demand of a draft, under its code, which is returned as written.

    Sent twice, it is one demand; the draft of a revision changes the demand that it was made from.
    Raises NotFound, DraftSent for one that was sent with other content, and what ``resubmit`` does.
    """
    waiting = workspace.store.drafts.get(key_of(code))
    if waiting and waiting.demand_id:
        return change_sent(workspace, code, draft, actor)

    def consume(unit: Unit) -> None:
        if workspace.store.drafts.take(unit, key_of(code)) is None:
            raise unknown()

    try:
        return submit(workspace, draft, actor, code=code, first=consume)[1]
    except NotFound:
        return _sent_before(workspace, code, draft)


def change_sent(workspace: Workspace, code: str, draft: DemandDraft, actor: Actor) -> str:
    """Replace what was sent under a code; the code, as written. Raises what ``resubmit`` does."""
    resubmit(workspace, code, draft, actor)
    discard(workspace, code)
    return as_written(code)


def may_change(stored: Stored[Demand]) -> bool:
    """Whether who holds the code may still change what was sent: only until it is published."""
    return stored.state in (PENDING, RETURNED)


def is_waiting(workspace: Workspace, code: str) -> bool:
    """Whether there is a draft with this code."""
    return workspace.store.drafts.get(key_of(code)) is not None


def revise(workspace: Workspace, code: str) -> None:
    """Open what was sent under a code as a draft. Raises NotFound and NotAllowed."""
    stored = by_receipt(workspace, code)
    if not may_change(stored):
        raise NotAllowed("这条需求已经发布，不能再凭回执码修改；如需更正，请联系技术经理人。")
    fresh, drafts = as_typed(stored.record) | {NUMBER: new_token()}, workspace.store.drafts
    with workspace.store.writing() as unit:
        draft = drafts.add(unit, key_of(code), fresh, None, stored.record.id)
        if draft.updated_at < stored.updated_at:  # what was sent has changed since
            drafts.save(unit, key_of(code), fresh, None)


def as_typed(demand: Demand) -> dict[str, str]:
    """A stored demand as somebody would have typed it."""
    values = {name: getattr(demand, name) for name in DemandDraft.model_fields}
    values["keywords"] = "、".join(demand.keywords)
    if demand.budget is not None:
        values["budget"] = in_digits(demand.budget)
    return {name: str(value) for name, value in values.items() if value is not None}


def last_contact(workspace: Workspace, actor: Actor) -> dict[str, str]:
    """Who an enterprise said it was in the last demand that it sent; nothing for anybody else."""
    if actor.role is not Role.enterprise or actor.account_id is None:
        return {}
    found = workspace.demands.page(1, where={"owner_id": actor.account_id}).items
    return {name: getattr(found[0], name) or "" for name in _CONTACT} if found else {}


def _sent_before(workspace: Workspace, code: str, draft: DemandDraft) -> str:
    """The code of what was sent already, if that was the same. Raises DraftSent and NotFound."""
    stored = by_receipt(workspace, code)
    if draft.record(stored.record.id) != stored.record:
        raise DraftSent from None
    return as_written(code)
