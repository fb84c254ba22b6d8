"""The matchmaking day of the demo: planned three weeks ahead, arranged, with some who come late."""

from datetime import date, timedelta
from typing import Final

from api.security.roles import Actor
from api.services import day_arranging, days
from api.services.day_drafts import Break, DayDraft, DayPlan
from api.services.day_records import taking_part
from api.services.workspace import Workspace

_AHEAD: Final = timedelta(days=21)
_THURSDAY: Final = 3
_ROOMS: Final = 6
_LATE: Final = 5
"""Every fifth party is there only for the second half of the day."""


def plan_day(workspace: Workspace, broker: Actor, today: date) -> None:
    """Make a day of all that the demo has, say who comes late, and arrange it."""
    made = days.make(workspace, broker, _draft(today))
    plan = days.plan_of(made)
    planned = days.adjust(
        workspace, broker, made.id, made.version, presence=_presence(workspace, plan)
    )
    day_arranging.arrange(workspace, broker, planned.id, planned.version)


def _draft(today: date) -> DayDraft:
    return DayDraft(
        name="产学研对接会（示例）",
        date=_thursday(today + _AHEAD).isoformat(),
        place="科创服务大厅二楼（示例）",
        start="09:00",
        minutes=20,
        slots=12,
        breaks=(Break(after=6, minutes=90),),
        rooms=tuple(f"{number} 号桌" for number in range(1, _ROOMS + 1)),
        most=4,
    )


def _presence(workspace: Workspace, plan: DayPlan) -> dict[str, tuple[int, ...]]:
    records = taking_part(workspace, plan)
    late = sorted(records.parties)[::_LATE]
    return dict.fromkeys(late, tuple(range(plan.slots // 2, plan.slots)))


def _thursday(day: date) -> date:
    return day + timedelta(days=(_THURSDAY - day.weekday()) % 7)
