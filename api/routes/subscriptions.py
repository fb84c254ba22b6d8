"""``/api/v1/subscriptions``: searches that are kept for whoever calls."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.guard import GuardedRoute, Matcher, StaffWriter
from api.access.parameters import Space
from api.services import subscriptions
from api.services.schedule import DAILY
from api.services.wishes import DEFAULT_GRADE, Manner, Wish
from api.store.subscriptions import Subscription
from matcher.errors import InvalidInput
from matcher.records import Direction

router = APIRouter(prefix="/subscriptions", tags=["订阅"], route_class=GuardedRoute)
_Chosen = Annotated[str, Field(max_length=200)]


class Frequency(StrEnum):
    """每天 8:00，或每周一 8:00，北京时间。"""

    daily = "daily"
    weekly = "weekly"


class ChosenIn(BaseModel):
    """筛选条件，与页面上的相同，空为不限。"""

    model_config = ConfigDict(extra="forbid")

    field: Annotated[_Chosen, Field(description="技术领域")] = ""
    region: Annotated[_Chosen, Field(description="地区")] = ""
    band: Annotated[_Chosen, Field(description="成熟度：原理验证、样品样机或工程与产业化")] = ""
    mode: Annotated[_Chosen, Field(description="合作方式")] = ""
    provider: Annotated[_Chosen, Field(description="完成单位")] = ""
    date_from: Annotated[_Chosen, Field(description="需求的截止日期不早于，如 2027-01-01")] = ""
    date_to: Annotated[_Chosen, Field(description="需求的截止日期不晚于，如 2027-06-30")] = ""


class SubscriptionIn(BaseModel):
    """新的订阅：一段文字（text）或一条已入库的记录（record_id），二者只给其一。"""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str | None, Field(description="一段文字，最多 20000 字")] = None
    record_id: Annotated[str | None, Field(max_length=64, description="需求或成果的编号")] = None
    direction: Annotated[Direction, Field(description="从文字出发时查找什么")] = "achievements"
    filters: ChosenIn = ChosenIn()
    name: Annotated[str, Field(max_length=100, description="名称，省略则取自内容")] = ""
    min_grade: Annotated[int, Field(ge=2, le=4, description="最低等级")] = DEFAULT_GRADE
    frequency: Frequency = Frequency(DAILY)
    by_email: Annotated[bool, Field(description="同时发邮件到账号的邮箱")] = False
    existing: Annotated[bool, Field(description="现有的配对也通知")] = False

    def wish(self) -> Wish:
        """What is looked for. Raises InvalidInput."""
        if (self.text is None) == (self.record_id is None):
            raise InvalidInput.of(
                "text", "请给出 text（一段文字）或 record_id（已入库的记录），二者只选其一。"
            )
        filters = self.filters.model_dump()
        return Wish(self.text, self.record_id, self.direction, filters, self.existing)

    def manner(self) -> Manner:
        """How it tells."""
        return Manner(self.name, self.min_grade, self.frequency.value, self.by_email)


class LastDayIn(BaseModel):
    """需求新的截止范围。"""

    model_config = ConfigDict(extra="forbid")

    date_to: Annotated[
        _Chosen, Field(description="需求的截止日期不晚于，今天或以后，如 2027-06-30；空为不限")
    ]


class SubscriptionOut(BaseModel):
    """一个订阅；feed 是它的 Atom 订阅源，知道地址的人都可读取。"""

    id: str
    name: str
    text: str | None
    record_id: str | None
    direction: str
    filters: dict[str, str]
    min_grade: int
    frequency: str
    by_email: bool
    feed: str
    created_at: datetime
    next_at: datetime
    last_at: datetime | None
    paused_at: datetime | None

    @classmethod
    def of(cls, kept: Subscription) -> Self:
        """As JSON carries it."""
        values = {name: getattr(kept, name) for name in cls.model_fields}
        return cls(**values | {"feed": f"/feeds/{kept.feed}.atom"})


@router.get("", summary="列出我的订阅")
def list_subscriptions(space: Space, actor: Matcher) -> list[SubscriptionOut]:
    """新的在前，最多 50 个。"""
    return [SubscriptionOut.of(one) for one in space.store.subscriptions.of(actor.account_id or "")]


@router.post("", status_code=status.HTTP_201_CREATED, summary="新增订阅")
def add_subscription(space: Space, actor: StaffWriter, body: SubscriptionIn) -> SubscriptionOut:
    """内容相同的订阅只保留一个；现有的配对视为已通知，除非 existing 为真。"""
    return SubscriptionOut.of(subscriptions.subscribe(space, actor, body.wish(), body.manner()))


@router.put("/{id}/date_to", summary="延长订阅")
def extend_subscription(
    space: Space, actor: StaffWriter, id: str, body: LastDayIn
) -> SubscriptionOut:
    """另定截止日期的终点；只有查找需求的订阅才有，其间新增的需求下次一并通知。"""
    subscriptions.extend(space, actor, id, body.date_to)
    return SubscriptionOut.of(subscriptions.own(space, actor, id))


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除订阅")
def delete_subscription(space: Space, actor: StaffWriter, id: str) -> None:
    """连同它发现的内容和订阅源一并删除。"""
    subscriptions.unsubscribe(space, actor, id)
