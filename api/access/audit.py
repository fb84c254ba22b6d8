"""What callers may ask of the audit log."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from api.services.drafts import Date
from api.services.times import day_begins, day_ends
from api.store import audit


async def _wanted(
    subject: Annotated[str | None, Query(max_length=64, description="记录或账号的编号")] = None,
    who: Annotated[str | None, Query(max_length=100, description="账号名")] = None,
    action: Annotated[str | None, Query(max_length=40, description="操作")] = None,
    role: Annotated[str | None, Query(max_length=20, description="角色")] = None,
    since: Annotated[Date, Query(description="从这一天起，北京时间")] = None,
    until: Annotated[Date, Query(description="到这一天止，含当天，北京时间")] = None,
) -> audit.Wanted:
    return {
        "subject": subject,
        "who": who,
        "action": action,
        "role": role,
        "since": day_begins(date.fromisoformat(since)) if since else None,
        "until": day_ends(date.fromisoformat(until)) if until else None,
    }


Wanted = Annotated[audit.Wanted, Depends(_wanted)]
