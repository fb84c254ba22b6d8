"""Columns that rows stored by earlier versions do not have yet."""

from typing import Any, Final

from api.services.kinds import KINDS, Kind
from api.services.workspace import Workspace

_AT_ONCE: Final = 1000


def fill_in(workspace: Workspace) -> int:
    """Work out fingerprints and derived columns where they are missing; how many rows had to.

    Some rows at a time, so that others can write in between. Changes nothing that anybody sees,
    so neither the change log nor versions hear of it.
    """
    return sum(_fill_in(workspace, kind) for kind in KINDS.values())


def _fill_in(workspace: Workspace, kind: Kind[Any]) -> int:
    count, after = 0, ""
    upkeep = workspace.store.upkeep(kind.table(workspace).mapped)
    while rows := upkeep.lacking(after, _AT_ONCE):
        upkeep.fill({record: dict(kind.derived(record)) for record in rows})
        count, after = count + len(rows), rows[-1].id
    return count
