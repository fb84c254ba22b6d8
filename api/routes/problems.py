"""Error answers as the documentation of the interface shows them."""

from typing import Any, Final

Responses = dict[int | str, dict[str, Any]]

_DESCRIPTIONS: Final = {
    400: "请求有误",
    401: "需要登录或密钥",
    403: "没有权限",
    404: "没有找到",
    408: "内容传送太慢",
    409: "另一窗口改过",
    412: "已被他人修改",
    413: "内容过大",
    422: "输入有误",
    428: "缺少 If-Match",
    429: "请求过多",
    503: "暂不可用",
}


def problems(*statuses: int) -> Responses:
    """The answers with these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {
        status: {"description": _DESCRIPTIONS[status], "content": content} for status in statuses
    }


ALWAYS: Final = problems(400)
"""Any request can be addressed to a name that is not ours."""
LIMITED: Final = problems(400, 401, 403, 429, 503)
"""What the guard and the limits answer, whatever a route does."""
PROBLEMS: Final = problems(*_DESCRIPTIONS)
