"""导入: send a file, look at its columns, watch the jobs, read what was refused."""

import csv
import io
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from api.access.allowed import Allowed
from api.access.downloads import attachment
from api.access.guard import ADMINISTRATOR, Administrator, UploadRoute
from api.access.parameters import Space
from api.files.escaping import harmless
from api.pages.columns import chosen, columns_page
from api.pages.contexts.imports import ImportPage, ImportsPage
from api.pages.forms import Typed
from api.pages.jobs import job_line
from api.pages.rendering import render
from api.security.roles import Actor, Role
from api.services import jobs, preparing
from api.services.jobs import IMPORT
from api.services.kinds import KINDS
from api.services.workspace import Workspace
from api.store import State
from matcher.errors import InvalidInput

router = APIRouter(include_in_schema=False, route_class=UploadRoute)
_SHOWN: Final = 30
_Sender = Annotated[Actor, Depends(Allowed(frozenset({Role.administrator}), files=1))]


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
    """Keep a file and go on to its columns; or say what is wrong with the form."""
    file, kind = sent.get("file"), sent.get("kind")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise InvalidInput("请选择要导入的文件。")
        if not isinstance(kind, str) or kind not in KINDS:
            raise InvalidInput("请选择文件的内容：成果、需求或资源。")
        keep = bool(sent.get("keep_duplicates"))
        job = preparing.prepare(space, KINDS[kind], file.filename, file.file, actor, keep)
    except InvalidInput as error:
        return _page(request, space, str(error), kind if isinstance(kind, str) else "", 422)
    return RedirectResponse(f"/imports/{job.id}", status_code=303)


@router.get("/imports/{id}", dependencies=[ADMINISTRATOR])
def one_import(request: Request, space: Space, id: str) -> Response:
    """One job, as far as it is: first its columns, to be looked at and started."""
    job = jobs.get(space, id)
    if job.state == State.prepared:
        return columns_page(request, space, job)
    report, line = job.report, job_line(job)
    context = ImportPage(
        title="导入",
        line=line,
        problems=report.get("problems", ()),
        same_as=report.get("same_as", ()),
        duplicates=report.get("duplicates", 0),
        ignored=report.get("ignored", ()),
        refresh=line.is_moving,
    )
    return render(request, context)


@router.post("/imports/{id}/columns", dependencies=[ADMINISTRATOR])
def map_columns(request: Request, space: Space, id: str, typed: Typed) -> Response:
    """Take the columns for what was chosen, and look again."""
    job = jobs.get(space, id)
    try:
        if job.state == State.prepared:
            preparing.map_columns(space, job, chosen(typed))
    except InvalidInput as error:
        return columns_page(request, space, job, str(error))
    return RedirectResponse(f"/imports/{id}", status_code=303)


@router.post("/imports/{id}/start")
def start(request: Request, space: Space, actor: Administrator, id: str, typed: Typed) -> Response:
    """Queue the import with the columns as chosen; once, however often it is sent."""
    try:
        preparing.start(space, jobs.get(space, id), chosen(typed), actor)
    except InvalidInput as error:
        return columns_page(request, space, jobs.get(space, id), str(error))
    return RedirectResponse(f"/imports/{id}", status_code=303)


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
    content = text.getvalue().encode("utf-8-sig", "replace")
    return attachment(content, "text/csv", "problems.csv")


@router.post("/imports/{id}/cancel", dependencies=[ADMINISTRATOR])
def cancel(space: Space, id: str) -> Response:
    """Cancel a job, if it has not ended."""
    jobs.cancel(space, id)
    return RedirectResponse(f"/imports/{id}", status_code=303)


def _page(
    request: Request, space: Workspace, problem: str, kind: str, status: int = 200
) -> Response:
    lines = [job_line(job) for job in space.store.jobs.newest(_SHOWN, kind=IMPORT)]
    context = ImportsPage(
        title="导入",
        problem=problem,
        kind=kind,
        kinds=[(name, known.label) for name, known in KINDS.items()],
        largest=space.uploads.largest // 1_000_000,
        lines=lines,
        refresh=not problem and any(line.is_moving for line in lines),
    )
    return render(request, context, status)
