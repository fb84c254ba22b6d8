"""What those who run the service ask, and what its log tells them: nothing of its users."""

import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.observability.logs import formatter
from api.policy import UNLIMITED, Policy
from api.services.workspace import Workspace
from tests.web.checks import (
    DEMAND,
    DEMANDS,
    FORM,
    MATCHES,
    PRIVATE,
    assert_calm_page,
    assert_problem,
    typed_form,
)
from tests.web.people import ADMINISTRATOR, key_of, program

SECRET = "量子点背光膜卷对卷涂布"
NEW_ID = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line of every logger, as a server in trouble would write it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("api").setLevel(logging.DEBUG)
    # The client's own log is not the server's.
    quiet = [logging.getLogger(name) for name in ("httpx", "httpcore")]
    for other in quiet:
        other.setLevel(logging.WARNING)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    for other in (*quiet, logging.getLogger("api")):
        other.setLevel(logging.NOTSET)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def app_with(workspace: Workspace, **changes: object) -> TestClient:
    """The application by other settings, asked by an administrator's program."""
    policy = Policy.model_validate(UNLIMITED.model_dump() | changes)
    return program(create_app(workspace, policy=policy), key_of(workspace, ADMINISTRATOR))


# The log


def test_each_request_is_one_line_with_the_template_of_its_address(
    client: TestClient, log: io.StringIO
) -> None:
    code = "ABCDEFGHIJKLMNOPQRSTUV23"
    expected = [
        ("GET", f"/receipts/{code}", "/receipts/{code}", 404, "broker"),
        ("GET", f"/receipts?code={code}", "/receipts", 404, "broker"),
        ("GET", f"/api/v1/demands/{code}", "/api/v1/demands/{id}", 404, "broker"),
        ("GET", "/static/style.css", "/static", 200, "anonymous"),
        ("GET", f"/nope/{code}", "unmatched", 404, "anonymous"),
        ("DELETE", "/", "/", 405, "anonymous"),
        ("POST", MATCHES, "/api/v1/matches", 422, "broker"),
    ]
    answers = [client.request(method, address) for method, address, *_ in expected]
    told = lines(log)
    for line, answer, (method, _, route, status, role) in zip(told, answers, expected, strict=True):
        level = "debug" if route == "/static" else "info"
        assert (line["event"], line["level"], line["role"]) == ("request", level, role)
        assert (line["method"], line["route"], line["status"]) == (method, route, status)
        assert line["bytes"] == answer.num_bytes_downloaded
        assert line["request_id"] == answer.headers["x-request-id"]
        assert line["milliseconds"] >= 0  # type: ignore[operator]
    assert code not in log.getvalue()


@pytest.mark.parametrize("folder", ["/static", "/api/static"])
def test_files_are_told_of_only_when_something_is_wrong(
    client: TestClient, log: io.StringIO, folder: str
) -> None:
    name = {"/static": "style.css", "/api/static": "swagger-ui.css"}[folder]
    for address in (f"{folder}/{name}", f"{folder}/nothing.css"):
        client.get(address)
    told = [(line["route"], line["level"], line["status"]) for line in lines(log)]
    assert told == [(folder, "debug", 200), (folder, "info", 404)]


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_told_of_only_when_one_fails_or_is_slow(
    workspace: Workspace, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    client = app_with(workspace)
    log.truncate(log.seek(0))
    client.get(address)
    client.post(address)
    monkeypatch.setattr("api.observability.requests._SLOW", 0.0)
    client.get(address)
    told = [(line["route"], line["level"], line["status"]) for line in lines(log)]
    assert told == [(address, "debug", 200), (address, "info", 405), (address, "info", 200)]


@pytest.mark.parametrize("given", ["req-1234", "A.b_c-" * 10, "0" * 64])
def test_a_harmless_id_of_the_caller_is_kept(
    client: TestClient, log: io.StringIO, given: str
) -> None:
    answer = client.get("/healthz", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given == lines(log)[0]["request_id"]


@pytest.mark.parametrize("given", ["", "short", "0" * 65, "a b c d e f", "x" * 8 + '"', "<b>12345"])
def test_other_ids_are_replaced(client: TestClient, given: str) -> None:
    one = client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"]
    two = client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"]
    assert NEW_ID.fullmatch(one)
    assert NEW_ID.fullmatch(two)
    assert one != two


def test_an_unexpected_error_is_found_by_the_id_of_its_answer(
    copy: tuple[Workspace, TestClient], log: io.StringIO
) -> None:
    workspace, client = copy
    del workspace.demands
    answer = client.get("/demands/x")
    id_ = answer.headers["x-request-id"]
    found = {line["event"]: line for line in lines(log) if line.get("request_id") == id_}
    assert found.keys() == {"request", "unexpected error at GET /demands/{id}"}
    assert found["request"]["status"] == 500
    assert found["unexpected error at GET /demands/{id}"]["error"][0]["kind"] == "AttributeError"  # type: ignore[index]


def test_no_line_holds_anything_of_a_user(
    copy: tuple[Workspace, TestClient], log: io.StringIO
) -> None:
    """Texts, names, phones, codes, keys and passwords, in calm weather and in trouble."""
    workspace, client = copy
    code = client.post(DEMANDS, json=DEMAND | {"title": SECRET}).json()["receipt"]
    sent = client.post(FORM, data=typed_form(title=SECRET))
    second = sent.headers["location"].rpartition("/")[2]
    credentials: dict[str, str | bytes] = {
        "authorization": "Bearer k3yK3yk3yK3y",
        "x-api-key": "k3yK3yk3yK3y",
        "cookie": "hongniang=c00kie.c00kie",
        "user-agent": SECRET.encode(),
        "x-request-id": SECRET.encode(),
        "idempotency-key": "13800138000",
    }

    def everything() -> None:
        for address in (f"/receipts/{code}", f"/receipts?code={code}", f"/receipts/{second}"):
            client.get(address, headers=credentials)
        client.get("/receipts", params={"code": code.lower()}, headers=credentials)
        client.get(f"/{SECRET}/13800138000?phone=13800138000", headers=credentials)
        client.get("/demands", params={"q": SECRET})
        client.post("/login", data={"username": PRIVATE[0], "password": "pa55w0rd!"})
        client.post(DEMANDS, json=DEMAND | {"title": SECRET, "phone": ""}, headers=credentials)
        client.post(DEMANDS, json=DEMAND | {"title": SECRET}, headers=credentials)
        client.post(DEMANDS, content=f'{{"title": "{SECRET}"'.encode())
        client.post(MATCHES, json={"text": SECRET})
        client.post(MATCHES, json={"id": SECRET})
        client.post("/", data={"text": SECRET, "field": SECRET})
        client.post(FORM, data=typed_form(title=SECRET))

    everything()
    calm = len(lines(log))
    assert calm >= 14
    del workspace.demands
    everything()
    assert "unexpected error" in log.getvalue()
    shown = log.getvalue()
    bare = code.replace("-", "")
    secrets = [SECRET, *PRIVATE, code, bare, bare.lower(), second, "13800138000"]
    secrets += ["k3yK3yk3yK3y", "c00kie", "pa55w0rd!"]
    assert [secret for secret in secrets if secret and secret in shown] == []
    assert ascii(SECRET)[1:-1] not in shown


# Figures and versions


def test_the_figures_tell_of_requests_refusals_and_the_index(workspace: Workspace) -> None:
    workspace.matchmaker  # noqa: B018 - loads the model
    client = app_with(workspace, rate=2)
    nobody = program(client.app, None)  # type: ignore[arg-type]
    client.get("/api/v1/demands/nope")
    nobody.get("/wp-login.php")
    nobody.get("/wp-admin")
    figures = client.get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain; version=")
    labels = 'method="GET",route="{}",status="{}"'
    name = "hongniang_request_seconds_count"
    assert f"{name}{{{labels.format('/api/v1/demands/{id}', '4xx')}}} 1.0" in figures.text
    assert f"{name}{{{labels.format('unmatched', '4xx')}}} 2.0" in figures.text
    assert 'hongniang_refused_requests_total{reason="rate-requests"} 1.0' in figures.text
    assert 'hongniang_index_records{kind="achievements"} 168.0' in figures.text
    assert f'hongniang_model{{model="{workspace.model}"}} 1.0' in figures.text
    assert "hongniang_requests_in_flight 1.0" in figures.text
    assert "wp-" not in figures.text


def test_a_scrape_loads_no_model(untrained: tuple[Workspace, TestClient]) -> None:
    workspace, _ = untrained
    client = app_with(workspace)
    assert client.get("/metrics").status_code == 200
    assert client.get("/version").json()["model"] is None
    assert workspace.model is None


def test_the_version_names_program_model_and_schema(workspace: Workspace) -> None:
    workspace.matchmaker  # noqa: B018 - loads the model
    told = app_with(workspace).get("/version").json()
    assert told.keys() == {"version", "model", "database", "started"}
    assert told["model"] == workspace.model
    assert re.fullmatch(r"\d{4}.*", told["database"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
    assert datetime.fromisoformat(told["started"]).tzinfo is not None


# Limits and trust, by settings


def test_limits_hold_for_the_whole_application(workspace: Workspace) -> None:
    known = app_with(workspace, rate=1000, rate_submission=1, max_body=1)
    client = program(known.app, None)  # type: ignore[arg-type]
    for address, body in ((DEMANDS, {"json": {}}), (FORM, {"data": {}})):
        last = client.post(address, **body)  # type: ignore[arg-type]
    assert_calm_page(last, 429)
    refused = client.post(DEMANDS, json={})
    assert_problem(refused, 429)
    assert 30 < int(refused.headers["retry-after"]) <= 60  # a minute, less what has passed
    assert refused.headers["content-security-policy"]
    assert NEW_ID.fullmatch(refused.headers["x-request-id"])
    assert_problem(client.post(MATCHES, content=b"a" * 1_000_001), 413)


def test_only_a_named_proxy_is_believed_about_its_clients(workspace: Workspace) -> None:
    for trusted, expected in (((), 429), (("10.9.0.0/16",), 200)):
        policy = Policy(rate=1, trusted_proxies=trusted)
        app = create_app(workspace, policy=policy)
        with TestClient(app, client=("10.9.8.7", 1)) as client:
            statuses = [
                client.get("/receipts", headers={"x-forwarded-for": name}).status_code
                for name in ("203.0.113.1", "203.0.113.2")
            ]
        assert statuses == [200, expected]


def test_a_client_cannot_name_itself_through_a_trusted_proxy(workspace: Workspace) -> None:
    app = create_app(workspace, policy=Policy(rate=1, trusted_proxies=("10.9.8.7",)))
    with TestClient(app, client=("10.9.8.7", 1)) as client:
        statuses = [
            client.get(
                "/receipts", headers={"x-forwarded-for": f"198.51.100.{n}, 203.0.113.1"}
            ).status_code
            for n in range(2)
        ]
    assert statuses == [200, 429]


def test_https_is_demanded_only_where_it_is_on(workspace: Workspace, client: TestClient) -> None:
    secure = app_with(workspace, https=True)
    for address in ("/", "/healthz", "/nope", "/static/style.css"):
        header = secure.get(address).headers["strict-transport-security"]
        assert header == "max-age=31536000"
        assert "strict-transport-security" not in client.get(address).headers
    # Also where the proxy is not known, so that nothing says how it was asked.
    assert secure.get("/login").headers["set-cookie"].endswith("; Secure")


def test_only_named_sites_may_call_from_elsewhere(workspace: Workspace) -> None:
    client = app_with(workspace, cors_origins="https://kjj.example", cors_credentials=True)

    def sent(origin: str) -> dict[str, str]:
        headers = {"origin": origin, "sec-fetch-site": "cross-site"}
        answer = client.post(MATCHES, json={"text": "水"}, headers=headers)
        return {"status": str(answer.status_code), **answer.headers}

    named, other = sent("https://kjj.example"), sent("https://kjj.example.evil.example")
    assert named["status"] == "200"
    assert named["access-control-allow-origin"] == "https://kjj.example"
    assert named["access-control-allow-credentials"] == "true"
    assert other["status"] == "403"
    assert "access-control-allow-origin" not in other
    asked = client.options(
        MATCHES,
        headers={"origin": "https://evil.example", "access-control-request-method": "POST"},
    )
    assert "access-control-allow-origin" not in asked.headers
