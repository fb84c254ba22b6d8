"""What every route has at hand.

Dependencies are coroutines that never wait: a request is answered in one thread, with them.
"""

from typing import Annotated, Final

from fastapi import Depends, Query, Request

from api.services.workspace import Workspace
from matcher.checks import MAX_K


async def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


Space = Annotated[Workspace, Depends(_workspace)]
Limit = Annotated[int, Query(ge=1, le=100, description="每页条数")]
Cursor = Annotated[str | None, Query(max_length=64, description="上一页的 next_cursor")]
FieldName = Annotated[str | None, Query(description="技术领域")]
TitlePart = Annotated[str, Query(max_length=100, description="名称中包含的文字")]
K = Annotated[int, Query(ge=1, le=MAX_K, description="返回条数")]
_LARGEST: Final = 2**63 - 1
"""Beyond it no database has numbers."""
Before = Annotated[
    int | None, Query(ge=1, le=_LARGEST, description="只要编号更小的，即上一页最后一条的编号")
]
