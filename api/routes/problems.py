"""Error answers as the documentation of the interface shows them."""

from typing import Any, Final

Responses = dict[int | str, dict[str, Any]]


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


UNAVAILABLE: Final[Responses] = {503: _problem("暂不可用")}
PROBLEMS: Final[Responses] = {
    401: _problem("需要登录或密钥"),
    403: _problem("没有权限"),
    404: _problem("没有找到"),
    412: _problem("已被他人修改"),
    422: _problem("输入有误"),
    428: _problem("缺少 If-Match"),
    429: _problem("请求过多"),
    **UNAVAILABLE,
}
