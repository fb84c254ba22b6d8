"""Direct routes answer as any other would, whatever the body or the address."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Response
from hypothesis import given
from hypothesis import strategies as st

from api import errors
from api.access.direct import DirectRoute, RecordRoute
from api.access.ending import Days, NoDays
from api.access.guard import ANYONE, GuardedRoute
from api.access.parameters import K, Space
from api.limits.bodies import Bodies
from api.policy import UNLIMITED
from api.schemas import MatchIn
from tests.unit.asgi import ask, pieces, scope_of

PATH = "/api/v1/things"
JSON = "application/json"


def application(kind: type[GuardedRoute]) -> FastAPI:
    app = FastAPI()
    app.state.workspace = None
    errors.register(app)
    router = APIRouter(prefix=PATH, route_class=kind, dependencies=[ANYONE])

    @router.post("", response_model=dict)
    async def answer(space: Space, body: MatchIn) -> Response:
        return Response(repr((space, body, body.request())))

    app.include_router(router)
    return app


def whole(app: FastAPI) -> Bodies:
    """Bodies are complete before a thread looks at them."""
    return Bodies(app, UNLIMITED)


APPS = [application(kind) for kind in (DirectRoute, GuardedRoute)]


def answers(body: bytes, kind: str | None = JSON) -> list[Any]:
    """What both kinds of route say."""
    headers = {} if kind is None else {"content-type": kind}
    asked = (ask(whole(app), scope_of("POST", PATH, headers), pieces(body)) for app in APPS)
    return [(one.status, one.headers, one.body) for one in map(asyncio.run, asked)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b'{"text": "a",}',
        b'{"text": "a"} x',
        b'\xef\xbb\xbf{"text": "a"}',
        '{"text": "水"}'.encode("utf-16"),
        '{"text": "水"}'.encode("gb18030"),
        b'{"text": "\xed\xa0\x80"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\ud83d\\ude00", "k": 5}',
        b'{"text": "a", "text": "b"}',
        b'{"text": "a", "more": 1}',
        b'{"k": NaN}',
        b'{"k": 5.0, "decisions": {"a": 2.0}}',
        b'{"k": 1e999}',
        b'{"k": ' + b"1" * 5000 + b"}",
        b'{"k": true, "decisions": {"a": true}}',
        b'{"k": "7", "filters": {"fields": "x", "date_to": "2026-1-2"}}',
        b'{"filters": {"fields": {"x": 1}}}',
        b'{"filters": {"fields": ["x", "x"], "maturity_min": 3}, "direction": "demands"}',
        b'{"filters": ' + b"[" * 300 + b"]" * 300 + b"}",
    ],
)
def test_any_body_is_answered_alike(body: bytes) -> None:
    direct, other = answers(body)
    assert direct == other


@pytest.mark.parametrize(
    "kind", [None, "", JSON, "application/json; charset=gbk", "APPLICATION/JSON", "text/plain", "a"]
)
def test_any_type_is_answered_alike(kind: str | None) -> None:
    direct, other = answers(b'{"text": "a"}', kind)
    assert direct == other


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 200) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)
_NAMES = st.sampled_from([*MatchIn.model_fields, "fields", "more"])


@given(st.dictionaries(_NAMES, _VALUES, max_size=4))
def test_any_values_are_answered_alike(values: dict[str, Any]) -> None:
    direct, other = answers(json.dumps(values).encode())
    assert direct == other


def test_what_fits_needs_nothing_of_what_others_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastapi.routing.solve_dependencies", None)
    scope = scope_of("POST", PATH, {"content-type": JSON})
    answer = asyncio.run(ask(whole(APPS[0]), scope, pieces(b'{"te', b'xt": "a"}')))
    assert (answer.status, answer.error) == (200, None)


def test_it_is_documented_as_any_other() -> None:
    direct, other = (app.openapi() for app in APPS)
    assert direct == other


def records(kind: type[GuardedRoute]) -> FastAPI:
    app = FastAPI()
    app.state.workspace = None
    errors.register(app)
    router = APIRouter(route_class=kind, dependencies=[ANYONE])

    @router.get(PATH + "/{id}/ending", response_model=dict)
    async def ending(space: Space, id: str, days: Days, k: K = 10) -> Response:
        return Response(repr((space, id, days.filters, k)))

    @router.get(PATH + "/{id}/endless", response_model=dict)
    async def endless(space: Space, id: str, days: NoDays, k: K = 10) -> Response:
        return Response(repr((space, id, days.filters, k)))

    app.include_router(router)
    return app


OF_RECORDS = [records(kind) for kind in (RecordRoute, GuardedRoute)]


def found(name: str, asked: bytes) -> list[Any]:
    """What both kinds of route say to an address with these parameters."""
    scope = scope_of("GET", f"{PATH}/膜 1/{name}") | {"query_string": asked}
    answers = [asyncio.run(ask(app, scope)) for app in OF_RECORDS]
    return [(one.status, one.headers, one.body) for one in answers]


@pytest.mark.parametrize("name", ["ending", "endless"])
@pytest.mark.parametrize(
    "asked",
    [
        *("", "k=1", "k=20", "k=100", "k=0", "k=-1", "k=101", "k=1000", "k=020", "k=+5", "k=5.0"),
        *("k", "k=", "k=a", "K=5", "k= 5", "k=%35", "k=５", "k=5\n", "k=5&", "&k=5", "k=5;k=6"),
        *("k=5&k=6", "k=6&k=x", "k=5&more=1", "k=5&date_from=2026-01-01", "date_to=x&k=5"),
    ],
)
def test_any_address_is_answered_alike(name: str, asked: str) -> None:
    direct, other = found(name, asked.encode())
    assert direct == other


def test_k_alone_needs_nothing_of_what_others_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastapi.routing.solve_dependencies", None)
    scope = scope_of("GET", PATH + "/d1/ending") | {"query_string": b"k=20"}
    answer = asyncio.run(ask(OF_RECORDS[0], scope))
    assert (answer.status, answer.error) == (200, None)


def test_routes_of_records_are_documented_as_any_other() -> None:
    direct, other = (app.openapi() for app in OF_RECORDS)
    assert direct == other
