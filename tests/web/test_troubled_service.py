"""What a service lives through: its database goes away, its disk fills up, its clock jumps."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

import api.services.signing_in
import api.store.accounts
import api.store.mapping
import api.store.unit
from api.app import create_app
from api.bootstrap import open_workspace
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services.accounts import add_account
from api.services.keys import add_key
from api.services.signing_in import sign_in
from api.services.workspace import Workspace
from api.settings import Settings
from tests.databases import KINDS, Server
from tests.web.checks import (
    DEMAND,
    DEMANDS,
    FORM,
    Page,
    assert_calm_page,
    assert_problem,
    typed_form,
)

PASSWORD = "一句很容易记住的话呀"
YEAR = timedelta(days=366)
Outage = tuple[TestClient, Callable[[], None], Callable[[], None]]


def opened(settings: Settings) -> tuple[Workspace, TestClient]:
    """An empty library with one broker, and what calls with its key."""
    workspace = open_workspace(settings)
    account = add_account(workspace, SYSTEM, "lin.jing", Role.broker, PASSWORD)
    actor = Actor(account.id, account.name, Role.broker)
    key = add_key(workspace, actor, "测试", list(Scope))[1]
    client = TestClient(
        create_app(workspace),
        raise_server_exceptions=False,
        follow_redirects=False,
        headers={"Authorization": f"Bearer {key}"},
    )
    return workspace, client


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of this module's own, to stop."""
    made = Server()
    made.create("outage")
    yield made
    made.remove()


@pytest.fixture(params=KINDS)
def outage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outage]:
    """A client, how to take its database away, and how to bring it back."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        workspace, client = opened(
            Settings(data=tmp_path / "data", database_url=server.address("outage"))
        )
        yield client, server.stop, server.start
        workspace.close()
        return
    workspace, client = opened(Settings(data=tmp_path / "data"))
    file, aside = tmp_path / "data" / "hongniang.db", tmp_path / "aside.db"

    def take_away() -> None:
        workspace.store.database.close()  # or its connections would keep the file
        file.rename(aside)
        file.mkdir()

    def bring_back() -> None:
        file.rmdir()
        aside.rename(file)

    yield client, take_away, bring_back
    workspace.close()


def test_a_database_that_goes_away_and_comes_back(outage: Outage) -> None:
    client, take_away, bring_back = outage
    before = client.post(DEMANDS, json=DEMAND).json()
    visitor = TestClient(client.app, raise_server_exceptions=False, follow_redirects=False)
    page = Page.of(visitor.get(FORM))
    typed = typed_form() | {
        name: page.value_of(name) or "" for name in ("form_token", "submission")
    }
    take_away()
    for method, address in (("GET", DEMANDS), ("POST", DEMANDS), ("GET", "/readyz")):
        response = client.request(method, address, json=DEMAND if method == "POST" else None)
        assert_problem(response, 503)
        assert response.headers["retry-after"]
    assert_calm_page(client.get("/demands"), 503)
    assert TestClient(client.app).get("/healthz").status_code == 200
    kept = visitor.post(FORM, data=typed)
    assert_calm_page(kept, 503)
    assert Page.of(kept).value_of("title") == typed["title"]
    bring_back()
    assert visitor.post(FORM, data=typed).status_code == 303
    listed = client.get(DEMANDS).json()
    assert listed["total"] == 2
    assert listed["items"][-1]["id"] == before["id"]
    assert client.get("/readyz").status_code == 200


def test_a_full_disk_refuses_writes_calmly_and_reads_go_on(tmp_path: Path) -> None:
    workspace, client = opened(Settings(data=tmp_path / "data"))
    database = workspace.store.database
    body = DEMAND | dict.fromkeys(("problem", "indicators", "goal"), "水" * 5000)
    first = client.post(DEMANDS, json=body).json()["id"]

    def fill(connection: object, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]

    event.listen(database._engine, "connect", fill)
    database.close()  # new connections find the file as large as it may be
    statuses = [client.post(DEMANDS, json=body).status_code for _ in range(5)]
    assert set(statuses) <= {201, 503}
    assert statuses[-1] == 503
    assert_problem(client.post(DEMANDS, json=body), 503)
    assert client.get(f"{DEMANDS}/{first}").status_code == 200
    assert client.get(DEMANDS).json()["total"] == 1 + statuses.count(201)
    event.remove(database._engine, "connect", fill)
    database.close()
    assert client.post(DEMANDS, json=body).status_code == 201
    workspace.close()


class Clock:
    """The time of day of the service, which can be set."""

    def __init__(self) -> None:
        self.shift = timedelta(0)

    def now(self, zone: tzinfo | None = None) -> datetime:
        return datetime.now(zone) + self.shift


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (api.services.signing_in, api.store.accounts, api.store.unit):
        monkeypatch.setattr(module, "datetime", made)
    real = api.store.mapping.time.time_ns

    class Time:
        @staticmethod
        def time_ns() -> int:
            return real() + int(made.shift.total_seconds()) * 1_000_000_000

    monkeypatch.setattr(api.store.mapping, "time", Time)
    return made


def test_a_clock_that_jumps_a_year_ahead_and_back(tmp_path: Path, clock: Clock) -> None:
    workspace, client = opened(Settings(data=tmp_path / "data"))
    token, _ = sign_in(workspace, "lin.jing", PASSWORD, "testclient")
    browser = TestClient(
        client.app, cookies={"hongniang": workspace.signing.cookie(token)}, follow_redirects=False
    )
    once = {"Idempotency-Key": "0123456789abcdef"}
    ids, statuses, seen = [], [], []
    for shift in (timedelta(0), YEAR, timedelta(0), -YEAR, timedelta(0)):
        clock.shift = shift
        added = client.post(DEMANDS, json=DEMAND)
        assert added.status_code == 201
        ids.append(added.json()["id"])
        statuses.append(browser.get("/demands").status_code)
        seen.append(client.get("/readyz").status_code)
    # Sessions end when the clock says that they are too old: last seen a year ago. Keys hold.
    assert statuses == [200, 303, 200, 200, 303]
    assert seen == [200] * 5
    listed = client.get(DEMANDS, params={"limit": 100}).json()["items"]
    assert [item["id"] for item in listed] == ids[::-1]
    moments = {entry.subject: entry.at for entry in workspace.store.audit.page(100)}
    assert all(moments[id_].tzinfo == UTC for id_ in ids if id_ in moments)
    again = [client.post(DEMANDS, json=DEMAND, headers=once).json() for _ in range(2)]
    assert again[0] == again[1]
    workspace.close()


def test_a_throttle_ends_although_the_clock_is_set_back(tmp_path: Path, clock: Clock) -> None:
    workspace, client = opened(Settings(data=tmp_path / "data"))
    visitor = TestClient(client.app, raise_server_exceptions=False, follow_redirects=False)
    form_token = Page.of(visitor.get("/login")).value_of("form_token") or ""
    wrong = {"form_token": form_token, "name": "lin.jing", "password": "nein nein nein"}
    clock.shift = YEAR
    statuses = [visitor.post("/login", data=wrong).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    clock.shift = timedelta(0)
    assert visitor.post("/login", data=wrong | {"password": PASSWORD}).status_code == 303
    workspace.close()
