"""The people of the tests, and their way in: the real login page with its form token."""

import re
import warnings
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from httpx import Response
from sqlalchemy import update

from api.access.identity import COOKIE
from api.app import create_app
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services.accounts import add_account
from api.services.keys import add_key
from api.services.workspace import Workspace

with warnings.catch_warnings():
    # Starlette would like httpx2 better than httpx, and says so when this is imported.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

PASSWORD = "一句很容易记住的话呀"
ENTERPRISE, OTHER, BROKER, ADMINISTRATOR = "su.jing", "wu.jin", "lin.jing", "guan.li"
ROLES = {
    ENTERPRISE: Role.enterprise,
    OTHER: Role.enterprise,
    BROKER: Role.broker,
    ADMINISTRATOR: Role.administrator,
}
NAME_OF = {Role.enterprise: ENTERPRISE, Role.broker: BROKER, Role.administrator: ADMINISTRATOR}
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_VERSION = re.compile(r'name="version" value="([^"]+)"')


def add_people(workspace: Workspace) -> None:
    """Everybody of ``ROLES``. Slow, because passwords are: once for all copies of a folder."""
    for name, role in ROLES.items():
        add_account(workspace, SYSTEM, name, role, PASSWORD)


def key_of(workspace: Workspace, name: str, *scopes: Scope) -> str:
    """A new key of somebody's, for everything if no scope is named."""
    account = workspace.store.accounts.named(name)
    assert account is not None
    actor = Actor(account.id, account.name, Role(account.role))
    return add_key(workspace, actor, "测试", scopes or list(Scope))[1]


def program(app: FastAPI, key: str | None) -> TestClient:
    """What calls with a key, or with nothing."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False, headers=headers)


class Browser(TestClient):
    """Keeps its cookie, follows no redirect, and sends forms with the token of their page."""

    def __init__(
        self, app: FastAPI, base_url: str = "http://testserver", address: str = "testclient"
    ) -> None:
        super().__init__(
            app,
            base_url=base_url,
            raise_server_exceptions=False,
            follow_redirects=False,
            client=(address, 50000),
        )

    @property
    def cookie(self) -> str:
        """What the browser would send."""
        return self.cookies.get(COOKIE) or ""

    def form_token(self, page: str = "/login") -> str:
        """What the forms of a page carry; the page gives a cookie if there is none yet."""
        return _TOKEN.findall(self.get(page).text)[0]

    def version(self, page: str) -> str:
        """The version that an edit page was filled with."""
        [found] = _VERSION.findall(self.get(page).text)
        return str(found)

    def submit(self, address: str, data: Mapping[str, str] = {}, **options: Any) -> Response:
        """Submit a form as its page would."""
        return self.post(address, data={"form_token": self.form_token()} | dict(data), **options)

    def write(self, method: str, address: str, **options: Any) -> Response:
        """A JSON request as a script of ours would send it."""
        headers = {"X-Form-Token": self.form_token()} | options.pop("headers", {})
        return self.request(method, address, headers=headers, **options)

    def sign_in(self, name: str, password: str = PASSWORD, next: str = "") -> Response:
        """Through the login page."""
        address = "/login" if not next else "/login?next=" + next
        return self.submit(address, {"name": name, "password": password})


def is_in(browser: Browser) -> bool:
    """Whether the account page opens; otherwise it leads to the login page."""
    response = browser.get("/account")
    assert response.status_code in (200, 303)
    return response.status_code == 200


def set_column(workspace: Workspace, table: type[Any], **values: object) -> None:
    """The same in every row of a table, as if time had passed."""
    with workspace.store.writing() as unit:
        unit.session.execute(update(table).values(**values))


class People:
    """Everybody's browsers and programs on one workspace, each signed in when first needed."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.app = create_app(workspace)
        self._signed_in: dict[str, Browser] = {}
        self._programs: dict[tuple[str, tuple[Scope, ...]], TestClient] = {}

    def visitor(self, **options: Any) -> Browser:
        """A new browser that has never been here."""
        return Browser(self.app, **options)

    def signed_in(self, name: str) -> Browser:
        """A new session."""
        browser = self.visitor()
        response = browser.sign_in(name)
        assert response.status_code == 303, response.text
        return browser

    def __getitem__(self, name: str) -> Browser:
        """The session that somebody has all along: not for tests that end it."""
        if name not in self._signed_in:
            self._signed_in[name] = self.signed_in(name)
        return self._signed_in[name]

    def program(self, name: str, *scopes: Scope) -> TestClient:
        """What calls with a key of somebody's for these purposes, or for all."""
        if (name, scopes) not in self._programs:
            self._programs[name, scopes] = program(self.app, key_of(self.workspace, name, *scopes))
        return self._programs[name, scopes]
