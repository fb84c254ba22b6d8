"""``/api/v1/cases``: what becomes of accepted pairings, for brokers."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response, status

from api.access.editing import Expected, Repeatable, tag
from api.access.guard import GuardedRoute, StaffReader, StaffWriter
from api.access.parameters import Space
from api.schemas_cases import CaseDetail, CaseListQuery, CasePage, CaseSummary
from api.services import casework
from api.services.case_drafts import CaseChange, Move, Note
from api.services.workspace import Workspace

router = APIRouter(prefix="/cases", tags=["对接单"], route_class=GuardedRoute)
_EVENTS: Final = 50


@router.get("", summary="列出对接单")
def list_cases(
    space: Space, actor: StaffReader, wanted: Annotated[CaseListQuery, Query()]
) -> CasePage:
    """新的在前；按阶段、经理人、需求、是否逾期等筛选。"""
    lists, query = space.store.case_lists, wanted.query(actor)
    found = lists.after(query, wanted.limit + 1, wanted.cursor)
    shown = found[: wanted.limit]
    return CasePage(
        items=[CaseSummary.of(line) for line in shown],
        next_cursor=shown[-1].id if len(found) > wanted.limit else None,
        total=sum(lists.counts(query).values()),
    )


@router.get("/{id}", summary="查看对接单")
def get_case(space: Space, actor: StaffReader, id: str, response: Response) -> CaseDetail:  # noqa: ARG001
    """双方、进展、合同，以及最近 50 条历史。"""
    return _shown(space, id, response)


@router.post("/{id}/moves", summary="推进对接单")
def move_case(
    space: Space, actor: StaffWriter, id: str, move: Move, expected: Expected, response: Response
) -> CaseDetail:
    """到另一阶段：签约须有合同各项，退回须有说明，结束须有原因；须用 If-Match 带上 ETag。"""
    casework.move(space, actor, id, move, expected)
    return _shown(space, id, response)


@router.post("/{id}/notes", status_code=status.HTTP_201_CREATED, summary="添加备注")
def note_case(
    space: Space, actor: StaffWriter, id: str, note: Note, once: Repeatable, response: Response
) -> CaseDetail:
    """备注只有经理人看得到。"""
    casework.add_note(space, actor, id, note.text, once)
    return _shown(space, id, response)


@router.patch("/{id}", summary="修改对接单")
def change_case(
    space: Space,
    actor: StaffWriter,
    id: str,
    change: CaseChange,
    expected: Expected,
    response: Response,
) -> CaseDetail:
    """经理人、下一步、合同、是否向企业公开；没有给出的保持原样；须用 If-Match 带上 ETag。"""
    casework.change(space, actor, id, change, expected)
    return _shown(space, id, response)


def _shown(space: Workspace, id_: str, response: Response) -> CaseDetail:
    line = casework.line(space, id_)
    tag(response, line.version)
    return CaseDetail.with_history(line, space.store.cases.events(id_, _EVENTS))
