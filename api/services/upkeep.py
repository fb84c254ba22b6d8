"""Columns that rows stored by earlier versions do not have yet."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.services.kinds import KINDS, Kind
from api.services.workspace import Workspace
from api.store.upkeep import Upkeep

_AT_ONCE: Final = 1000


def fill_in(workspace: Workspace) -> int:
    """Work out fingerprints and derived columns where they are missing; how many rows had to.

    Some rows at a time, so that others can write in between. Changes nothing that anybody sees,
    so neither the change log nor versions hear of it.
    """
    return sum(_fill_in(workspace, kind) for kind in KINDS.values())


def _fill_in(workspace: Workspace, kind: Kind[Any]) -> int:
    upkeep = workspace.store.upkeep(kind.table(workspace).mapped)
    derived = _filled(upkeep, upkeep.lacking, kind.derived)
    return derived + _filled(upkeep, upkeep.unjudged, kind.judged)


def _filled(
    upkeep: Upkeep[Any],
    lacking: Callable[[str, int], list[Any]],
    columns: Callable[[Any], Mapping[str, object]],
) -> int:
    count, after = 0, ""
    while rows := lacking(after, _AT_ONCE):
        upkeep.fill({record: dict(columns(record)) for record in rows})
        count, after = count + len(rows), rows[-1].id
    return count
