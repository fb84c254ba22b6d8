"""Add, change, remove and look up records, store and engine together."""

import logging
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from api.services.kinds import Kind
from api.services.workspace import Workspace
from matcher.errors import BundleError, NotFound
from matcher.records import Achievement, Demand

_log = logging.getLogger(__name__)
R = TypeVar("R", bound=Achievement | Demand)
R_co = TypeVar("R_co", bound=Achievement | Demand, covariant=True)


class Draft(Protocol[R_co]):
    """Checked input that becomes a record."""

    def record(self, id_: str) -> R_co: ...


def add(
    workspace: Workspace,
    kind: Kind[R],
    draft: Draft[R],
    receipt_hash: str | None = None,
) -> R:
    """Store a new record and make it findable."""
    record = draft.record(kind.table(workspace).new_id())
    _keep(workspace, kind, record, {record.id: receipt_hash} if receipt_hash else None)
    return record


def replace(workspace: Workspace, kind: Kind[R], id_: str, draft: Draft[R]) -> R:
    """Replace the content of a record. Raises NotFound."""
    get(workspace, kind, id_)
    record = draft.record(id_)
    _keep(workspace, kind, record, None)
    return record


def remove(workspace: Workspace, kind: Kind[R], id_: str) -> None:
    """Delete a record. Raises NotFound."""
    if not kind.table(workspace).remove(id_):
        raise _not_found(kind.label, id_)
    _index(lambda: kind.library(workspace).remove([id_]))


def get(workspace: Workspace, kind: Kind[R], id_: str) -> R:
    """The record with this id. Raises NotFound."""
    record = kind.table(workspace).get(id_)
    if record is None:
        raise _not_found(kind.label, id_)
    return record


def _keep(
    workspace: Workspace, kind: Kind[R], record: R, receipt_hashes: Mapping[str, str] | None
) -> None:
    """The database first: what it accepted is indexed when a model is there, now or later."""
    kind.table(workspace).save([record], receipt_hashes=receipt_hashes)
    _index(lambda: kind.library(workspace).add([record]))


def _index(change: Callable[[], None]) -> None:
    """Without a usable model there is no index to change, and nothing that people sent is lost."""
    try:
        change()
    except BundleError as reason:
        _log.warning("stored, but not findable yet: %s", reason)


def _not_found(label: str, id_: str) -> NotFound:
    return NotFound(f"没有编号为“{id_[:40]}”的{label}，它可能已被删除，请返回列表重新选择。")
