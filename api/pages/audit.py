"""The audit log, for administrators."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.access.guard import ADMINISTRATOR, GuardedRoute
from api.access.parameters import Space
from api.pages.contexts.accounts import AuditLine, AuditPage
from api.pages.presenting import moment
from api.pages.rendering import render
from api.security.roles import ROLE_NAMES, SCOPE_NAMES, role_name
from api.services.auditing import action_name
from api.store import AuditEntry

router = APIRouter(include_in_schema=False, route_class=GuardedRoute, dependencies=[ADMINISTRATOR])
_PER_PAGE: Final = 50
_LABELS: Final = {"rows": "行数", "role": "角色", "scopes": "用途"}
_NAMES: Final = {str(key): name for key, name in (*ROLE_NAMES.items(), *SCOPE_NAMES.items())}


@router.get("/audit")
def audit(
    request: Request,
    space: Space,
    who: Annotated[str, Query(max_length=100)] = "",
    subject: Annotated[str, Query(max_length=64)] = "",
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Who did what, when, from where; newest first."""
    found = space.store.audit.page(
        _PER_PAGE + 1, before, subject.strip() or None, who.strip() or None
    )
    shown = found[:_PER_PAGE]
    older = shown[-1].number if len(found) > _PER_PAGE else None
    return render(request, AuditPage("审计", [_line(e) for e in shown], who, subject, older))


def _line(entry: AuditEntry) -> AuditLine:
    return AuditLine(
        entry.number,
        moment(entry.at) if entry.at else "",
        entry.who,
        role_name(entry.role),
        entry.address,
        action_name(entry.action),
        entry.subject or "",
        "，".join(map(_detail, entry.details.items())),
    )


def _detail(item: tuple[str, object]) -> str:
    """用途 查看成果和需求、查找配对."""
    name, value = item
    values = value if isinstance(value, list) else [value]
    return f"{_LABELS.get(name, name)} {'、'.join(_NAMES.get(str(v), str(v)) for v in values)}"
