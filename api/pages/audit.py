"""The audit log, for administrators."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.access.guard import ADMINISTRATOR, GuardedRoute
from api.access.parameters import Before, Space
from api.pages.contexts.accounts import AuditLine, AuditPage
from api.pages.presenting import moment
from api.pages.rendering import render
from api.security.roles import ROLE_NAMES, SCOPE_NAMES, role_name
from api.services.auditing import action_name
from api.services.decisions import VERDICTS
from api.services.times import day_begins, day_ends
from api.store import AuditEntry
from api.store.audit import Wanted
from matcher.calls import FIELDS
from matcher.errors import InvalidInput
from matcher.values import CALL_STATES, ENDED, ENDED_NAME, STAGES

router = APIRouter(include_in_schema=False, route_class=GuardedRoute, dependencies=[ADMINISTRATOR])
_PER_PAGE: Final = 50
_LABELS: Final = {
    "rows": "行数",
    "role": "角色",
    "scopes": "用途",
    "job": "任务",
    "format": "格式",
    "demand": "需求",
    "made": "备份于",
    "before": "原为",
    "achievement": "成果",
    "verdict": "判断",
    "stage": "阶段",
    "changed": "改动",
    "state": "状态",
}
_FIELDS: Final = {
    "assignee_id": "经理人",
    "next_step": "下一步",
    "next_date": "下一步日期",
    "contract_type": "合同类型",
    "amount": "合同金额",
    "signed_on": "签订日期",
    "released_at": "企业可见",
    "title": "榜单名称",
    **FIELDS,
    **CALL_STATES,
}
_NAMED: Final = (ROLE_NAMES, SCOPE_NAMES, VERDICTS, STAGES, {ENDED: ENDED_NAME}, _FIELDS)
_NAMES: Final = {str(key): name for names in _NAMED for key, name in names.items()}
_ID: Final = re.compile(r"[acdjklrsu][0-9a-f]{28}")
_PLACES: Final = {
    "a": ("成果", "/achievements/"),
    "c": ("对接单", "/cases/"),
    "d": ("需求", "/demands/"),
    "j": ("任务", "/imports/"),
    "l": ("榜单", "/calls/"),
    "r": ("资源", "/resources/"),
    "u": ("账号", "/admin/users/"),
}
"""What an id that begins so is of, and where that is shown."""
_PRIVATE: Final = {"k": "密钥", "s": "订阅"}
"""What is shown to its owner alone."""
_SUBJECTS: Final = {
    "achievements": "成果库",
    "demands": "需求库",
    "resources": "资源库",
    "pairings": "配对",
    "audit": "审计日志",
}


@router.get("/audit")
def audit(
    request: Request,
    space: Space,
    who: Annotated[str, Query(max_length=100)] = "",
    subject: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
    role: Annotated[str, Query(max_length=20)] = "",
    since: Annotated[str, Query(max_length=20)] = "",
    until: Annotated[str, Query(max_length=20)] = "",
    before: Before = None,
) -> Response:
    """Who did what, when, from where; newest first."""
    given = {"who": who, "subject": subject, "action": action, "role": role}
    typed = given | {"since": since, "until": until}
    try:
        wanted = wanted_lines(typed)
    except InvalidInput as error:
        return render(request, AuditPage("审计", (), typed, str(error), None), 422)
    found = space.store.audit.page(_PER_PAGE + 1, before, **wanted)
    shown = found[:_PER_PAGE]
    older = shown[-1].number if len(found) > _PER_PAGE else None
    names = space.store.directory.names({entry.subject or "" for entry in shown})
    lines = [audit_line(entry, names) for entry in shown]
    return render(request, AuditPage("审计", lines, typed, "", older))


def wanted_lines(typed: Mapping[str, str]) -> Wanted:
    """What a filled-in form asks for; empty is any. Raises InvalidInput for a day that is none."""
    given = {name: value.strip() or None for name, value in typed.items()}
    since, until = (_day(name, given[name]) for name in ("since", "until"))
    return {
        "who": given["who"],
        "subject": given["subject"],
        "action": given["action"],
        "role": given["role"],
        "since": day_begins(since) if since else None,
        "until": day_ends(until) if until else None,
    }


def audit_line(entry: AuditEntry, names: Mapping[str, str]) -> AuditLine:
    """A line as people read it; ``names`` of the accounts that are meant."""
    subject = entry.subject or ""
    label, href = _subject(subject, names)
    return AuditLine(
        number=entry.number,
        at=moment(entry.at) if entry.at else "",
        who=entry.who,
        role=role_name(entry.role),
        address=entry.address,
        action=action_name(entry.action),
        subject=subject,
        label=label,
        href=href,
        details="，".join(map(_detail, entry.details.items())),
    )


def _subject(subject: str, names: Mapping[str, str]) -> tuple[str, str]:
    """What is meant, and where it is shown: 账号 lin.jing, 需求 …3f2a1b."""
    if not _ID.fullmatch(subject):
        return _SUBJECTS.get(subject, subject), ""
    if subject[0] not in _PLACES:
        return f"{_PRIVATE[subject[0]]} …{subject[-6:]}", ""
    noun, place = _PLACES[subject[0]]
    return f"{noun} {names.get(subject, f'…{subject[-6:]}')}", f"{place}{subject}"


def _day(name: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInput.of(name, "日期应写成 2027-06-30 这样，请修改后再筛选。") from error


def _detail(item: tuple[str, object]) -> str:
    """用途 查看成果和需求、查找配对."""
    name, value = item
    values = value if isinstance(value, list) else [value]
    return f"{_LABELS.get(name, name)} {'、'.join(_written(str(v)) for v in values)}"


def _written(value: str) -> str:
    return f"…{value[-6:]}" if _ID.fullmatch(value) else _NAMES.get(value, value)
