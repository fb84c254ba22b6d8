"""What the brokers of the demo did: decisions, and the steps of the cases that came of them.

A line of ``casework.jsonl`` is a decision: the pairing, the ``day`` counted from today, ``by``
which broker, verdict, reason and note; and the ``steps`` of its case, each with a day of its own: a
``move``, a ``plan`` that is ``due`` on a day, a ``release``, or the ``text`` of a note.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from api.security.roles import Actor
from api.services import casework
from api.services.case_drafts import CaseChange, Move
from api.services.decisions import DecisionDraft, decide
from api.services.demo import demo_lines
from api.services.matching import MatchRequest, match
from api.services.times import day_of
from api.services.workspace import Workspace

_SHOWN: Final = 20
_SAID: Final = ("verdict", "reason", "note")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did on a day, counted from today."""

    day: int
    do: Callable[[], object]


def work(workspace: Workspace, team: list[Actor]) -> Iterator[Act]:
    """All that was decided and done, in no order."""
    for line in demo_lines("casework.jsonl"):
        broker = team[line["by"] % len(team)]
        yield Act(line["day"], partial(_judge, workspace, broker, line))
        for step in line["steps"]:
            yield Act(step["day"], partial(_go_on, workspace, broker, line, step))


def _judge(workspace: Workspace, broker: Actor, line: Mapping[str, Any]) -> None:
    """Decide on a pairing, at the position at which it is shown."""
    demand, achievement = _pairing(workspace, line)
    shown = match(workspace, MatchRequest(id=demand, k=_SHOWN)).pairings
    [*place] = (pairing for pairing in shown if pairing.achievement.id == achievement)
    seen = {"position": place[0].rank} if place else {}
    if place and place[0].grading:
        seen["shown_grade"] = place[0].grading.grade
    draft = DecisionDraft(**{name: line[name] for name in _SAID if name in line}, **seen)
    decide(workspace, broker, demand, achievement, draft)


def _go_on(
    workspace: Workspace, broker: Actor, line: Mapping[str, Any], step: Mapping[str, Any]
) -> None:
    """Take one step of a case."""
    cases = workspace.store.cases
    case = cases.get(cases.id_of(*_pairing(workspace, line)) or "")
    if case is None:
        raise LookupError(line["demand"])
    if "text" in step:
        casework.add_note(workspace, broker, case.id, step["text"])
    elif "move" in step:
        move = _move(step["move"], day_of(workspace.store.clock()))
        casework.move(workspace, broker, case.id, move, case.version)
    else:
        change = _change(step, day_of(workspace.store.clock()))
        casework.change(workspace, broker, case.id, change, case.version)


def _move(given: Mapping[str, Any], today: date) -> Move:
    signed = {"signed_on": today.isoformat()} if given["stage"] == "signed" else {}
    return Move.model_validate({**given, **signed})


def _change(step: Mapping[str, Any], today: date) -> CaseChange:
    if "release" in step:
        return CaseChange(released=step["release"])
    due = today + timedelta(days=step["due"] - step["day"])
    return CaseChange(next_step=step["plan"], next_date=due.isoformat())


def _pairing(workspace: Workspace, line: Mapping[str, Any]) -> tuple[str, str]:
    demand, achievement = line["demand"], line["achievement"]
    return (
        workspace.demands.ids_by_external_id([demand])[demand],
        workspace.achievements.ids_by_external_id([achievement])[achievement],
    )
