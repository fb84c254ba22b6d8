"""Error answers as the documentation of the interface shows them."""

from typing import Any, Final

Responses = dict[int | str, dict[str, Any]]


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


UNAVAILABLE: Final[Responses] = {503: _problem("暂不可用")}
PROBLEMS: Final[Responses] = {404: _problem("没有找到"), 422: _problem("输入有误"), **UNAVAILABLE}
