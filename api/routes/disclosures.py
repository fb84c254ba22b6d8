"""``/api/v1/disclosures``."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access.guard import ANYONE, GuardedRoute
from api.services.disclosing import LONGEST, giveaways

router = APIRouter(
    prefix="/disclosures", tags=["需求"], route_class=GuardedRoute, dependencies=[ANYONE]
)
Text = Annotated[str, Field(max_length=LONGEST)]


class DisclosuresIn(BaseModel):
    """正在填写的需求；单位、联系人和电话用来找出正文里的同名内容。"""

    model_config = ConfigDict(extra="forbid")

    title: Text = ""
    problem: Text = ""
    indicators: Text = ""
    goal: Text = ""
    keywords: Text = ""
    organisation: Annotated[str, Field(max_length=200)] = ""
    contact: Annotated[str, Field(max_length=200)] = ""
    phone: Annotated[str, Field(max_length=100)] = ""


class DisclosureOut(BaseModel):
    """一处会暴露单位的内容：所在字段、起止位置、原文和建议。"""

    field: str
    start: int
    end: int
    text: str
    advice: str


@router.post("", summary="检查会暴露单位的内容")
def find_disclosures(body: DisclosuresIn) -> list[DisclosureOut]:
    """填写时提示，不保存任何内容。公开的需求会自动隐去这些地方。"""
    return [
        DisclosureOut(field=g.field, start=g.span[0], end=g.span[1], text=g.text, advice=g.advice)
        for g in giveaways(body.model_dump())
    ]
