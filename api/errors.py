"""The one translation of errors to HTTP, as RFC 9457 problem details or as a page."""

import json
import logging
from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.observability.requests import PROBES, REQUEST_ID, template
from api.pages.errors import error_page
from api.pages.hrefs import address
from api.schemas import Problem, ProblemField
from api.services.messages import problems
from matcher import errors

_log = logging.getLogger(__name__)
_MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final = (
    (errors.InvalidInput, 422, "invalid-input", "输入有误"),
    (errors.NotFound, 404, "not-found", "没有找到"),
    (errors.NotSignedIn, 401, "not-signed-in", "需要登录"),
    (errors.NotAllowed, 403, "not-allowed", "没有权限"),
    (errors.FormExpired, 403, "form-expired", "页面已过期"),
    (errors.TooManyAttempts, 429, "too-many-attempts", "请稍候"),
    (errors.EditConflict, 412, "edit-conflict", "已被他人修改"),
    (errors.DraftSent, 409, "draft-sent", "已经提交"),
    (errors.DraftConflict, 409, "draft-conflict", "另一窗口改过"),
    (errors.DraftsFull, 503, "drafts-full", "草稿已满"),
    (errors.VersionMissing, 428, "version-missing", "缺少版本"),
    (errors.KeyReused, 422, "key-reused", "重复的请求编号"),
    (errors.ImportRejected, 422, "import-rejected", "文件不合要求"),
    (errors.NotFitted, 503, "no-model", "模型尚未就绪"),
    (errors.BundleError, 503, "no-model", "模型尚未就绪"),
    (errors.StoreUnavailable, 503, "store-unavailable", "数据库暂不可用"),
    (errors.MailUnsent, 503, "mail-unsent", "邮件未送出"),
)
_OF_THE_SERVER: Final = (
    errors.StoreUnavailable,
    errors.BundleDamaged,
    errors.BundleMismatch,
)
_BEHIND: Final = "服务暂时不可用，请稍后再试；若持续如此，请管理员运行 hongniang doctor 查看原因。"
"""Instead of sentences for the administrator, which name folders of the server."""
_HTTP: Final = {
    400: ("请求有误", "请求有误，请检查后再试。"),
    404: ("没有找到", "没有这个地址，请检查链接，或返回首页。"),
    405: ("不支持的操作", "这个地址不支持该操作。"),
    408: ("传送太慢", "内容传送太慢，请检查网络后再试。"),
    413: ("内容过大", "内容过大，请删减后再试。"),
    415: ("类型不受支持", "内容类型不受支持，请使用 JSON。"),
    429: ("请稍候", "请求过于频繁，请稍后再试。"),
    503: ("服务正忙", "服务正忙，请稍后再试。"),
}
_OTHER: Final = ("请求无法完成", "请求无法完成，请稍后再试。")
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PROGRAMS: Final = ("/api/", *PROBES, "/version")
"""Beginnings of the addresses that programs ask; the others are pages."""
_UNEXPECTED: Final = "服务器出现意外错误，已记录，请稍后再试。"
_RETRY_SECONDS: Final = 5


class Refusal(HTTPException):
    """An HTTP error whose ``detail`` is a sentence for people; others have sentences of ours."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, sentence, headers)


def register(app: FastAPI) -> None:
    """Translate our errors, validation errors, HTTP errors and everything else."""
    app.add_exception_handler(errors.HongniangError, _ours)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, _unexpected)


def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, errors.NotSignedIn) and _is_page(request) and request.method == "GET":
        wanted = f"{request.url.path}?{request.url.query}".rstrip("?")
        return RedirectResponse(address("/login", next=wanted), status_code=303)
    for kind, status, slug, title in _STATUS:
        if isinstance(error, kind):
            found = error.problems if isinstance(error, errors.InvalidInput) else ()
            if status == 503:
                _log.warning("%s: %s", slug, error)
            detail = _BEHIND if isinstance(error, _OF_THE_SERVER) else str(error)
            answer = _answer(request, status, slug, title, detail, found)
            answer.headers.update(_more_headers(error, status))
            return answer
    return _unexpected(request, error)


def _more_headers(error: Exception, status: int) -> dict[str, str]:
    if isinstance(error, errors.NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.TooManyAttempts):
        return {"Retry-After": str(error.seconds)}
    return {"Retry-After": str(_RETRY_SECONDS)} if status == 503 else {}


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as registered
    found = problems(error.errors(), skip=1)
    named = (f"{p.field}：{p.message}" if p.field else p.message for p in found[:3])
    detail = "；".join(sentence.rstrip("。") for sentence in named)
    return _answer(request, 422, "invalid-input", "输入有误", f"{detail}。", found)


def refused(request: Request, error: Exception) -> Response:
    """The answer to an HTTPException, for middleware too."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered
    title, known = _HTTP.get(error.status_code, _OTHER)
    detail = error.detail if isinstance(error, Refusal) else known
    slug = "not-found" if error.status_code == 404 else "http"
    answer = _answer(request, error.status_code, slug, title, detail)
    answer.headers.update(error.headers or {})
    if error.status_code == 405 and "app_root_path" not in request.scope:  # mounts say it right
        answer.headers["Allow"] = ", ".join(_allowed(request))
    return answer


def _allowed(request: Request) -> list[str]:
    """What the address allows: each route knows only its own method."""
    methods = [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
    return ["HEAD", *methods] if "GET" in methods else methods


def _unexpected(request: Request, error: Exception) -> Response:
    # The route, not the address: addresses, queries and bodies hold codes and confidential texts.
    route = template(request.scope)
    _log.error("unexpected error at %s %s", request.method, route, exc_info=error)
    answer = _answer(request, 500, "unexpected", "服务器错误", _UNEXPECTED)
    # This answer is made outside of all middleware.
    answer.headers.update(request.app.state.headers)
    answer.headers[REQUEST_ID] = request.state.request_id
    return answer


def _is_page(request: Request) -> bool:
    return not request.url.path.startswith(_PROGRAMS)


def _answer(
    request: Request,
    status: int,
    slug: str,
    title: str,
    detail: str,
    found: "tuple[errors.FieldProblem, ...] | list[errors.FieldProblem]" = (),
) -> Response:
    if _is_page(request):
        return error_page(request, status, title, detail)
    body = Problem(
        type=f"/problems/{slug}",
        title=title,
        status=status,
        detail=detail,
        errors=[ProblemField(field=p.field, message=p.message) for p in found],
    )
    # Sentences quote input, which may hold halves of characters: escape what UTF-8 cannot say.
    content = json.dumps(body.model_dump(), ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, status, media_type=_MEDIA_TYPE)
