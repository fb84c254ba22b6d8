"""Imports and exports over HTTP: who may, how it goes on, and what is shown of it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.files import read_rows
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services.accounts import add_account
from api.services.importing import IMPORT, run
from api.services.jobs import JobRunner
from api.services.keys import add_key
from api.services.workspace import Workspace

GOOD = "编号,成果名称,成果简介,完成单位,技术领域\nN-1,新成果,一段简介,虚构大学（示例）,新材料\n"
BAD = GOOD.replace("新材料", "<b>炼金术")
PASSWORD = "一句很容易记住的话呀"


@pytest.fixture
def space(copy: tuple[Workspace, TestClient]) -> Workspace:
    return copy[0]


def client(space: Workspace, **options: Any) -> TestClient:
    app = create_app(space)
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False, **options)


@pytest.fixture
def keyed(space: Workspace) -> Iterator[TestClient]:
    """An administrator's program."""
    account = add_account(space, SYSTEM, "wang.min", Role.administrator, PASSWORD)
    key = add_key(space, Actor(account.id, account.name, Role.administrator), "k", list(Scope))[1]
    with client(space, headers={"Authorization": f"Bearer {key}"}) as made:
        yield made


@pytest.fixture
def browser(space: Workspace) -> Iterator[TestClient]:
    """An administrator at a page."""
    add_account(space, SYSTEM, "zhou.lan", Role.administrator, PASSWORD)
    with client(space) as made:
        form = {"name": "zhou.lan", "password": PASSWORD, "form_token": token(made, "/login")}
        assert made.post("/login", data=form).status_code == 303
        yield made


def token(browser: TestClient, page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', browser.get(page).text)
    assert found
    return found[1]


def file(content: str, name: str = "成果.csv") -> dict[str, Any]:
    return {"file": (name, io.BytesIO(content.encode()), "text/csv")}


def work(space: Workspace) -> None:
    assert JobRunner(space, {IMPORT: run}).run_next()


def test_a_program_sends_a_file_and_watches_the_job(space: Workspace, keyed: TestClient) -> None:
    answer = keyed.post("/api/v1/imports", data={"kind": "achievements"}, files=file(GOOD))
    assert answer.status_code == 202
    job = answer.json()
    assert (job["state"], job["name"]) == ("waiting", "成果.csv")
    work(space)
    seen = keyed.get(f"/api/v1/imports/{job['id']}").json()
    assert (seen["state"], seen["report"]["added"]) == ("done", 1)
    listed = keyed.get("/api/v1/imports").json()
    assert listed["items"][0]["id"] == job["id"]
    assert space.achievements.by_external_id(["N-1"])


def test_a_job_that_waits_can_be_cancelled(space: Workspace, keyed: TestClient) -> None:
    job = keyed.post("/api/v1/imports", data={"kind": "achievements"}, files=file(GOOD)).json()
    assert keyed.delete(f"/api/v1/imports/{job['id']}").json()["state"] == "cancelled"
    assert not JobRunner(space, {IMPORT: run}).run_next()
    assert keyed.delete("/api/v1/imports/j0").status_code == 404


@pytest.mark.parametrize(
    ("data", "files"),
    [
        ({"kind": "achievements"}, None),
        ({"kind": "magic"}, file(GOOD)),
        ({"kind": "achievements"}, file(GOOD, "a.exe")),
        ({"kind": "achievements"}, file("", "a.csv")),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(
    keyed: TestClient, data: dict[str, str], files: Any
) -> None:
    assert keyed.post("/api/v1/imports", data=data, files=files).status_code == 422


def test_the_page_takes_a_file_and_shows_what_was_refused(
    space: Workspace, browser: TestClient
) -> None:
    form = {"kind": "achievements", "form_token": token(browser, "/imports")}
    sent = browser.post("/imports", data=form, files=file(BAD))
    assert sent.status_code == 303
    page = sent.headers["location"]
    assert "不合要求" in browser.get(page).text
    assert browser.post(f"{page}/start", data=form).headers["location"] == page
    waiting = browser.get(page).text
    assert 'http-equiv="refresh"' in waiting
    assert "取消导入" in waiting
    work(space)
    shown = browser.get(page).text
    assert 'http-equiv="refresh"' not in shown
    assert "&lt;b&gt;炼金术" in shown
    table = browser.get(f"{page}/problems.csv")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert "2,技术领域,<b>炼金术" in table.text
    assert "成果.csv" in browser.get("/imports").text


def test_the_page_says_what_is_wrong_with_the_form(browser: TestClient) -> None:
    form = {"kind": "achievements", "form_token": token(browser, "/imports")}
    nothing = {"file": ("", io.BytesIO(b""), "application/octet-stream")}
    for files in (nothing, file("x", "a.exe")):
        answer = browser.post("/imports", data=form, files=files)
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    forged = browser.post("/imports", data={"kind": "achievements"}, files=file(GOOD))
    assert forged.status_code == 403
    two = [("file", ("a.csv", b"x")), ("file", ("b.csv", b"x"))]
    assert browser.post("/imports", data=form, files=two).status_code in (400, 422)


def test_a_program_says_which_column_is_what(space: Workspace, keyed: TestClient) -> None:
    odd = GOOD.replace("成果名称", "技术").replace("完成单位", "研制方")
    data = {"kind": "achievements", "mapping": '{"技术": "title", "研制方": "provider"}'}
    job = keyed.post("/api/v1/imports", data=data, files=file(odd)).json()
    work(space)
    assert keyed.get(f"/api/v1/imports/{job['id']}").json()["report"]["added"] == 1
    for wrong in ("[]", "{", '{"a": 1}', '{"a": "magic"}', "x" * 100_001):
        answer = keyed.post("/api/v1/imports", data=data | {"mapping": wrong}, files=file(odd))
        assert (answer.status_code, answer.json()["title"]) == (422, "输入有误")


def test_a_job_is_cancelled_from_its_page(space: Workspace, browser: TestClient) -> None:
    form = {"kind": "achievements", "form_token": token(browser, "/imports")}
    page = browser.post("/imports", data=form, files=file(GOOD)).headers["location"]
    browser.post(f"{page}/cancel", data={"form_token": form["form_token"]})
    assert "已取消" in browser.get(page).text


def test_brokers_and_visitors_may_not_import(
    space: Workspace, copy: tuple[Workspace, TestClient]
) -> None:
    broker = copy[1]
    for method, address in (
        ("POST", "/api/v1/imports"),
        ("GET", "/api/v1/imports"),
        ("GET", "/imports"),
        ("GET", "/api/v1/exports/audit.csv"),
    ):
        assert broker.request(method, address).status_code == 403
        with client(space) as visitor:
            assert visitor.request(method, address).status_code in (303, 401)


def test_a_broker_exports_records_and_pairings(
    copy: tuple[Workspace, TestClient], tmp_path: Any
) -> None:
    space, broker = copy
    demand = next(iter(space.demands.all()))
    for name in ("demands", "achievements", f"pairings?demand={demand.id}&k=5"):
        address, _, query = name.partition("?")
        for suffix in ("csv", "xlsx"):
            answer = broker.get(f"/api/v1/exports/{address}.{suffix}?{query}")
            assert answer.status_code == 200
            assert answer.headers["content-disposition"].endswith(f'{address}.{suffix}"')
            path = tmp_path / f"{address}.{suffix}"
            path.write_bytes(answer.content)
            assert next(iter(read_rows(path)))
    with client(space) as visitor:
        assert visitor.get("/api/v1/exports/demands.csv").status_code == 401
    assert broker.get("/api/v1/exports/demands.exe").status_code == 422
    assert broker.get("/api/v1/exports/pairings.csv?demand=d0").status_code == 404
