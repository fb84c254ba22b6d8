"""Headers on every answer, no writes from other sites, nothing loaded from other hosts."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import api.pages.rendering
from api.app import create_app
from api.services.workspace import Workspace
from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    FIRST,
    FORM,
    MATCHES,
    Page,
    assert_problem,
    typed_form,
)

pytestmark = pytest.mark.any_database

STATIC = Path(api.pages.rendering.__file__).parent / "static"
TEMPLATES = STATIC.with_name("templates")


@pytest.fixture(scope="module")
def demand(workspace: Workspace) -> str:
    return min(workspace.demands.stamps())


def _protected(headers: object) -> bool:
    found = dict(headers)  # type: ignore[call-overload]
    return (
        "default-src 'none'" in found.get("content-security-policy", "")
        and "frame-ancestors 'none'" in found["content-security-policy"]
        and "unsafe" not in found["content-security-policy"]
        and found.get("x-content-type-options") == "nosniff"
        and found.get("referrer-policy") == "same-origin"
        and found.get("x-frame-options") == "DENY"
        and found.get("cross-origin-opener-policy") == "same-origin"
        and found.get("cross-origin-resource-policy") == "same-origin"
        and "camera=()" in found.get("permissions-policy", "")
        and re.fullmatch(r"[\w.-]{8,64}", found.get("x-request-id", "")) is not None
    )


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("GET", FORM, 200),
        ("GET", "/demands", 200),
        ("GET", "/achievements", 200),
        ("GET", "/receipts", 200),
        ("GET", "/receipts/x", 404),
        ("GET", "/receipts?code=x", 404),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/metrics", 403),
        ("GET", "/version", 403),
        ("GET", "/api/docs", 200),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/static/style.css", 200),
        ("GET", "/static/form.js", 200),
        ("GET", "/static/icon.svg", 200),
        ("GET", "/static/nope", 404),
        ("GET", "/api/static/swagger-ui-bundle.js", 200),
        ("GET", "/api/static/nope", 404),
        ("GET", "/nope", 404),
        ("GET", "/demands?q=" + "q" * 101, 422),
        ("GET", "/api/v1/demands", 200),
        ("GET", "/api/v1/demands?limit=0", 422),
        ("GET", "/api/v1/demands/x", 404),
        ("GET", "/api/v1/nope", 404),
        ("GET", "/api/v1/demands/", 307),
        ("DELETE", "/", 405),
        ("PATCH", "/api/v1/demands", 405),
        ("POST", "/api/v1/matches", 422),
        ("POST", "/", 422),
        ("POST", FORM, 422),
    ],
)
def test_every_answer_carries_the_headers(
    client: TestClient, method: str, address: str, status: int
) -> None:
    response = client.request(method, address)
    assert response.status_code == status
    assert _protected(response.headers)


def test_refusals_carry_the_headers_too(client: TestClient) -> None:
    cross = client.post(MATCHES, json={"text": "水"}, headers={"sec-fetch-site": "cross-site"})
    large = client.post(MATCHES, content=b"a" * 2_000_001)
    assert (cross.status_code, large.status_code) == (403, 413)
    assert _protected(cross.headers)
    assert _protected(large.headers)


def test_a_redirect_and_a_download_that_is_not_new_carry_the_headers(
    copy: tuple[Workspace, TestClient],
) -> None:
    _, client = copy
    sent = client.post(FORM, data=typed_form())
    first = client.get("/static/style.css")
    again = client.get("/static/style.css", headers={"if-none-match": first.headers["etag"]})
    assert (sent.status_code, again.status_code) == (303, 304)
    assert _protected(sent.headers)
    assert _protected(again.headers)


@pytest.mark.parametrize("address", ["/", "/demands", DEMANDS])
def test_an_unexpected_error_carries_the_headers_too(
    copy: tuple[Workspace, TestClient], address: str
) -> None:
    workspace, client = copy
    del workspace.demands
    response = client.get(address)
    assert response.status_code == 500
    assert _protected(response.headers)


# Other sites


@pytest.mark.usefixtures("unchanged")
def test_writes_from_other_sites_are_refused(client: TestClient, demand: str) -> None:
    requests = [
        ("POST", MATCHES, {"json": {"text": "水"}}),
        ("POST", DEMANDS, {"json": DEMAND}),
        ("POST", ACHIEVEMENTS, {"json": ACHIEVEMENT}),
        ("PUT", f"{DEMANDS}/{demand}", {"json": DEMAND}),
        ("DELETE", f"{DEMANDS}/{demand}", {}),
        ("POST", "/", {"data": {"text": "水"}}),
        ("POST", FORM, {"data": typed_form()}),
        ("PATCH", "/nope", {}),
    ]
    for method, address, body in requests:
        headers = {"sec-fetch-site": "cross-site"} | FIRST
        response = client.request(method, address, headers=headers, **body)  # type: ignore[arg-type]
        assert_problem(response, 403)


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_writes_from_this_site_are_accepted(client: TestClient, site: str | None) -> None:
    headers = {"sec-fetch-site": site} if site else {}
    assert client.post(MATCHES, json={"text": "水"}, headers=headers).status_code == 200
    assert client.post("/", data={"text": "水"}, headers=headers).status_code == 200


def test_reading_from_other_sites_is_only_following_a_link(client: TestClient, demand: str) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    for address in ("/", f"/demands/{demand}", FORM):
        assert client.get(address, headers=headers).status_code == 200


def test_no_answer_allows_other_origins(client: TestClient) -> None:
    for address in ("/", "/api/v1/demands", "/api/openapi.json", "/static/style.css"):
        headers = {"origin": "https://elsewhere.example"}
        response = client.get(address, headers=headers)
        assert not [name for name in response.headers if name.startswith("access-control-")]


# Other hosts

NAMES = {"http://www.w3.org/2000/svg", "http://www.w3.org/2005/Atom"}
"""What look like addresses are the names of formats."""
_HOST = re.compile(r"(?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[\w./?=-]*", re.IGNORECASE)


def _hosts(text: str) -> set[str]:
    return set(_HOST.findall(text)) - NAMES


def test_the_search_for_hosts_would_find_one() -> None:
    assert _hosts("url(//cdn.example.com/x) https://b.example/y")
    assert not _hosts('xmlns="http://www.w3.org/2000/svg" // a comment')


def test_no_page_mentions_another_host(client: TestClient, demand: str) -> None:
    answers = [
        client.get(address)
        for address in (
            "/",
            FORM,
            "/demands",
            "/achievements",
            "/receipts",
            "/receipts/x",
            "/nope",
            "/api/docs",
            f"/demands/{demand}",
        )
    ]
    answers += [client.post("/", data={"text": "废水"}), client.post(FORM, data={})]
    for answer in answers:
        assert _hosts(answer.text) == set()
        assert "http://testserver" not in answer.text
        Page.of(answer)  # among its checks: every address is of this server


@pytest.mark.parametrize(
    "file",
    sorted(file for folder in (STATIC, TEMPLATES) for file in folder.rglob("*.*")),
    ids=lambda file: file.name,
)
def test_no_asset_of_ours_mentions_another_host(file: Path) -> None:
    text = file.read_text("utf-8")
    assert _hosts(text) == set()
    assert "@import" not in text


def test_every_asset_is_served_with_its_type(client: TestClient) -> None:
    types = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    for file in STATIC.iterdir():
        response = client.get(f"/static/{file.name}")
        assert response.content == file.read_bytes()
        assert response.headers["content-type"].partition(";")[0] == types[file.suffix]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost:1@evil.example", ""],
)
def test_a_server_for_this_machine_answers_to_no_other_name(
    workspace: Workspace, host: str
) -> None:
    with TestClient(create_app(workspace, hosts=("127.0.0.1", "localhost"))) as local:
        for address in ("/", "/api/v1/demands", "/healthz"):
            refused = local.get(address, headers={"host": host})
            assert refused.status_code == 400
            assert _protected(refused.headers)
        assert local.get("/", headers={"host": "127.0.0.1:8000"}).status_code == 200
        assert local.get("/", headers={"host": "localhost"}).status_code == 200


@pytest.mark.parametrize("host", ["[::1]", "[::1]:8000", "LOCALHOST:8000", "localhost:"])
def test_a_name_may_be_an_address_and_have_a_port(workspace: Workspace, host: str) -> None:
    with TestClient(create_app(workspace, hosts=("localhost", "[::1]"))) as local:
        assert local.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        (FORM, 200),
        ("/receipts/x", 404),
        ("/demands/", 307),
        (DEMANDS, 200),
        ("/api/v1/demands/d1", 404),
        ("/api/v1/exports/demands.csv", 200),
    ],
)
def test_an_answer_is_kept_by_nobody(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")


def test_files_that_are_the_same_for_everybody_may_be_kept(client: TestClient) -> None:
    assert "cache-control" not in client.get("/static/style.css").headers


def test_a_form_that_was_refused_is_kept_by_nobody(client: TestClient) -> None:
    assert client.post("/demands/new", data={}).headers["cache-control"] == "no-store"
