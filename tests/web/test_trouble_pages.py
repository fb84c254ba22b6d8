"""Pages for errors: what happened, what to do next, and ways on that fit the reader."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.observability.requests import REQUEST_ID
from api.services.workspace import Workspace
from tests.databases import Folders
from tests.web.checks import FORM, Page, assert_calm_page
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, People

pytestmark = pytest.mark.any_database

Copy = tuple[Workspace, TestClient]


def ways_on(page: Page) -> list[str | None]:
    """Where the buttons of an error page lead."""
    return [link.get("href") for link in page.one("section", class_="trouble").find("a")]


def test_an_unexpected_error_names_the_number_that_the_log_knows_it_by(copy: Copy) -> None:
    workspace, client = copy
    del workspace.demands
    response = client.get("/demands")
    page = assert_calm_page(response, 500)
    assert page.text_of("code") == response.headers[REQUEST_ID]


def test_only_errors_of_the_server_have_a_number(people: People) -> None:
    page = assert_calm_page(people.visitor().get("/nope"), 404)
    assert page.all("code") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (None, ["/", FORM, "/receipts"]),
        (ENTERPRISE, ["/", FORM]),
        (BROKER, ["/", "/demands", "/achievements"]),
        (ADMINISTRATOR, ["/", "/demands", "/achievements"]),
    ],
)
def test_ways_on_fit_the_reader(people: People, name: str | None, expected: list[str]) -> None:
    browser, address = (people[name], "/demands/nope") if name else (people.visitor(), "/nope")
    assert ways_on(assert_calm_page(browser.get(address), 404)) == expected


def test_whoever_may_not_do_something_is_told_how_to_be_allowed(people: People) -> None:
    page = assert_calm_page(people[ENTERPRISE].get("/audit"), 403)
    assert "管理员" in page.one("section", class_="trouble").text
    assert "/login" not in ways_on(page)


def test_a_visitor_with_an_old_page_is_offered_to_sign_in(people: People) -> None:
    page = assert_calm_page(people.visitor().post("/account/password", data={}), 401)
    assert ways_on(page)[0] == "/login"


@pytest.mark.parametrize("table", ["sessions", "demands"])
def test_an_error_page_needs_no_database(
    copy: Copy, folders: Folders, tmp_path: Path, table: str
) -> None:
    workspace, _ = copy
    browser = People(workspace).signed_in(BROKER)
    folders.drop_table(tmp_path / "data", table)
    response = browser.get("/demands")
    assert "/" in ways_on(assert_calm_page(response, 503))
    assert str(tmp_path) not in response.text


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/nope", 404), ("PUT", "/demands", 405), ("POST", "/nope", 404)],
)
def test_each_kind_of_error_says_what_to_do_next(
    people: People, method: str, address: str, status: int
) -> None:
    page = assert_calm_page(people.visitor().request(method, address), status)
    assert page.one("section", class_="trouble").find("li")
    assert page.text_of("h1") != "请求无法完成"
