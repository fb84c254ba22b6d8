"""Every route says who may call it, and refuses everybody else, before it reads what was sent."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles
from httpx import Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount

from api.access.guard import ANYONE, Anyone, GuardedRoute, ImporterWithFile, Operator
from api.limits.overload import takes_turns
from api.security.roles import Role, Scope
from api.services.workspace import Workspace
from tests.web.people import NAME_OF, Browser, People, TestClient

pytestmark = pytest.mark.any_database

EVERYBODY = set(Role)
SIGNED_IN = EVERYBODY - {Role.visitor}
STAFF = {Role.broker, Role.administrator}
ADMINISTRATOR = {Role.administrator}
PEOPLE_ONLY = None
CASE = "/api/v1/cases/{id}"
RESOURCE = "/api/v1/resources/{id}"
CALL = "/api/v1/calls/{id}"
DEMAND, OFFER = "/api/v1/demands/{id}", "/api/v1/achievements/{id}"

MAY: dict[str, tuple[set[Role], Scope | None]] = {
    "GET /healthz": (EVERYBODY, None),
    "GET /readyz": (EVERYBODY, None),
    "GET /version": (ADMINISTRATOR, Scope.operate),
    "GET /metrics": (ADMINISTRATOR, Scope.operate),
    "GET /api/docs": (SIGNED_IN, Scope.read),
    "GET /api/openapi.json": (SIGNED_IN, Scope.read),
    "POST /api/v1/matches": (STAFF, Scope.match),
    "GET /api/v1/achievements": (SIGNED_IN, Scope.read),
    "POST /api/v1/achievements": (STAFF, Scope.write),
    f"GET {OFFER}": (SIGNED_IN, Scope.read),
    f"PUT {OFFER}": (STAFF, Scope.write),
    f"DELETE {OFFER}": (STAFF, Scope.write),
    f"POST {OFFER}/restore": (STAFF, Scope.write),
    f"GET {OFFER}/matches": (STAFF, Scope.match),
    "GET /api/v1/demands": (SIGNED_IN, Scope.read),
    "POST /api/v1/demands": (EVERYBODY, None),
    "POST /api/v1/disclosures": (EVERYBODY, None),
    "POST /api/v1/coach": (EVERYBODY, None),
    "POST /api/v1/drafts": (EVERYBODY, None),
    "PUT /api/v1/drafts/{code}": (EVERYBODY, None),
    f"GET {DEMAND}": (SIGNED_IN, Scope.read),
    f"PUT {DEMAND}": (SIGNED_IN, Scope.write),
    f"DELETE {DEMAND}": (SIGNED_IN, Scope.write),
    f"POST {DEMAND}/restore": (STAFF, Scope.write),
    f"POST {DEMAND}/review": (STAFF, Scope.write),
    f"GET {DEMAND}/matches": (STAFF, Scope.match),
    "GET /api/v1/resources": (STAFF, Scope.read),
    "POST /api/v1/resources": (STAFF, Scope.write),
    f"GET {RESOURCE}": (STAFF, Scope.read),
    f"PUT {RESOURCE}": (STAFF, Scope.write),
    f"DELETE {RESOURCE}": (STAFF, Scope.write),
    f"POST {RESOURCE}/restore": (STAFF, Scope.write),
    "GET /resources": (STAFF, Scope.read),
    "GET /resources/new": (STAFF, Scope.write),
    "POST /resources/new": (STAFF, Scope.write),
    "GET /resources/{id}": (STAFF, Scope.read),
    "GET /resources/{id}/edit": (STAFF, Scope.write),
    "POST /resources/{id}/edit": (STAFF, Scope.write),
    "POST /resources/{id}/remove": (STAFF, Scope.write),
    "POST /resources/{id}/restore": (STAFF, Scope.write),
    "GET /api/v1/decisions": (STAFF, Scope.read),
    "POST /api/v1/decisions": (STAFF, Scope.write),
    "DELETE /api/v1/decisions/{id}": (STAFF, Scope.write),
    "GET /api/v1/cases": (STAFF, Scope.read),
    "GET /api/v1/market": (STAFF, Scope.read),
    f"GET {CASE}": (STAFF, Scope.read),
    f"PATCH {CASE}": (STAFF, Scope.write),
    f"POST {CASE}/moves": (STAFF, Scope.write),
    f"POST {CASE}/notes": (STAFF, Scope.write),
    "GET /api/v1/me": (SIGNED_IN, PEOPLE_ONLY),
    "GET /api/v1/users": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /api/v1/users": (ADMINISTRATOR, PEOPLE_ONLY),
    "PUT /api/v1/users/{id}/enabled": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /api/v1/keys": (SIGNED_IN, PEOPLE_ONLY),
    "POST /api/v1/keys": (SIGNED_IN, PEOPLE_ONLY),
    "DELETE /api/v1/keys/{id}": (SIGNED_IN, PEOPLE_ONLY),
    "GET /api/v1/audit": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /api/v1/exports/demands.{format}": (STAFF, Scope.export),
    "GET /api/v1/exports/achievements.{format}": (STAFF, Scope.export),
    "GET /api/v1/exports/resources.{format}": (STAFF, Scope.export),
    "GET /api/v1/demands/{id}/pairings/{achievement}/support": (STAFF, Scope.match),
    "GET /api/v1/exports/pairings.{format}": (STAFF, Scope.export),
    "GET /api/v1/exports/audit.{format}": (ADMINISTRATOR, Scope.export),
    "POST /api/v1/imports": (ADMINISTRATOR, Scope.import_),
    "GET /api/v1/imports": (ADMINISTRATOR, Scope.import_),
    "GET /api/v1/imports/{id}": (ADMINISTRATOR, Scope.import_),
    "DELETE /api/v1/imports/{id}": (ADMINISTRATOR, Scope.import_),
    "GET /imports": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /imports": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /imports/{id}": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /imports/{id}/problems.csv": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /imports/{id}/columns": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /imports/{id}/start": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /imports/{id}/cancel": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /admin": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /admin/users": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /admin/users": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /admin/users/{id}": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /admin/users/{id}/disable": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /admin/users/{id}/enable": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /admin/users/{id}/password": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /admin/keys": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /admin/keys/{id}/revoke": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /admin/models": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /admin/models/{id}": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /admin/models/{id}/use": (ADMINISTRATOR, PEOPLE_ONLY),
    "POST /admin/models/rollback": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /login": (EVERYBODY, None),
    "POST /login": (EVERYBODY, None),
    "POST /logout": (SIGNED_IN, PEOPLE_ONLY),
    "GET /account": (SIGNED_IN, PEOPLE_ONLY),
    "POST /account/password": (SIGNED_IN, PEOPLE_ONLY),
    "POST /account/keys": (SIGNED_IN, PEOPLE_ONLY),
    "POST /account/keys/{id}/revoke": (SIGNED_IN, PEOPLE_ONLY),
    "GET /audit": (ADMINISTRATOR, PEOPLE_ONLY),
    "GET /api/v1/topics": (STAFF, Scope.read),
    "GET /api/v1/calls": (STAFF, Scope.read),
    "POST /api/v1/calls": (STAFF, Scope.write),
    f"GET {CALL}": (STAFF, Scope.read),
    f"PUT {CALL}": (STAFF, Scope.write),
    f"DELETE {CALL}": (STAFF, Scope.write),
    f"GET {CALL}/file.{{format}}": (STAFF, Scope.export),
    "GET /calls": (STAFF, Scope.read),
    "POST /calls": (STAFF, Scope.write),
    "GET /calls/topic": (STAFF, Scope.read),
    "GET /calls/all": (STAFF, Scope.read),
    "GET /calls/{id}": (STAFF, Scope.read),
    "POST /calls/{id}": (STAFF, Scope.write),
    "POST /calls/{id}/remove": (STAFF, Scope.write),
    "GET /overview": (STAFF, Scope.read),
    "GET /overview/cases": (STAFF, Scope.read),
    "GET /map": (STAFF, Scope.read),
    "GET /map/report": (STAFF, Scope.read),
    "GET /demands/new": (EVERYBODY, None),
    "POST /demands/new": (EVERYBODY, None),
    "GET /demands/drafts/{code}": (EVERYBODY, None),
    "POST /demands/drafts/{code}": (EVERYBODY, None),
    "POST /demands/drafts/{code}/discard": (EVERYBODY, None),
    "GET /receipts": (EVERYBODY, None),
    "GET /receipts/{code}": (EVERYBODY, None),
    "POST /receipts/{code}/revise": (EVERYBODY, None),
    "GET /demands/{id}/edit": (SIGNED_IN, Scope.write),
    "POST /demands/{id}/edit": (SIGNED_IN, Scope.write),
    "POST /demands/{id}/remove": (SIGNED_IN, Scope.write),
    "POST /demands/{id}/restore": (STAFF, Scope.write),
    "GET /inbox": (STAFF, Scope.write),
    "POST /inbox": (STAFF, Scope.write),
    "GET /inbox/{id}": (STAFF, Scope.write),
    "POST /inbox/{id}": (STAFF, Scope.write),
    "GET /inbox/{id}/edit": (STAFF, Scope.write),
    "POST /inbox/{id}/edit": (STAFF, Scope.write),
    "GET /api/v1/subscriptions": (STAFF, Scope.match),
    "POST /api/v1/subscriptions": (STAFF, Scope.write),
    "PUT /api/v1/subscriptions/{id}/date_to": (STAFF, Scope.write),
    "DELETE /api/v1/subscriptions/{id}": (STAFF, Scope.write),
    "GET /subscriptions": (STAFF, Scope.match),
    "POST /subscriptions": (STAFF, Scope.write),
    "GET /subscriptions/new": (STAFF, Scope.match),
    "GET /subscriptions/{id}": (STAFF, Scope.match),
    "POST /subscriptions/{id}/edit": (STAFF, Scope.write),
    "POST /subscriptions/{id}/extend": (STAFF, Scope.write),
    "POST /subscriptions/{id}/run": (STAFF, Scope.write),
    "POST /subscriptions/{id}/pause": (STAFF, Scope.write),
    "POST /subscriptions/{id}/resume": (STAFF, Scope.write),
    "POST /subscriptions/{id}/feed": (STAFF, Scope.write),
    "POST /subscriptions/{id}/remove": (STAFF, Scope.write),
    "GET /feeds/{feed}.atom": (EVERYBODY, None),
    "POST /account/email": (SIGNED_IN, PEOPLE_ONLY),
    "GET /": (EVERYBODY, None),
    "POST /": (STAFF, Scope.match),
    "GET /demands/{id}/pairings/{achievement}": (STAFF, Scope.match),
    "GET /demands/{id}/compare": (STAFF, Scope.match),
    "GET /achievements/{id}/compare": (STAFF, Scope.match),
    "POST /decisions": (STAFF, Scope.write),
    "POST /decisions/{id}/withdraw": (STAFF, Scope.write),
    "GET /demands/{id}": (SIGNED_IN, Scope.read),
    "GET /achievements/{id}": (SIGNED_IN, Scope.read),
    "GET /demands": (SIGNED_IN, Scope.read),
    "GET /api/v1/days": (STAFF, Scope.read),
    "POST /api/v1/days": (STAFF, Scope.write),
    "GET /api/v1/days/{id}": (STAFF, Scope.read),
    "PUT /api/v1/days/{id}": (STAFF, Scope.write),
    "DELETE /api/v1/days/{id}": (STAFF, Scope.write),
    "POST /api/v1/days/{id}/arrange": (STAFF, Scope.write),
    "POST /api/v1/days/{id}/move": (STAFF, Scope.write),
    "POST /api/v1/days/{id}/publish": (STAFF, Scope.write),
    "GET /api/v1/days/{id}/calendar.ics": (STAFF, Scope.export),
    "GET /api/v1/days/{id}/schedule.xlsx": (STAFF, Scope.export),
    "GET /days": (STAFF, Scope.read),
    "POST /days": (STAFF, Scope.write),
    "GET /days/new": (STAFF, Scope.read),
    "GET /days/{id}": (STAFF, Scope.read),
    "GET /days/{id}/edit": (STAFF, Scope.read),
    "POST /days/{id}/edit": (STAFF, Scope.write),
    "POST /days/{id}/arrange": (STAFF, Scope.write),
    "POST /days/{id}/publish": (STAFF, Scope.write),
    "POST /days/{id}/remove": (STAFF, Scope.write),
    "GET /days/{id}/meetings/{demand}/{achievement}": (STAFF, Scope.read),
    "POST /days/{id}/meetings/{demand}/{achievement}": (STAFF, Scope.write),
    "GET /days/{id}/participants": (STAFF, Scope.read),
    "POST /days/{id}/participants": (STAFF, Scope.write),
    "GET /days/{id}/fixed": (STAFF, Scope.read),
    "POST /days/{id}/fixed": (STAFF, Scope.write),
    "GET /days/{id}/calendar.ics": (STAFF, Scope.export),
    "GET /days/{id}/schedule.xlsx": (STAFF, Scope.export),
    "GET /cases": (STAFF, Scope.read),
    "GET /cases/ledger.{format}": (STAFF, Scope.export),
    "GET /cases/{id}": (STAFF, Scope.read),
    "POST /cases/{id}/move": (STAFF, Scope.write),
    "POST /cases/{id}/note": (STAFF, Scope.write),
    "POST /cases/{id}/plan": (STAFF, Scope.write),
    "POST /cases/{id}/contract": (STAFF, Scope.write),
    "POST /cases/{id}/release": (STAFF, Scope.write),
    "GET /achievements": (SIGNED_IN, Scope.read),
}
"""Of each route who may call it, and what a key of such a person must be for."""
FILES = {"/static", "/api/static"}
"""Served to everybody: styles, scripts, and those of the reference."""


@dataclass
class Caller:
    """Somebody who calls all routes; ``scope`` only of programs."""

    role: Role
    scope: Scope | None
    client: TestClient

    def may(self, route: str) -> bool:
        roles, scope = MAY[route]
        if Role.visitor in roles:
            return True
        return self.role in roles and (isinstance(self.client, Browser) or self.scope == scope)

    def call(self, route: str) -> Response:
        """With nothing usable in it: whoever may call hears of that, and nobody else."""
        method, _, path = route.partition(" ")
        address = path.replace("{id}", "nobody").replace("{code}", "nobody")
        address = address.replace("{format}", "csv").replace("{achievement}", "nobody")
        address = address.replace("{feed}", "nobody")
        if method == "GET":
            return self.client.get(address)
        if path == "/login":
            address += "?next=" + "x" * 2001  # a wrong password would be answered with 401
        if not isinstance(self.client, Browser):
            return self.client.request(method, address, json={"nobody": 1})
        if path.startswith("/api/"):
            return self.client.write(method, address, json={"nobody": 1})
        return self.client.submit(address)


def _routes(app: FastAPI) -> Iterator[tuple[str, BaseRoute]]:
    """Every route with its full address, also of routers that were included."""
    for found in iter_route_contexts(app.routes):
        for method in found.methods or [""]:
            yield f"{method} {found.path}".strip(), found.original_route


def _is_refusal(response: Response) -> bool:
    to_login = response.headers.get("location", "").startswith("/login?next=")
    return response.status_code in (401, 403) or (response.status_code == 303 and to_login)


@pytest.fixture(scope="module")
def callers(people: People) -> list[Caller]:
    """Everybody with a session, and with a key for each purpose alone."""
    found = [Caller(Role.visitor, None, people.visitor())]
    for role, name in NAME_OF.items():
        found.append(Caller(role, None, people[name]))
        found += [Caller(role, scope, people.program(name, scope)) for scope in Scope]
    return found


def test_every_route_is_guarded_or_serves_files(people: People) -> None:
    others = {name: r for name, r in _routes(people.app) if not isinstance(r, GuardedRoute)}
    assert others.keys() == FILES
    for route in others.values():
        assert isinstance(route, Mount)
        files = route.app.app if isinstance(route.app, GZipMiddleware) else route.app
        assert isinstance(files, StaticFiles)


def test_the_table_names_every_route_and_no_other(people: People) -> None:
    assert sorted([*MAY, *FILES]) == sorted(name for name, _ in _routes(people.app))


def test_every_route_declares_what_the_table_says(people: People) -> None:
    for name, route in _routes(people.app):
        if isinstance(route, GuardedRoute):
            assert (set(route.allowed.roles), route.allowed.scope) == MAY[name]


def test_routes_that_take_turns_have_the_places_for_it(people: People) -> None:
    for name, route in _routes(people.app):
        if isinstance(route, GuardedRoute):
            assert route.takes_turns is takes_turns(name.split()[1]), name


@pytest.mark.parametrize("route", MAY)
def test_a_route_answers_those_who_may_and_refuses_everybody_else(
    people: People, callers: list[Caller], route: str
) -> None:
    for caller in callers:
        if route == "POST /logout" and caller.role in NAME_OF and caller.scope is None:
            client = people.signed_in(NAME_OF[caller.role])  # this session ends here
            caller = Caller(caller.role, None, client)
        response = caller.call(route)
        assert response.status_code < 500
        assert _is_refusal(response) != caller.may(route), (caller, response.text[:300])


@pytest.mark.parametrize("route", MAY)
def test_who_has_not_signed_in_is_asked_to_and_who_may_not_is_told_so(
    callers: list[Caller], route: str
) -> None:
    for caller in callers:
        if caller.may(route):
            continue
        response = caller.call(route)
        is_page = not any(part in route for part in ("/api/", "/version", "/metrics"))
        if caller.role is not Role.visitor:
            assert response.status_code == 403
        elif is_page and route.startswith("GET"):
            assert response.status_code == 303
        else:
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == "Bearer"
        kind = "text/html" if is_page else "application/problem+json"
        assert response.status_code == 303 or response.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer hn_nobody", "Basic bGluOmppbmc=", "Bearer \x7f", "hn_x"],
)
def test_a_key_that_does_not_hold_opens_nothing_not_even_with_a_session(
    people: People, authorization: str
) -> None:
    headers = {"Authorization": authorization}
    for browser in (people.visitor(), people[NAME_OF[Role.administrator]]):
        for route in MAY:
            method, _, path = route.partition(" ")
            assert _is_refusal(browser.request(method, path, headers=headers)), route


def test_a_route_that_does_not_say_who_may_call_it_cannot_be_made() -> None:
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(TypeError, match="/open must say exactly once"):
        router.add_api_route("/open", lambda: None)


def test_a_route_that_says_it_twice_cannot_be_made() -> None:
    router = APIRouter(route_class=GuardedRoute, dependencies=[ANYONE])

    def endpoint(_: Operator) -> None: ...

    with pytest.raises(TypeError, match="not 2×"):
        router.add_api_route("/twice", endpoint)


def test_a_route_that_takes_files_cannot_be_made_where_nothing_is_waited_for() -> None:
    router = APIRouter(route_class=GuardedRoute)

    def endpoint(_: ImporterWithFile) -> None: ...

    with pytest.raises(TypeError, match="/file takes files"):
        router.add_api_route("/file", endpoint)


def test_a_router_of_guarded_routes_keeps_them_guarded_when_it_is_included() -> None:
    router = APIRouter(route_class=GuardedRoute)

    def endpoint(_: Anyone) -> None: ...

    router.add_api_route("/one", endpoint)
    app = FastAPI(openapi_url=None)
    app.include_router(router, prefix="/all")
    [(name, route)] = _routes(app)
    assert name == "GET /all/one"
    assert isinstance(route, GuardedRoute)


def test_the_walk_changes_nothing(people: People, workspace: Workspace) -> None:
    assert people.workspace.demands.stamps() == workspace.demands.stamps()
    assert people.workspace.achievements.stamps() == workspace.achievements.stamps()
