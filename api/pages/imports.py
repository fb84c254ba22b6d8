"""导入: send a file, watch the jobs, read what was refused. For administrators."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from api.access.guard import ADMINISTRATOR, Allowed, GuardedRoute
from api.access.parameters import Space
from api.files.escaping import harmless
from api.pages.contexts.base import Context
from api.pages.presenting import moment
from api.pages.rendering import render
from api.security.roles import Actor, Role
from api.services import importing, jobs
from api.services.kinds import KINDS
from api.services.workspace import Workspace
from api.store import Job, State
from matcher.errors import InvalidInput

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_SHOWN: Final = 30
_STATES: Final = {
    State.waiting: "等待中",
    State.running: "进行中",
    State.stopping: "正在取消",
    State.done: "已完成",
    State.failed: "未完成",
    State.cancelled: "已取消",
}
_Sender = Annotated[Actor, Depends(Allowed(frozenset({Role.administrator}), files=1))]


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job in the list; ``percent`` is None where nothing is counted."""

    id: str
    href: str
    name: str
    noun: str
    who: str
    created: str
    state: str
    progress: str
    percent: int | None
    message: str
    is_finished: bool


@dataclass(frozen=True, slots=True)
class ImportsPage(Context):
    """The form, what was wrong with it, and the newest jobs."""

    template: ClassVar[str] = "imports"
    problem: str
    kind: str
    largest: int
    lines: Sequence[JobLine]
    refresh: bool


@dataclass(frozen=True, slots=True)
class ImportPage(Context):
    """One job with its report: tables of refused cells and of duplicates."""

    template: ClassVar[str] = "import"
    line: JobLine
    problems: Sequence[Mapping[str, Any]]
    same_as: Sequence[Mapping[str, Any]]
    duplicates: int
    ignored: Sequence[str]
    refresh: bool


async def _sent(request: Request) -> FormData:
    """The form, which the guard has read; its file is on disk, not in memory."""
    return await request.form(max_files=1, max_fields=100)


@router.get("/imports", dependencies=[ADMINISTRATOR])
def imports(request: Request, space: Space) -> Response:
    """The form, and the newest jobs."""
    return _page(request, space, "", "")


@router.post("/imports")
def send_file(
    request: Request, space: Space, actor: _Sender, sent: Annotated[FormData, Depends(_sent)]
) -> Response:
    """Queue the import of a file; or say what is wrong with the form."""
    file, kind = sent.get("file"), sent.get("kind")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise InvalidInput("请选择要导入的文件。")
        if not isinstance(kind, str) or kind not in KINDS:
            raise InvalidInput("请选择文件的内容是成果还是需求。")
        keep = bool(sent.get("keep_duplicates"))
        job = importing.order(space, KINDS[kind], file.filename, file.file, actor, keep)
    except InvalidInput as error:
        return _page(request, space, str(error), kind if isinstance(kind, str) else "", 422)
    return RedirectResponse(f"/imports/{job.id}", status_code=303)


@router.get("/imports/{id}", dependencies=[ADMINISTRATOR])
def one_import(request: Request, space: Space, id: str) -> Response:
    """One job, as far as it is."""
    job = jobs.get(space, id)
    report = job.report
    context = ImportPage(
        title="导入",
        line=_line(job),
        problems=report.get("problems", ()),
        same_as=report.get("same_as", ()),
        duplicates=report.get("duplicates", 0),
        ignored=report.get("ignored", ()),
        refresh=not job.is_finished,
    )
    return render(request, context)


@router.get("/imports/{id}/problems.csv", dependencies=[ADMINISTRATOR])
def problems(space: Space, id: str) -> Response:
    """The refused cells, or else the duplicates, as a table to work through."""
    report = jobs.get(space, id).report
    refused = [(p["row"], p["column"], p["value"], p["reason"]) for p in report.get("problems", ())]
    same = [
        (d["row"], "编号", d["external_id"], f"内容与已有记录 {d['same_as']} 相同，没有重复入库。")
        for d in report.get("same_as", ())
    ]
    text = io.StringIO()
    writer = csv.writer(text)
    for row in [("行号", "列", "内容", "说明"), *refused, *same]:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    headers = {"Content-Disposition": 'attachment; filename="problems.csv"'}
    headers["Cache-Control"] = "no-store"
    content = text.getvalue().encode("utf-8-sig", "replace")
    return Response(content, media_type="text/csv", headers=headers)


@router.post("/imports/{id}/cancel", dependencies=[ADMINISTRATOR])
def cancel(space: Space, id: str) -> Response:
    """Cancel a job, if it has not ended."""
    jobs.cancel(space, id)
    return RedirectResponse(f"/imports/{id}", status_code=303)


def _page(
    request: Request, space: Workspace, problem: str, kind: str, status: int = 200
) -> Response:
    lines = [_line(job) for job in space.store.jobs.newest(_SHOWN)]
    context = ImportsPage(
        title="导入",
        problem=problem,
        kind=kind,
        largest=space.uploads.largest // 1_000_000,
        lines=lines,
        refresh=not problem and any(not line.is_finished for line in lines),
    )
    return render(request, context, status)


def _line(job: Job) -> JobLine:
    percent = round(100 * job.done / job.total) if job.total and not job.is_finished else None
    counted = f"{job.step} {job.done} / {job.total}" if job.total else job.step
    return JobLine(
        id=job.id,
        href=f"/imports/{job.id}",
        name=job.parameters.get("name", ""),
        noun=KINDS[job.parameters["kind"]].label,
        who=job.parameters.get("who", ""),
        created=moment(job.created_at),
        state=_STATES[State(job.state)],
        progress="" if job.is_finished else counted,
        percent=percent,
        message=job.message,
        is_finished=job.is_finished,
    )
