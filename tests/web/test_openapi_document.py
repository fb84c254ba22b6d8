"""The OpenAPI document: valid, complete, in Chinese, and true."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.services.workspace import Workspace
from tests.web.checks import ACHIEVEMENT, DEMAND, FIRST, MATCHES, RESOURCE, assert_problem
from tests.web.people import ADMINISTRATOR, People
from tests.web.test_access import MAY, STAFF

pytestmark = pytest.mark.any_database

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEADERS = {"If-Match", "Idempotency-Key"}
FOR_BROKERS = {"UserOut", "CaseOut", "ResourceOut"}
"""Accounts for administrators; cases and resources for brokers, who call people up."""
BODIES: dict[str, Any] = {
    "/api/v1/users/{id}/enabled": {"enabled": True},
    "/api/v1/demands/{id}": DEMAND,
    "/api/v1/demands/{id}/review": {"verdict": "publish"},
    "/api/v1/achievements/{id}": ACHIEVEMENT,
    "/api/v1/resources/{id}": RESOURCE,
    "/api/v1/calls/{id}": {"title": "轴承外观检测技术攻关"},
    "/api/v1/cases/{id}": {"next_step": "电话联系"},
    "/api/v1/cases/{id}/moves": {"stage": "contacted"},
    "/api/v1/cases/{id}/notes": {"text": "电话无人接听"},
    "/api/v1/days/{id}": {"name": "对接会", "date": "2026-12-18"},
    "/api/v1/days/{id}/move": {"demand": "d", "achievement": "a", "slot": 0, "room": 0},
    "/api/v1/days/{id}/publish": {"published": True},
    "/api/v1/drafts/{code}": {"typed": {"title": "含氟废水除氟"}},
    "/api/v1/subscriptions/{id}/date_to": {"date_to": ""},
}
"""What may be sent to one record, if only it were there."""
ADVISED = ("title", "problem", "indicators")
_TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    response = client.get("/api/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object anywhere in a document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def resolve(document: dict[str, Any], reference: str) -> Any:
    assert reference.startswith("#/")
    found: Any = document
    for part in reference[2:].split("/"):
        found = found[part]
    return found


def test_the_document_has_the_shape_of_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document.keys() <= {"openapi", "info", "paths", "components", "tags", "servers"}
    assert document["info"].keys() >= {"title", "version", "description"}
    seen = set()
    for method, path, operation in operations(document):
        assert method in {"get", "post", "put", "patch", "delete"}
        assert path.startswith("/")
        assert operation["operationId"] not in seen
        seen.add(operation["operationId"])
        assert operation["responses"]
        for code, response in operation["responses"].items():
            assert re.fullmatch("[1-5][0-9][0-9]", code)
            assert response["description"]
        takes_body = method in {"post", "put", "patch"} and not path.endswith(
            ("/restore", "/arrange")
        )
        assert ("requestBody" in operation) == takes_body
        in_path = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))
        for parameter in operation.get("parameters", ()):
            assert parameter.keys() >= {"name", "in", "schema"}
            assert parameter["in"] in {"path", "query", "header"}
            assert parameter["in"] != "path" or parameter["required"] is True
            assert parameter["in"] != "header" or parameter["name"] in HEADERS


def test_every_reference_leads_somewhere_and_every_schema_is_used(
    document: dict[str, Any],
) -> None:
    references = {node["$ref"] for node in nodes(document) if "$ref" in node}
    for reference in references:
        found = resolve(document, reference)
        assert found["type"] == "object" or found["enum"]
    named = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references == named


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        inner = schema.get("properties", {})
        assert inner or schema["enum"]
        assert set(schema.get("required", ())) <= inner.keys()
        for node in nodes(inner):
            if isinstance(node.get("type"), str):
                assert node["type"] in _TYPES
                assert node["type"] != "array" or {"items", "prefixItems"} & node.keys()


def test_every_operation_is_described_in_chinese(document: dict[str, Any]) -> None:
    count = 0
    for method, path, operation in operations(document):
        assert _CHINESE.search(operation["summary"]), (method, path)
        assert _CHINESE.search(operation["description"]), (method, path)
        assert operation["tags"]
        count += 1
    hidden = {"GET /api/docs", "GET /api/openapi.json", "GET /metrics"}  # not for programs to read
    interface = {r for r in MAY if re.search(" /(api/|healthz|readyz|version|metrics)", r)}
    assert count == len(interface - hidden)


def test_every_schema_says_in_chinese_what_it_is(document: dict[str, Any]) -> None:
    undescribed = [
        name
        for name, schema in document["components"]["schemas"].items()
        if not _CHINESE.search(schema.get("description", ""))
    ]
    # One says "RFC 9457 problem details", the other is FastAPI's shape of an uploaded form.
    assert set(undescribed) <= {"Problem", "Body_start_import_api_v1_imports_post"}


def test_every_documented_error_has_the_problem_shape(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for code, response in operation["responses"].items():
            if int(code) >= 400:
                [content] = response["content"].values()
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, (method, path)
    problem = document["components"]["schemas"]["Problem"]["properties"]
    assert problem.keys() == {"type", "title", "status", "detail", "errors"}


def test_documented_errors_have_the_content_type_that_they_really_have(
    document: dict[str, Any],
) -> None:
    kinds = {
        kind
        for _, _, operation in operations(document)
        for code, response in operation["responses"].items()
        if int(code) >= 400
        for kind in response["content"]
    }
    assert kinds == {"application/problem+json"}


def test_readyz_documents_its_503(document: dict[str, Any]) -> None:
    assert "503" in document["paths"]["/readyz"]["get"]["responses"]


def test_the_document_names_no_private_field_as_output(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name.endswith(("Out", "Page", "Answer")) and name not in FOR_BROKERS:
            assert not {"organisation", "contact", "phone"} & schema["properties"].keys()
    details = {name for name in document["components"]["schemas"] if name.endswith("Detail")}
    assert details == {"AchievementDetail", "DemandDetail", "CaseDetail"}  # for brokers
    for method, path, operation in operations(document):
        if '"#/components/schemas/Case' in json.dumps(operation["responses"]):
            assert MAY[f"{method.upper()} {path}"][0] == STAFF


def test_no_page_is_documented_as_interface(document: dict[str, Any]) -> None:
    assert {p for p in document["paths"] if not p.startswith("/api/v1/")} == {
        "/healthz",
        "/readyz",
        "/version",
    }


def _documented(document: dict[str, Any], method: str, path: str, status: int) -> bool:
    return str(status) in document["paths"][path][method]["responses"]


def test_every_route_answers_bad_input_with_a_documented_problem(
    people: People, document: dict[str, Any]
) -> None:
    client, checked = people[ADMINISTRATOR], 0
    headers = FIRST | {"X-Form-Token": client.form_token()}
    for method, path, operation in operations(document):
        address = path.replace("{id}", "nobody").replace("{code}", "nobody")
        if address != path:
            address = address.replace("{format}", "docx")
            sent = BODIES[path] if "requestBody" in operation else None
            assert_problem(client.request(method, address, json=sent, headers=headers), 404)
            assert _documented(document, method, path, 404)
            checked += 1
        if "requestBody" in operation:
            for wrong in ({"nobody": 1}, [], "text", None):
                assert_problem(client.request(method, address, json=wrong, headers=headers), 422)
            assert _documented(document, method, path, 422)
            checked += 1
        for parameter in operation.get("parameters", ()):
            if parameter["schema"].get("type") == "integer":
                response = client.request(method, address, params={parameter["name"]: "x"})
                assert_problem(response, 422, parameter["name"])
                checked += 1
    assert checked >= 25


def test_every_route_that_needs_the_model_answers_503_if_it_is_damaged(
    broken: tuple[Workspace, TestClient], document: dict[str, Any]
) -> None:
    workspace, client = broken
    demand, offer = min(workspace.demands.stamps()), min(workspace.achievements.stamps())
    before = workspace.demands.stamps() | workspace.achievements.stamps()
    requests: list[tuple[str, str, Any]] = [
        ("post", MATCHES, {"text": "水"}),
        ("post", MATCHES, {"id": demand}),
        ("get", f"/api/v1/demands/{demand}/matches", None),
        ("get", f"/api/v1/achievements/{offer}/matches", None),
    ]
    for method, address, body in requests:
        response = client.request(method, address, json=body)
        problem = assert_problem(response, 503)
        assert "hongniang doctor" in problem["detail"]
        path = re.sub("/[ad]0[0-9a-f]{20,}", "/{id}", address)
        assert _documented(document, method, path, 503)
    assert workspace.demands.stamps() | workspace.achievements.stamps() == before


def test_readyz_with_a_damaged_model_answers_like_the_rest_of_the_interface(
    broken: tuple[Workspace, TestClient],
) -> None:
    assert_problem(broken[1].get("/readyz"), 503)


def test_every_route_that_needs_the_model_uses_the_one_that_ships_before_any_was_fitted(
    untrained: tuple[Workspace, TestClient],
) -> None:
    workspace, client = untrained
    demand, offer = min(workspace.demands.stamps()), min(workspace.achievements.stamps())
    answers = [
        client.post(MATCHES, json={"text": "水"}),
        client.get(f"/api/v1/demands/{demand}/matches"),
        client.get(f"/api/v1/achievements/{offer}/matches"),
    ]
    for response in answers:
        assert response.status_code == 200
        assert response.json()["model"] == "default"
        assert all(pairing["grading"] for pairing in response.json()["pairings"])
        assert response.json()["pairings"]


def test_the_example_of_a_request_works(client: TestClient, document: dict[str, Any]) -> None:
    [example] = document["components"]["schemas"]["MatchIn"]["examples"]
    response = client.post(MATCHES, json=example)
    assert response.status_code == 200
    assert response.json()["pairings"]


def test_answers_have_exactly_the_documented_fields(
    people: People, document: dict[str, Any]
) -> None:
    """Every answer, read against its schema, all the way down."""
    client = people.program(ADMINISTRATOR)
    demand = client.get("/api/v1/demands", params={"limit": 1}).json()["items"][0]["id"]
    offer = client.get("/api/v1/achievements", params={"limit": 1}).json()["items"][0]["id"]

    def asked(method: str, path: str, id_: str = "", **options: Any) -> Any:
        address = path.replace("{id}", id_).replace("{code}", id_)
        response = client.request(method, address, **options)
        assert response.status_code < 300, response.text[:500]
        documented = document["paths"][path][method]["responses"][str(response.status_code)]
        schema, answer = documented["content"]["application/json"]["schema"], response.json()
        agrees(document, schema, answer, f"{method} {path}")
        return answer

    for path in ("/healthz", "/readyz", "/version", "/api/v1/demands", "/api/v1/achievements"):
        asked("get", path)
    for kind, id_ in (("demands", demand), ("achievements", offer)):
        asked("get", f"/api/v1/{kind}/{{id}}", id_)
        asked("get", f"/api/v1/{kind}/{{id}}/matches", id_)
    asked("post", "/api/v1/disclosures", json={"problem": "请致电 13912345678"})
    advised = asked("post", "/api/v1/coach", json={name: DEMAND[name] for name in ADVISED})
    assert advised["quantities"]
    assert any(criterion["suggestion"] for criterion in advised["criteria"])
    draft = asked("post", "/api/v1/drafts", json={"typed": {"title": "含氟废水除氟"}})
    asked("put", "/api/v1/drafts/{code}", draft["code"], json={"typed": {}})
    accepted = {"demand": demand, "achievement": offer, "verdict": "accepted"}
    asked("post", "/api/v1/decisions", json=accepted)
    assert asked("get", "/api/v1/decisions", params={"demand": demand})
    [case] = asked("get", "/api/v1/cases", params={"demand": demand})["items"]
    path, seen = "/api/v1/cases/{id}", {"If-Match": '"1"'}
    asked("post", f"{path}/moves", case["id"], json={"stage": "contacted"}, headers=seen)
    asked("post", f"{path}/notes", case["id"], json={"text": "电话无人接听"})
    seen = {"If-Match": '"2"'}
    asked("patch", path, case["id"], json={"next_step": "再次致电"}, headers=seen)
    assert len(asked("get", path, case["id"])["events"]) == 4
    asked("post", "/api/v1/subscriptions", json={"record_id": demand})
    kept = asked("post", "/api/v1/subscriptions", json={"record_id": offer})
    path = "/api/v1/subscriptions/{id}/date_to"
    asked("put", path, kept["id"], json={"date_to": "2099-01-01"})
    assert asked("get", "/api/v1/subscriptions")


def agrees(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> None:
    """The part of JSON Schema that the document uses."""
    if "$ref" in schema:
        agrees(document, resolve(document, schema["$ref"]), value, where)
        return
    if "anyOf" in schema:
        if value is None:
            assert {"type": "null"} in schema["anyOf"], where
        else:
            [other] = [part for part in schema["anyOf"] if part != {"type": "null"}]
            agrees(document, other, value, where)
        return
    python = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
    }[schema["type"]]
    assert isinstance(value, python), where
    assert value in schema.get("enum", [value]), where
    if schema["type"] == "object" and "properties" in schema:
        assert value.keys() == schema["properties"].keys(), where
        for name, inner in value.items():
            agrees(document, schema["properties"][name], inner, f"{where}.{name}")
    elif schema["type"] == "object" and isinstance(schema.get("additionalProperties"), dict):
        for name, inner in value.items():
            agrees(document, schema["additionalProperties"], inner, f"{where}.{name}")
    elif schema["type"] == "array" and "$ref" in schema.get("items", {}):
        for inner in value:
            agrees(document, schema["items"], inner, f"{where}[]")


def test_the_reference_page_uses_this_servers_own_assets(client: TestClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    for asset in re.findall(r'(?:src|href)="(/[^"]*)"', page.text):
        if asset not in ("/", "/api/openapi.json", "/account"):  # this page is a program's here
            assert client.get(asset).status_code == 200
