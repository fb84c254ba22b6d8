"""``/api/v1/imports``: files to import, as jobs that are watched until they end."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Form, Query, UploadFile, status
from pydantic import BaseModel, Field, TypeAdapter

from api.access.guard import Importer, ImporterWithFile, UploadRoute
from api.access.parameters import Limit, Space
from api.services import importing, jobs
from api.services.kinds import KINDS
from api.store import Job
from matcher.errors import InvalidInput

router = APIRouter(prefix="/imports", tags=["导入"], route_class=UploadRoute)


class KindName(StrEnum):
    """文件内容：成果、需求或资源。"""

    achievements = "achievements"
    demands = "demands"
    resources = "resources"


_MAPPING: Final = TypeAdapter(dict[str, str])


class JobOut(BaseModel):
    """一个任务；state 为 prepared（待开始）、waiting、running、stopping、done、failed 等。"""

    id: str
    kind: KindName
    name: str
    who: str
    state: str
    step: str
    done: int
    total: int | None
    message: str
    report: Annotated[dict[str, Any], Field(description="结束后：各项计数，或不合要求的单元格")]
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """As the interface shows it."""
        shown = {name: getattr(job, name) for name in cls.model_fields if hasattr(job, name)}
        return cls(**shown | {name: job.parameters[name] for name in ("kind", "name", "who")})


class JobPage(BaseModel):
    """任务，新的在前；next_cursor 为空即没有更多。"""

    items: Sequence[JobOut]
    next_cursor: str | None


@router.post("", status_code=status.HTTP_202_ACCEPTED, summary="导入文件")
def start_import(
    space: Space,
    actor: ImporterWithFile,
    kind: Annotated[KindName, Form(description="文件内容")],
    file: Annotated[UploadFile, Field(description="CSV、JSONL 或 xlsx，首行为表头")],
    keep_duplicates: Annotated[bool, Form(description="内容与已有记录相同的行也入库")] = False,
    mapping: Annotated[
        str, Form(max_length=100_000, description="列的对应，JSON 对象：列名 → 栏目名，空为忽略")
    ] = "",
) -> JobOut:
    """排队后台导入：全部合格才入库；用返回的编号查看进度。

    mapping 没有写到的列按列名识别。
    """
    name, chosen = file.filename or "", _mapping(mapping)
    job = importing.order(space, KINDS[kind], name, file.file, actor, keep_duplicates, chosen)
    return JobOut.of(job)


@router.get("", summary="列出导入任务")
def list_imports(
    space: Space,
    actor: Importer,  # noqa: ARG001 - who may call
    limit: Limit = 20,
    cursor: Annotated[str | None, Query(max_length=64, pattern="^[!-~]*$")] = None,
) -> JobPage:
    """新的在前。"""
    found = space.store.jobs.newest(limit + 1, cursor, jobs.IMPORT)
    more = found[limit - 1].id if len(found) > limit else None
    return JobPage(items=[JobOut.of(job) for job in found[:limit]], next_cursor=more)


@router.get("/{id}", summary="查看导入任务")
def get_import(space: Space, actor: Importer, id: str) -> JobOut:  # noqa: ARG001
    """进度，或结果。"""
    return JobOut.of(jobs.get(space, id))


@router.delete("/{id}", summary="取消导入任务")
def cancel_import(space: Space, actor: Importer, id: str) -> JobOut:  # noqa: ARG001
    """已入库的不再撤回；已结束的任务保持原样。"""
    return JobOut.of(jobs.cancel(space, id))


def _mapping(text: str) -> dict[str, str]:
    """Header → field. Raises InvalidInput."""
    try:
        return _MAPPING.validate_json(text) if text.strip() else {}
    except ValueError as error:
        message = '列的对应应为 JSON 对象，例如 {"技术名称": "title", "备注": ""}。'
        raise InvalidInput.of("mapping", message) from error
