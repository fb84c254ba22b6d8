"""The form of a matchmaking day: what was typed as the draft that it stands for."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from api.pages.contexts.days import DayFormPage
from api.security.tokens import new_token
from api.services.day_drafts import MOST_ROOMS, DayDraft, DayPlan
from api.services.day_records import PROPOSED
from api.services.messages import problems
from api.store import MatchDay
from matcher.errors import FieldProblem, InvalidInput

_PLAIN: Final = (
    "name",
    "date",
    "place",
    "start",
    "minutes",
    "slots",
    "least",
    "most",
    "field",
    "region",
)
_RESTS: Final = 10
_KEPT: Final = ("demands", "achievements", "presence", "priorities", "fixed")
"""What the form does not show, and does not lose."""
NEW: Final = {
    "start": "09:00",
    "minutes": "20",
    "slots": "12",
    "rooms": "6",
    "least": "2.5",
    "most": "5",
    "after_0": "6",
    "rest_0": "15",
}


def draft(typed: Mapping[str, str], before: MatchDay | None = None) -> DayDraft:
    """What was typed; what it does not show is as ``before``. Raises InvalidInput."""
    given: dict[str, Any] = {name: typed[name] for name in _PLAIN if name in typed}
    given |= {"rooms": _rooms(typed.get("rooms", "")), "breaks": _breaks(typed)}
    if before is not None:
        given |= {name: before.plan[name] for name in _KEPT}
    if "again" in typed:
        given |= dict.fromkeys(PROPOSED, ())
    try:
        return DayDraft.model_validate(given)
    except ValidationError as error:
        found = [_labelled(one) for one in problems(error.errors())]
        raise InvalidInput(found[0].message, found) from error


def typed_of(day: DayDraft) -> dict[str, str]:
    """A day as its form has it."""
    shown = {name: _text(getattr(day, name)) for name in _PLAIN}
    for number, rest in enumerate(day.breaks):
        shown |= {f"after_{number}": str(rest.after), f"rest_{number}": str(rest.minutes)}
    return shown | {"rooms": "\n".join(day.rooms)}


def form_page(
    typed: Mapping[str, str],
    day: MatchDay | None = None,
    error: InvalidInput | None = None,
    trouble: str = "",
) -> DayFormPage:
    """The form with what was typed, and what is wrong with it."""
    rows = sum(f"after_{number}" in typed for number in range(_RESTS))
    found = (error.problems or (FieldProblem("", str(error)),)) if error else ()
    return DayFormPage(
        title="修改对接会" if day else "新建对接会",
        id=day.id if day else "",
        version=day.version if day else 0,
        typed=typed,
        rests=min(_RESTS, max(2, rows + 1)),
        problems=found,
        wrong=frozenset(problem.field for problem in found),
        trouble=trouble,
        submission=typed.get("submission", "") or new_token(),
    )


def _rooms(text: str) -> str | tuple[str, ...]:
    """Names, or a number of tables."""
    count = text.strip()
    if re.fullmatch(r"[0-9]{1,2}", count) and 1 <= int(count) <= MOST_ROOMS:
        return tuple(f"{number} 号桌" for number in range(1, int(count) + 1))
    return text


def _breaks(typed: Mapping[str, str]) -> list[dict[str, str]]:
    rows = (
        (typed.get(f"after_{number}", "").strip(), typed.get(f"rest_{number}", "").strip())
        for number in range(_RESTS)
    )
    return [{"after": after, "minutes": minutes} for after, minutes in rows if after or minutes]


def _labelled(problem: FieldProblem) -> FieldProblem:
    """With the label of its field before the sentence."""
    name = problem.field.partition(".")[0]
    info = DayDraft.model_fields.get(name) or DayPlan.model_fields.get(name)
    label = info.title if info and info.title else ""
    return FieldProblem(name, f"{label}：{problem.message}" if label else problem.message)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
