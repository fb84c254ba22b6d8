"""Add, change, remove, restore and look up records, store and engine together."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from api.security.roles import SYSTEM, Actor
from api.services.auditing import Action, note
from api.services.kinds import Kind
from api.services.once import Once
from api.services.workspace import Workspace
from api.store import Stored, Unit
from api.store.idempotency import claim
from matcher.errors import NotFound
from matcher.resources import Record

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)


class Draft(Protocol[R_co]):
    """Checked input that becomes a record."""

    def record(self, id_: str) -> R_co: ...


def add(
    workspace: Workspace,
    kind: Kind[R],
    draft: Draft[R],
    actor: Actor = SYSTEM,
    once: Once | None = None,
    action: Action = Action.add,
    columns: Callable[[str], Mapping[str, object]] = lambda _: {},
    first: Callable[[Unit], None] = lambda _: None,
) -> R:
    """Store a new record and make it findable; sent ``once`` more, it is the one stored before.

    ``columns`` gives, for the id of the record, what the store keeps besides the record itself.
    ``first`` is done in the same unit, before anything else. Raises KeyReused.
    """
    table = kind.table(workspace)
    record = draft.record(table.new_id())
    # Worked out before the unit: while it writes, others wait.
    sent = {**columns_of(kind, record), **kind.sent(actor), **columns(record.id)}
    with workspace.store.writing() as unit:
        first(unit)
        made = claim(unit, once.key_hash, once.content_hash, record.id) if once else record.id
        if made == record.id:
            table.add(unit, record, sent)
            note(workspace.store, unit, actor, action, record.id)
    workspace.catch_up()
    return record if made == record.id else get(workspace, kind, made)


def replace(
    workspace: Workspace,
    kind: Kind[R],
    id_: str,
    draft: Draft[R],
    actor: Actor = SYSTEM,
    expected: int | None = None,
) -> R:
    """Replace the content of a record. Raises NotFound, and EditConflict for another version."""
    record = draft.record(id_)
    columns = {**columns_of(kind, record), **kind.sent(actor)}
    with workspace.store.writing() as unit:
        if not kind.table(workspace).change(unit, record, expected, columns):
            raise not_found(kind.label, id_)
        note(workspace.store, unit, actor, Action.change, id_)
    workspace.catch_up()
    return record


def remove(
    workspace: Workspace,
    kind: Kind[R],
    id_: str,
    actor: Actor = SYSTEM,
    expected: int | None = None,
) -> None:
    """Delete a record, so that it can be restored. Raises NotFound and EditConflict."""
    with workspace.store.writing() as unit:
        if not kind.table(workspace).delete(unit, id_, expected):
            raise not_found(kind.label, id_)
        note(workspace.store, unit, actor, Action.remove, id_)
    workspace.catch_up()


def restore(workspace: Workspace, kind: Kind[R], id_: str, actor: Actor = SYSTEM) -> R:
    """Show a deleted record again. Raises NotFound if there is none that was deleted."""
    with workspace.store.writing() as unit:
        if not kind.table(workspace).restore(unit, id_):
            raise NotFound(f"没有编号为“{id_[:40]}”的已删除{kind.label}，它可能从未删除或已恢复。")
        note(workspace.store, unit, actor, Action.restore, id_)
    workspace.catch_up()
    return get(workspace, kind, id_)


def get(workspace: Workspace, kind: Kind[R], id_: str) -> R:
    """The record with this id. Raises NotFound."""
    return stored(workspace, kind, id_).record


def stored(workspace: Workspace, kind: Kind[R], id_: str) -> Stored[R]:
    """The same, with its version and owner. Raises NotFound."""
    found = kind.table(workspace).stored(id_)
    if found is None:
        raise not_found(kind.label, id_)
    return found


def columns_of(kind: Kind[R], record: R) -> dict[str, object]:
    """What the store keeps beside a record that somebody sent in by itself."""
    return {**kind.derived(record), **kind.judged(record)}


def not_found(label: str, id_: str) -> NotFound:
    """The same for what is not there and for what is not to be seen, or the two could be told."""
    return NotFound(f"没有编号为“{id_[:40]}”的{label}，它可能已被删除，请返回列表重新选择。")
