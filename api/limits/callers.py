"""Who asks: by session or key where that was accepted before, by network address otherwise."""

from collections import OrderedDict
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.types import Scope

from api.access.identity import COOKIE
from api.headers import header
from api.security.networks import network

ANONYMOUS: Final = "anonymous"
_MOST: Final = 50_000


def role(scope: Scope) -> str:
    """The role that the application found the caller to have (``request.state.role``)."""
    return str(scope.get("state", {}).get("role", ANONYMOUS))


def address(scope: Scope) -> str:
    """The peer's address, or the network that is all its own."""
    return network(str((scope.get("client") or ("unknown",))[0]))


def credential(scope: Scope) -> str | None:
    """A hash of the key or session that came along, if one did. Nobody has checked it yet."""
    given = header(scope, b"authorization") or header(scope, b"x-api-key") or _session(scope)
    return sha256(given.encode("utf-8", "surrogateescape")).hexdigest() if given else None


def _session(scope: Scope) -> str | None:
    cookies = header(scope, b"cookie")
    if cookies is None:
        return None
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


class Callers:
    """Credentials that the application accepted when they were last used.

    Only these are callers of their own. Whoever invents a new key with every request, or keeps
    using one that was revoked, is counted by address.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._accepted: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def name(self, scope: Scope, given: str | None) -> tuple[str, bool]:
        """What to count the caller by, and whether it is a known one, by the ``credential``."""
        known = given is not None and given in self._accepted
        return (given, True) if known and given else (address(scope), False)

    def learn(self, scope: Scope, given: str | None) -> None:
        """Remember or forget, by what the application made of the caller."""
        if given is None:
            return
        self._accepted.pop(given, None)
        if role(scope) != ANONYMOUS:
            self._accepted[given] = None
            if len(self._accepted) > self._most:
                self._accepted.popitem(last=False)
