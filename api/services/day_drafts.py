"""What organisers may send in about a matchmaking day: one set of rules for pages and JSON.

Slots (时段) and rooms (场地) count from 0, as the solver counts them; pages show times and names.
"""

import re
from datetime import date as calendar
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.services.choices import OneOf
from api.services.drafts import clean_text, split_list
from matcher.values import FIELDS

MOST_RECORDS: Final = 300
"""Demands of a day, and likewise achievements."""
MOST_SLOTS: Final = 40
MOST_ROOMS: Final = 60
DEFAULT_GRADE: Final = 2.5
"""The expected grade from which on 较强相关 is the likeliest to be said."""
_MIDNIGHT: Final = 24 * 60
_BETWEEN: Final = re.compile(r"[,\uff0c;\uff1b、\r\n]")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _day(value: str) -> str:
    """A day that exists, as the browsers' own field writes it."""
    try:
        return calendar.fromisoformat(value).isoformat()
    except ValueError as error:
        raise PydanticCustomError("date", "请写成年-月-日，例如 2026-12-01") from error


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise PydanticCustomError("value_error", "请写成时:分，例如 09:00")
    return value


def _names(value: object) -> object:
    """One name a line, or several with the usual signs between; the same twice is no name."""
    return (
        [name for name in _BETWEEN.split(value) if name.strip()]
        if isinstance(value, str)
        else value
    )


def _different(rooms: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(rooms)) < len(rooms):
        raise PydanticCustomError("value_error", "场地名称不能重复，请改成不同的名称")
    return rooms


_Clean = BeforeValidator(clean_text)
_Id = Annotated[str, Field(min_length=1, max_length=64)]
_Slot = Annotated[int, Field(ge=0, lt=MOST_SLOTS)]
_Room = Annotated[int, Field(ge=0, lt=MOST_ROOMS)]
_Party = Annotated[str, Field(min_length=1, max_length=200)]
_Ids = Annotated[tuple[_Id, ...], BeforeValidator(split_list), Field(max_length=MOST_RECORDS)]
_Field = Annotated[str, OneOf("", *FIELDS)]
_RoomName = Annotated[str, _Clean, Field(min_length=1, max_length=40)]


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Break(_Draft):
    """休息：在第几个时段之后，多少分钟。"""

    after: Annotated[int, Field(ge=1, lt=MOST_SLOTS, title="在第几场之后")]
    minutes: Annotated[int, Field(ge=5, le=240, title="休息分钟")]


class FixedPair(_Draft):
    """必须安排的一场：需求和成果的编号；时段和场地可以不定，从 0 起。"""

    demand: _Id
    achievement: _Id
    slot: _Slot | None = None
    room: _Room | None = None


class DayPlan(_Draft):
    """时间、场地、参会的需求和成果，以及各方的时间和优先级。"""

    start: Annotated[
        str, _Clean, AfterValidator(_time), Field(title="开始时间", examples=["09:00"])
    ] = "09:00"
    minutes: Annotated[int, Field(ge=5, le=240, title="每场分钟")] = 20
    slots: Annotated[int, Field(ge=1, le=MOST_SLOTS, title="时段数")] = 12
    breaks: Annotated[tuple[Break, ...], Field(max_length=10, title="休息")] = ()
    rooms: Annotated[
        tuple[_RoomName, ...],
        BeforeValidator(_names),
        AfterValidator(_different),
        Field(min_length=1, max_length=MOST_ROOMS, title="场地"),
    ] = ("1 号桌", "2 号桌", "3 号桌", "4 号桌")
    least: Annotated[float, Field(ge=1, le=4, title="最低等级")] = DEFAULT_GRADE
    most: Annotated[int, Field(ge=1, le=MOST_SLOTS, title="每方最多场数")] = 5
    field: Annotated[_Field, Field(title="技术领域")] = ""
    region: Annotated[str, _Clean, Field(max_length=200, title="地区")] = ""
    demands: Annotated[_Ids, Field(title="需求")] = ()
    achievements: Annotated[_Ids, Field(title="成果")] = ()
    presence: Annotated[
        dict[_Party, tuple[_Slot, ...]], Field(max_length=2 * MOST_RECORDS, title="到场时段")
    ] = {}
    priorities: Annotated[
        dict[_Party, Annotated[float, Field(ge=0.1, le=10)]],
        Field(max_length=2 * MOST_RECORDS, title="优先级"),
    ] = {}
    fixed: Annotated[tuple[FixedPair, ...], Field(max_length=600, title="必须安排的会面")] = ()

    @model_validator(mode="after")
    def _fits_the_day(self) -> Self:
        if self.ends > _MIDNIGHT:
            raise PydanticCustomError(
                "day_end", "这些时段排到了次日，请减少时段数或每场分钟，或提早开始"
            )
        return self

    @property
    def ends(self) -> int:
        """Minutes from midnight to the end of the last slot."""
        return self.starts(self.slots - 1) + self.minutes

    def starts(self, slot: int) -> int:
        """Minutes from midnight to the beginning of a slot."""
        hours, _, minutes = self.start.partition(":")
        rests = sum(rest.minutes for rest in self.breaks if rest.after <= slot)
        return int(hours) * 60 + int(minutes) + slot * self.minutes + rests

    def clock(self, slot: int) -> str:
        """When a slot begins and ends: 09:00–09:20."""
        begin = self.starts(slot)
        return f"{_written(begin)}–{_written(begin + self.minutes)}"


class DayDraft(DayPlan):
    """一次对接会。没有给出 demands 时按技术领域和地区选取，没有给出 achievements 时由系统推荐。"""

    name: Annotated[str, _Clean, Field(min_length=1, max_length=100, title="名称")]
    date: Annotated[str, _Clean, AfterValidator(_day), Field(title="日期", examples=["2026-12-18"])]
    place: Annotated[str, _Clean, Field(max_length=200, title="地点")] = ""

    def plan(self) -> DayPlan:
        """The rest without name, date and place."""
        return DayPlan.model_construct(**{n: getattr(self, n) for n in DayPlan.model_fields})


def _written(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
