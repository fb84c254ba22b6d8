"""A matchmaking day from a plan in a file to its programme, without keeping anything."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from pydantic import ValidationError

from api.files.programme import Appointment, Programme
from api.services.day_drafts import DayDraft
from api.services.day_problem import day_of
from api.services.day_records import Records, proposed, taking_part
from api.services.messages import problems
from api.services.times import BEIJING
from api.services.workspace import Workspace
from matcher.errors import InvalidInput
from matcher.pairing.schedule import Meeting, Schedule, schedule

_LARGEST: Final = 2_000_000
"""Bytes of a plan; the longest that makes sense has some thousands of lines."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """A programme, the schedule that it shows, and why some records do not take part."""

    programme: Programme
    schedule: Schedule
    missing: tuple[str, ...]


def read_plan(path: Path) -> DayDraft:
    """The plan in a TOML or JSON file. Raises InvalidInput with what is wrong, field by field."""
    given = _parsed(path)
    try:
        return DayDraft.model_validate(given)
    except ValidationError as error:
        found = problems(error.errors())
        said = "".join(f"{problem.field}：{problem.message}" for problem in found)
        raise InvalidInput(f"计划有 {error.error_count()} 处需要改正。{said}", found) from error


def arranged(workspace: Workspace, draft: DayDraft, seconds: float) -> Arranged:
    """Arrange the day with the records as they are now.

    Raises InvalidInput if nobody can take part, or the plan contradicts itself.
    """
    plan = proposed(workspace, draft.plan())
    records = taking_part(workspace, plan)
    found = schedule(day_of(workspace, plan, records), seconds)
    names = records.parties
    programme = Programme(
        id=uuid5(NAMESPACE_URL, f"hongniang:{draft.date}:{draft.name}").hex,
        name=draft.name,
        place=draft.place,
        appointments=tuple(_appointment(draft, records, one) for one in found.meetings),
        unplaced=tuple((names[one.party], one.reason) for one in found.unplaced),
        quality=quality(found),
    )
    return Arranged(programme, found, tuple(records.missing))


def quality(found: Schedule) -> str:
    """How good a schedule is, in one sentence."""
    said = f"共 {len(found.meetings)} 场，期望等级合计 {found.total:.1f}，"
    if found.optimal:
        return f"{said}已证明最优。"
    return f"{said}距上界不超过 {max(found.gap, 0.0001):.2%}。"


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise InvalidInput("计划文件过大，请只保留一次对接会的内容。")
        text = path.read_text(encoding="utf-8-sig")
        given = loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise InvalidInput(f"无法读取“{path}”，请检查文件名和权限。") from error
    except UnicodeDecodeError as error:
        raise InvalidInput("计划文件不是 UTF-8 编码，请另存为 UTF-8 后再试。") from error
    except (JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise InvalidInput(f"计划文件不是有效的 {kind}，请检查语法后再试：{error}。") from error
    if not isinstance(given, Mapping):
        raise InvalidInput("计划文件应是一个对象，写明名称、日期和其他安排。")
    return given


def _appointment(draft: DayDraft, records: Records, one: Meeting) -> Appointment:
    start = datetime.fromisoformat(draft.date).replace(tzinfo=BEIJING)
    start += timedelta(minutes=draft.starts(one.slot))
    return Appointment(
        key=f"{one.demand_id}-{one.achievement_id}",
        start=start,
        end=start + timedelta(minutes=draft.minutes),
        room=draft.rooms[one.room],
        demand_party=records.parties[one.demand_party],
        achievement_party=records.parties[one.achievement_party],
        demand=records.titles[one.demand_id],
        achievement=records.titles[one.achievement_id],
        grade=one.grade,
        fixed=one.fixed,
    )
