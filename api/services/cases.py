"""Cases (对接单): opened when a pairing is accepted, withdrawn when that is undone."""

from enum import StrEnum
from typing import Final

from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.workspace import Workspace
from api.store import Case, CaseEvent, Unit
from matcher.values import ENDED, STAGES

FIRST: Final = next(iter(STAGES))
"""The stage in which a case is opened."""


class Happened(StrEnum):
    """What the history of a case tells of. The values are stored; the names may change."""

    opened = "opened"
    reopened = "reopened"
    withdrawn = "withdrawn"
    moved = "moved"
    noted = "noted"
    planned = "planned"
    assigned = "assigned"
    contracted = "contracted"
    released = "released"
    withheld = "withheld"


def open_case(
    workspace: Workspace, unit: Unit, actor: Actor, demand_id: str, achievement_id: str
) -> str:
    """Open the case of a pairing that was accepted, assigned to the actor, and return its id.

    One that ended is opened again, with its history; one that is open stays as it is.
    """
    cases = workspace.store.cases
    case, made = cases.open(unit, demand_id, achievement_id, FIRST, actor.account_id)
    if made:
        record(workspace, unit, actor, case, Happened.opened, to_stage=FIRST)
    elif case.stage == ENDED:
        fresh = {"stage": FIRST, "stage_since": unit.moment, "ended_because": None}
        cases.change(unit, case.id, fresh)
        why = case.ended_because or ""
        record(workspace, unit, actor, case, Happened.reopened, why, ENDED, FIRST)
    else:
        return case.id
    note(workspace.store, unit, actor, Action.case_open, case.id)
    return case.id


def withdraw_case(
    workspace: Workspace, unit: Unit, actor: Actor, demand_id: str, achievement_id: str
) -> None:
    """Undo ``open_case``: what nobody has worked on since is as it was before.

    A case in which something happened stays, with a line in its history. No case, nothing to do.
    """
    cases = workspace.store.cases
    case = cases.of_pairing(unit, demand_id, achievement_id)
    if case is None:
        return
    last, *before = cases.newest_events(unit, case.id, 2)
    if last.kind == Happened.opened and not before:
        cases.remove(unit, case.id)
    elif last.kind == Happened.reopened:
        again = {"stage": ENDED, "stage_since": unit.moment, "ended_because": last.text or None}
        cases.change(unit, case.id, again)
        record(workspace, unit, actor, case, Happened.withdrawn, last.text, case.stage, ENDED)
    elif last.kind != Happened.withdrawn:
        record(workspace, unit, actor, case, Happened.withdrawn)
    note(workspace.store, unit, actor, Action.case_withdraw, case.id)


def record(
    workspace: Workspace,
    unit: Unit,
    actor: Actor,
    case: Case,
    kind: Happened,
    text: str = "",
    from_stage: str | None = None,
    to_stage: str | None = None,
) -> None:
    """Add a line to the history of a case."""
    event = CaseEvent(case.id, actor.account_id, actor.name, kind, text, from_stage, to_stage)
    workspace.store.cases.note(unit, event)
