"""What keeps two edits, and two sendings of one request, from getting in each other's way."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.services.once import Once
from matcher.errors import EditConflict, VersionMissing

_ETAG: Final = re.compile(r'"(\d{1,9})"')
IfMatch = Annotated[
    str | SkipJsonSchema[None], Header(alias="If-Match", description="读取时得到的 ETag")
]
_Random = Annotated[str, Field(min_length=16, max_length=200, pattern=r"^[\x21-\x7e]+$")]
Repeated = Annotated[
    _Random | SkipJsonSchema[None],
    Header(
        alias="Idempotency-Key",
        description="自选的随机串；没有收到回答时用它重发，不会重复提交",
    ),
]


def tag(response: Response, version: int) -> None:
    """Say which version of a record this is."""
    response.headers["ETag"] = f'"{version}"'


async def _given(if_match: IfMatch = None) -> int | None:
    """The version that the caller has seen; what was never an ETag of ours fits none."""
    if if_match is None:
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise EditConflict
    return int(found[1])


async def _expected(given: Annotated[int | None, Depends(_given)]) -> int:
    if given is None:
        raise VersionMissing
    return given


async def _once(request: Request, key: Repeated = None) -> Once | None:
    if key is None:
        return None
    return Once.of(request.state.actor, request.url.path, key, await request.body())


Given = Annotated[int | None, Depends(_given)]
Expected = Annotated[int, Depends(_expected)]
Repeatable = Annotated[Once | None, Depends(_once)]
