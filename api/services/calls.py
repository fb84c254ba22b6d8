"""Open calls (揭榜挂帅): drafted from demands, edited by brokers, kept, and written to files."""

from collections.abc import Sequence
from typing import Final

from api.files.documents import Document, Section
from api.security.disclosure import Own, found
from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.call_drafts import CallChange
from api.services.catalogue import not_found
from api.services.once import Once
from api.services.topics import topic
from api.services.workspace import Workspace
from api.store import Call
from api.store.idempotency import claim
from api.store.mapping import new_id
from matcher.calls import FIELDS, GAP, draft, gaps_in
from matcher.errors import EditConflict, InvalidInput
from matcher.values import CALL_STATES, DRAFT, FINAL

LABEL: Final = "榜单"
_NOTE: Final = "本榜单由已发布需求的公开内容起草，企业名称、联系人和电话均不写入。"


def make(
    workspace: Workspace, actor: Actor, demand_ids: Sequence[str], once: Once | None = None
) -> Call:
    """Draft a call from published demands; sent ``once`` more, it is the one made before.

    Raises InvalidInput and NotFound as ``topics.topic``, and KeyReused.
    """
    about = topic(workspace, demand_ids)
    made = draft(about.demands, about.name, about.closed)
    who, fresh = (actor.account_id, actor.name), new_id("l")
    with workspace.store.writing() as unit:
        first = claim(unit, once.key_hash, once.content_hash, fresh) if once else fresh
        if first == fresh:
            workspace.store.calls.add(unit, fresh, made.title, about.ids, made.texts(), DRAFT, *who)
            note(workspace.store, unit, actor, Action.call_add, fresh, rows=len(about.ids))
    return get(workspace, first)


def get(workspace: Workspace, id_: str) -> Call:
    """The call with this id. Raises NotFound."""
    call = workspace.store.calls.get(id_)
    if call is None:
        raise not_found(LABEL, id_)
    return call


def change(workspace: Workspace, actor: Actor, id_: str, new: CallChange, expected: int) -> Call:
    """Replace its texts and state. Raises NotFound, EditConflict, and InvalidInput.

    What is final has no gaps. Who sends what is so already is not refused.
    """
    columns = {"title": new.title, "fields": new.fields, "state": new.state}
    with workspace.store.writing() as unit:
        call = workspace.store.calls.held(unit, id_)
        if call is None:
            raise not_found(LABEL, id_)
        if all(getattr(call, name) == value for name, value in columns.items()):
            return call
        if call.version != expected:
            raise EditConflict
        _expect_whole(new)
        who = {"account_id": actor.account_id, "who": actor.name}
        after = workspace.store.calls.change(unit, id_, columns | who, expected)
        changed = [name for name in FIELDS if call.fields.get(name) != new.fields[name]]
        details = {"changed": changed, "state": new.state}
        note(workspace.store, unit, actor, Action.call_change, id_, **details)
    return after


def remove(workspace: Workspace, actor: Actor, id_: str, expected: int) -> None:
    """Delete a call. Raises NotFound and EditConflict."""
    with workspace.store.writing() as unit:
        if workspace.store.calls.held(unit, id_) is None:
            raise not_found(LABEL, id_)
        workspace.store.calls.remove(unit, id_, expected)
        note(workspace.store, unit, actor, Action.call_remove, id_)


def gaps(call: Call) -> int:
    """How many places are still to be filled."""
    return gaps_in({"title": call.title, **call.fields})


def giveaways(workspace: Workspace, call: Call) -> list[str]:
    """Labels of the fields in which something gives away who is behind a demand of the call.

    The issuer's field is for names and is not looked at.
    """
    own = [Own.of(one.record) for one in workspace.demands.stored_many(call.demand_ids)]
    texts = {"title": call.title, **call.fields}
    labels = {"title": "榜单名称", **FIELDS}
    return [
        labels[name]
        for name, text in texts.items()
        if name in labels and name != "issuer" and any(_names(text, one) for one in own)
    ]


def document(workspace: Workspace, actor: Actor, call: Call, format: str) -> Document:
    """What a file of it says; that it was taken is noted in the audit log."""
    with workspace.store.writing() as unit:
        note(workspace.store, unit, actor, Action.export, call.id, format=format)
    facts = (
        ("状态", CALL_STATES[call.state]),
        ("来源需求", f"{len(call.demand_ids)} 条"),
        ("待补充", f"{gaps(call)} 处"),
    )
    sections = [Section(label, call.fields.get(name, "")) for name, label in FIELDS.items()]
    return Document(call.title, facts, tuple(sections), _NOTE, GAP)


def _names(text: str, own: Own) -> bool:
    return any(True for _ in found(text, own))


def _expect_whole(new: CallChange) -> None:
    left = gaps_in({"title": new.title, **new.fields})
    if new.state == FINAL and left:
        message = f"还有 {left} 处“{GAP}…】”，请补充或删去标记后再定稿。"
        raise InvalidInput.of("state", message)
