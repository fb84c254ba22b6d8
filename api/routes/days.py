"""``/api/v1/days``: matchmaking days (对接会), for brokers."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status
from fastapi.responses import FileResponse

from api.access.downloads import CALENDAR, MEDIA, Format, attachment, download
from api.access.editing import Expected, Repeatable, tag
from api.access.guard import Exporter, GuardedRoute, StaffReader, StaffWriter
from api.access.parameters import Cursor, Limit, Space
from api.schemas_days import DayOut, DayPage, DaySummary, MoveIn, PublishIn
from api.services import day_arranging, day_calendars, day_meetings, day_programme, days
from api.services.day_drafts import DayDraft
from api.services.workspace import Workspace

router = APIRouter(prefix="/days", tags=["对接会"], route_class=GuardedRoute)


def _file(media: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media: {"schema": {"type": "string"}}}}}


@router.get("", summary="列出对接会")
def list_days(
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    limit: Limit = 20,
    cursor: Cursor = None,
) -> DayPage:
    """新的在前。"""
    found = space.store.days.page(limit + 1, cursor)
    more = found[limit - 1].day.id if len(found) > limit else None
    return DayPage(items=[DaySummary.of(line) for line in found[:limit]], next_cursor=more)


@router.post("", status_code=status.HTTP_201_CREATED, summary="新建对接会")
def make_day(
    space: Space, actor: StaffWriter, body: DayDraft, once: Repeatable, response: Response
) -> DayOut:
    """没有给出 demands 时按技术领域和地区选取已发布的需求，没有给出 achievements 时由系统推荐。"""
    return _shown(space, days.make(space, actor, body, once).id, response)


@router.get("/{id}", summary="查看对接会")
def get_day(space: Space, actor: StaffReader, id: str, response: Response) -> DayOut:  # noqa: ARG001
    """计划和排期结果。"""
    return _shown(space, id, response)


@router.put("/{id}", summary="修改对接会")
def change_day(
    space: Space,
    actor: StaffWriter,
    id: str,
    body: DayDraft,
    expected: Expected,
    response: Response,
) -> DayOut:
    """计划改动后须重新排期；已发布的须先撤回；须用 If-Match 带上 ETag。"""
    days.change(space, actor, id, body, expected)
    return _shown(space, id, response)


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除对接会")
def remove_day(space: Space, actor: StaffWriter, id: str, expected: Expected) -> None:
    """连同排期一并删除；已发布的须先撤回；须用 If-Match 带上 ETag。"""
    days.remove(space, actor, id, expected)


@router.post("/{id}/arrange", summary="排期")
def arrange_day(
    space: Space, actor: StaffWriter, id: str, expected: Expected, response: Response
) -> DayOut:
    """规模大的在后台进行，job_id 不为空时稍后再看；须用 If-Match 带上 ETag。"""
    day_arranging.arrange(space, actor, id, expected)
    return _shown(space, id, response)


@router.post("/{id}/move", summary="调整会面")
def move_meeting(
    space: Space,
    actor: StaffWriter,
    id: str,
    body: MoveIn,
    expected: Expected,
    response: Response,
) -> DayOut:
    """改到另一时段和场地；与其他安排冲突时逐条说明；须用 If-Match 带上 ETag。"""
    pair, place = (body.demand, body.achievement), (body.slot, body.room)
    day_meetings.move(space, actor, id, pair, place, expected)
    return _shown(space, id, response)


@router.post("/{id}/publish", summary="发布对接会")
def publish_day(
    space: Space,
    actor: StaffWriter,
    id: str,
    body: PublishIn,
    expected: Expected,
    response: Response,
) -> DayOut:
    """发布后才能发出日历；撤回后可以重新排期；须用 If-Match 带上 ETag。"""
    days.publish(space, actor, id, body.published, expected)
    return _shown(space, id, response)


@router.get(
    "/{id}/calendar.ics",
    summary="下载日历",
    response_class=Response,
    responses=_file(CALENDAR),
)
def day_calendar(
    space: Space,
    actor: Exporter,
    id: str,
    party: Annotated[str, Query(max_length=200, description="参会方；省略为全部会面")] = "",
) -> Response:
    """iCalendar。参会方的日历在发布之后才有，只含它可以看到的内容。"""
    content = day_calendars.day_calendar(space, actor, id, party)
    return attachment(content, CALENDAR, "day.ics")


@router.get(
    "/{id}/schedule.xlsx",
    summary="下载日程",
    response_class=FileResponse,
    responses=_file(MEDIA["xlsx"]),
)
def day_schedule(space: Space, actor: Exporter, id: str) -> FileResponse:
    """按时段、按场地、按参会方，含各方名称，供组织者使用。"""
    return download(day_programme.day_workbook(space, actor, id), Format.xlsx)


def _shown(space: Workspace, id_: str, response: Response) -> DayOut:
    day = days.get(space, id_)
    tag(response, day.version)
    return DayOut.of(day, space.store.days.meetings(id_))
