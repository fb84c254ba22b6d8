"""The page for an error: what happened, what to do next, and ways on that fit the reader."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.contexts.plain import Trouble, TypedAgain
from api.pages.rendering import render
from api.security.roles import Actor, Role

_BACK: Final = "返回上一页，填写的内容通常还在；刷新后再提交一次。"
_WAIT: Final = "过一会儿刷新本页，不必反复点击。"
_CHECK: Final = "返回上一页，按上面的说明修改后再提交。"
_NEXT: Final = {
    401: ("用自己的账号登录，会回到刚才的地方。",),
    403: (_BACK, "若确实需要这项功能，请管理员开通，或换一个有权限的账号登录。"),
    404: ("核对链接是否完整；记录也可能已被删除。", "从下面的入口重新查找。"),
    405: ("返回上一页，用页面上的按钮操作。",),
    408: ("检查网络后，返回上一页再提交一次。",),
    413: ("返回上一页，删减文字或拆分文件后再提交。",),
    422: (_CHECK,),
    429: (_WAIT,),
    500: (_BACK, "若再次出现，请把下面的编号告诉管理员。"),
    503: (_WAIT, "已经提交并得到答复的内容不会丢失。"),
}
_ENTRANCES: Final = {
    Role.visitor: (("/", "返回首页"), ("/demands/new", "填报需求"), ("/receipts", "查询回执")),
    Role.enterprise: (("/", "我的需求"), ("/demands/new", "填报需求")),
    Role.broker: (("/", "返回工作台"), ("/demands", "需求库"), ("/achievements", "成果库")),
}


def error_page(request: Request, status: int, title: str, detail: str) -> HTMLResponse:
    """Calm whatever has failed: it asks nothing but the request, neither database nor model."""
    if typed := getattr(request.state, "typed", []):
        return _typed_again(request, status, typed)
    actor: Actor | None = getattr(request.state, "actor", None)
    number = getattr(request.state, "request_id", "") if status >= 500 else ""
    context = Trouble(title, detail, status, _next(status), number, _ways_on(actor, status))
    return render(request, context, status)


def _typed_again(request: Request, status: int, typed: Sequence[tuple[str, str]]) -> HTMLResponse:
    """A form that was refused, to be sent once more: nothing that was typed is lost.

    Nothing of the record is on the page, for who asks may not see it. Who was signed out and has
    signed in elsewhere comes here a second time, and reads under whose name it would be saved: it
    may be somebody else's by now, and a form without a token is no proof that anybody meant it.
    """
    actor: Actor | None = getattr(request.state, "actor", None)
    path, asked = quote(request.url.path), request.url.query
    context = TypedAgain(
        "登录已过期" if status == 401 else "页面已过期",
        is_signed_out=status == 401,
        action=f"{path}?{asked}" if asked else path,
        typed=typed,
        who=actor.name if actor and actor.account_id else "",
        texts=[text for _, text in typed if not text.isascii()],
    )
    return render(request, context, status)


def _next(status: int) -> Sequence[str]:
    return _NEXT.get(status, _NEXT[500][:1] if status >= 500 else (_CHECK,))


def _ways_on(actor: Actor | None, status: int) -> Sequence[tuple[str, str]]:
    """Addresses and names, the likeliest first."""
    if actor is not None and actor.is_staff:
        return _ENTRANCES[Role.broker]
    entrances = _ENTRANCES[actor.role if actor else Role.visitor]
    if status in {401, 403} and (actor is None or actor.account_id is None):
        return (("/login", "登录"), *entrances)
    return entrances
