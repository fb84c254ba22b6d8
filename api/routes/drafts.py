"""``/api/v1/drafts``."""

from typing import Annotated

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.guard import Anyone, GuardedRoute
from api.access.parameters import Space
from api.services import unsent
from api.services.times import clock
from api.store import Unsent

router = APIRouter(prefix="/drafts", tags=["草稿"], route_class=GuardedRoute)
Text = Annotated[str, Field(max_length=100_000)]
Choice = Annotated[str, Field(max_length=200)]


class TypedIn(BaseModel):
    """正在填写的需求，照填写的样子；各项都可以留空。"""

    model_config = ConfigDict(extra="forbid")

    title: Text = ""
    problem: Text = ""
    indicators: Text = ""
    goal: Text = ""
    keywords: Text = ""
    field: Choice = ""
    industry: Choice = ""
    region: Text = ""
    solution_mode: Choice = ""
    maturity_min: Text = ""
    budget: Text = ""
    deadline: Text = ""
    organisation: Text = ""
    contact: Text = ""
    phone: Text = ""
    confidentiality: Choice = ""


class DraftIn(BaseModel):
    """新的草稿；submission 是表单页上的编号，同一编号只有一份草稿。"""

    model_config = ConfigDict(extra="forbid")

    typed: TypedIn
    submission: Choice = ""


class SaveIn(BaseModel):
    """草稿现在的内容；version 是上次得到的版本，空为以这次的内容为准。"""

    model_config = ConfigDict(extra="forbid")

    typed: TypedIn
    version: Annotated[str | None, Field(max_length=30)] = None


class SavedOut(BaseModel):
    """保存好的草稿：版本，以及保存的时间（北京时间）。"""

    version: str
    saved: Annotated[str, Field(examples=["14:03"])]

    @classmethod
    def of(cls, draft: Unsent) -> "SavedOut":
        """Of the draft as it is kept now."""
        return cls(version=draft.version, saved=clock(draft.updated_at))


class DraftOut(SavedOut):
    """新的草稿；code 也是提交后的回执码，只出示这一次。"""

    code: str


@router.post("", status_code=status.HTTP_201_CREATED, summary="新建草稿")
def begin_draft(space: Space, actor: Anyone, body: DraftIn) -> DraftOut:
    """无需登录，最多 20 KB；30 天没有改动即删除。"""
    typed = body.typed.model_dump() | {unsent.NUMBER: body.submission}
    code, draft = unsent.begin(space, typed, actor)
    return DraftOut(code=code, **SavedOut.of(draft).model_dump())


@router.put("/{code}", summary="保存草稿")
def save_draft(space: Space, actor: Anyone, code: str, body: SaveIn) -> SavedOut:
    """另一窗口改过或已经提交的，以 409 拒绝。"""
    return SavedOut.of(unsent.save(space, code, body.typed.model_dump(), actor, body.version))
