"""Who may call a route, and what callers show to be let in."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request

from api.access.identity import COOKIE, FORM_HEADER
from api.security.roles import Actor, Role, Scope
from matcher.errors import NotAllowed, NotSignedIn

KEY: Final = "key"
SESSION: Final = "session"
SCHEMES: Final = {
    KEY: {"type": "http", "scheme": "bearer", "description": "在“我的账号”中新建的密钥"},
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"登录后得到的 Cookie；写操作还须用 {FORM_HEADER} 标头带上页面中的令牌",
    },
}
"""What callers show to be let in, as OpenAPI says it."""


@dataclass(frozen=True)
class Allowed:
    """Who may call a route. Keys need the scope; without one, the route is for people only."""

    roles: frozenset[Role]
    scope: Scope | None = None
    answers_expired: bool = False
    """Whether the route itself answers a form that has expired, to show again what was typed."""
    answers_signed_out: bool = False
    """Whether the route itself answers who is not signed in any more, to keep what was typed."""
    keeps_typed: bool = False
    """Whether a form that is refused is shown again, with a way to send it once more."""
    files: int = 0
    """How many files its form may carry."""
    fields: int = 100
    """How many fields."""

    def check(self, actor: Actor) -> None:
        """Raise NotSignedIn or NotAllowed."""
        if Role.visitor in self.roles:
            return
        if actor.role is Role.visitor and self.answers_signed_out:
            return
        if actor.role is Role.visitor:
            raise NotSignedIn("请先登录，或用 Authorization: Bearer 标头带上密钥。")
        if actor.role not in self.roles:
            raise NotAllowed("您的账号没有使用这项功能的权限，如有需要请联系管理员。")
        if actor.scopes is not None and self.scope not in actor.scopes:
            needed = f"需要用途 {self.scope}" if self.scope else "只能登录后使用"
            raise NotAllowed(f"这个密钥不能用于该操作（{needed}），请新建一个合适的密钥。")

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """Which of ``SCHEMES`` open the route, as OpenAPI says it."""
        if Role.visitor in self.roles:
            return [{}, {KEY: []}, {SESSION: []}]
        return [{KEY: []}, {SESSION: []}] if self.scope else [{SESSION: []}]

    async def __call__(self, request: Request) -> Actor:
        """As a dependency: whoever calls, checked by the guard of the route."""
        actor: Actor = request.state.actor
        return actor
