"""Texts that are programs elsewhere, forms and encodings that lie: here they are only texts."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.services.workspace import Workspace
from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    FORM,
    JSON,
    MATCHES,
    Page,
    assert_calm_page,
    assert_problem,
)

WORKED_OUT = "47569433"
"""What 7919 times 6007 is."""
INJECTIONS = {
    "or": "' OR '1'='1' --",
    "drop": "x'); DROP TABLE demands; --",
    "union": "' UNION SELECT password_hash FROM accounts --",
    "sleep": "1; SELECT pg_sleep(9); --",
    "like": "%_%",
    "format": "%(q)s {0.__class__} %n%s",
    "jinja": "{{ 7919*6007 }}{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "expression": "${7919*6007} #{7919*6007} <%= 7919*6007 %>",
    "formula": "=HYPERLINK(CMD|' /C calc'!A0)",
    "markup": "</textarea><img src=x onerror=alert(1)>",
}
ONCE = pytest.mark.any_database
"""What never reaches a database."""
hostile = pytest.mark.parametrize("text", INJECTIONS.values(), ids=INJECTIONS)
TEXTS = {
    DEMANDS: ("title", "problem", "indicators", "goal", "region", "organisation", "contact"),
    ACHIEVEMENTS: ("title", "abstract", "provider", "region", "contact"),
}
Copy = tuple[Workspace, TestClient]


def assert_unharmed(workspace: Workspace, response_text: str) -> None:
    """Nothing was worked out, nothing is gone."""
    assert WORKED_OUT not in response_text
    assert workspace.demands.count() > 0
    assert workspace.store.accounts.all()


@hostile
@pytest.mark.parametrize("base", [DEMANDS, ACHIEVEMENTS])
def test_a_text_is_kept_as_it_was_typed(module_copy: Copy, base: str, text: str) -> None:
    workspace, client = module_copy
    valid = DEMAND if base == DEMANDS else ACHIEVEMENT
    body: dict[str, Any] = valid | dict.fromkeys(TEXTS[base], text) | {"keywords": [text[:50]]}
    added = client.post(base, json=body)
    assert added.status_code == 201
    told = client.get(f"{base}/{added.json()['id']}").json()
    assert {name: told[name] for name in TEXTS[base]} == dict.fromkeys(TEXTS[base], text)
    page = client.get(f"{base.removeprefix('/api/v1')}/{added.json()['id']}")
    assert page.status_code == 200
    assert text in Page.of(page).text_of("main").replace("\n", " ")
    assert_unharmed(workspace, page.text)


@hostile
@pytest.mark.parametrize("name", ["q", "field", "cursor", "after", "k", "limit", "nobody"])
def test_a_parameter_of_an_address_is_only_compared(
    client: TestClient, workspace: Workspace, name: str, text: str
) -> None:
    everything = workspace.demands.count()
    for address in (DEMANDS, ACHIEVEMENTS, "/demands", "/achievements", "/audit"):
        response = client.get(address, params={name: text})
        assert response.status_code in (200, 403, 422)
        assert_unharmed(workspace, response.text)
        if name == "q" and address == DEMANDS:
            assert response.json()["total"] < everything


@hostile
def test_an_id_or_code_in_an_address_is_only_compared(client: TestClient, text: str) -> None:
    for address in (f"{DEMANDS}/", f"{ACHIEVEMENTS}/", "/demands/", "/receipts/"):
        response = client.get(address + text.replace("/", "").replace("?", "").replace("#", ""))
        assert response.status_code == 404
        assert WORKED_OUT not in response.text


@hostile
@pytest.mark.parametrize(
    "header",
    [
        "Authorization",
        "Cookie",
        "If-Match",
        "Idempotency-Key",
        pytest.param("X-Form-Token", marks=ONCE),
        pytest.param("X-Request-ID", marks=ONCE),
        pytest.param("X-Forwarded-For", marks=ONCE),
        pytest.param("User-Agent", marks=ONCE),
        pytest.param("Referer", marks=ONCE),
        pytest.param("Origin", marks=ONCE),
        pytest.param("Accept-Language", marks=ONCE),
    ],
)
def test_a_header_is_only_read(
    client: TestClient, workspace: Workspace, header: str, text: str
) -> None:
    before = workspace.demands.stamps()
    id_ = min(before)
    answers = [
        client.get(DEMANDS, headers={header: text}),
        client.get("/demands", headers={header: text}),
        client.put(f"{DEMANDS}/{id_}", json={}, headers={"If-Match": '"999"', header: text}),
        client.post(MATCHES, json={"text": "水"}, headers={header: text}),
    ]
    for answer in answers:
        assert answer.status_code in (200, 303, 401, 412, 422)
        assert WORKED_OUT not in answer.text
        assert text not in "".join(answer.headers.values())
    assert workspace.demands.stamps() == before


@hostile
def test_a_name_or_password_is_only_compared(client: TestClient, text: str) -> None:
    visitor = TestClient(client.app, raise_server_exceptions=False, follow_redirects=False)
    login = Page.of(visitor.get("/login"))
    typed = {"form_token": login.value_of("form_token") or "", "name": text, "password": text}
    assert visitor.post("/login", data=typed).status_code == 401


# Forms and encodings


@pytest.mark.usefixtures("unchanged")
@ONCE
@pytest.mark.parametrize("address", ["/login", FORM, "/"])
@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_a_form_of_ten_thousand_fields_is_refused(
    client: TestClient, address: str, kind: str
) -> None:
    fields = {f"field{number}": "水" for number in range(10_000)}
    sent: dict[str, Any] = (
        {"data": fields}
        if kind == "urlencoded"
        else {"files": {name: (None, value) for name, value in fields.items()}}
    )
    visitor = TestClient(client.app, raise_server_exceptions=False, follow_redirects=False)
    assert_calm_page(visitor.post(address, **sent), 401 if address == "/" else 400)


@pytest.mark.usefixtures("unchanged")
@ONCE
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-32", "latin-1"])
@pytest.mark.parametrize("label", ["", "; charset=utf-8", "; charset=nonsense"])
def test_json_in_another_encoding_than_it_says_is_refused(
    client: TestClient, encoding: str, label: str
) -> None:
    text = '{"text": "déchlorination"}' if encoding == "latin-1" else '{"text": "印染废水"}'
    kind = {"content-type": JSON["content-type"] + label}
    response = client.post(MATCHES, content=text.encode(encoding), headers=kind)
    if encoding.startswith("utf"):  # that JSON may be in these, RFC 4627 says, and the parser
        assert response.status_code in (200, 400, 422)
    else:
        assert_problem(response, response.status_code)
        assert response.status_code in (400, 422)


@pytest.mark.usefixtures("unchanged")
@ONCE
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd"])
def test_a_compressed_body_is_not_unpacked(client: TestClient, encoding: str) -> None:
    headers = {**JSON, "content-encoding": encoding}
    response = client.post(MATCHES, content=b"\x1f\x8b\x08" + b"\0" * 100, headers=headers)
    assert_problem(response, response.status_code)
    assert response.status_code in (400, 422)
