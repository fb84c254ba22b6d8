"""What nobody should send, sent to every route that takes text: refused calmly, nothing changed."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.services.workspace import Workspace
from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    FIRST,
    FORM,
    JSON,
    MATCHES,
    URLENCODED,
    Page,
    assert_calm_page,
    assert_problem,
    typed_form,
)

ONCE = pytest.mark.any_database
"""What is refused before a database is asked, or never asks one."""
LONG = "水" * 200_000
BLANK = {"empty": "", "blank": " \u3000\n\t ", "zero-width": "\u200b\ufeff", "nul": "\x00"}
ODD = {
    "one character": "水",
    "punctuation": "！？。，、；：…—《》【】",
    "emoji": "🧪🔬👩‍🔬🇨🇳",
    "with nul": "废水\x00处理",
    "invisible": "\u202e废\u200b水\u2060处\u200d理\u202c",
    "traditional": "廢水處理與膜分離",
    "full-width": "ＣＯＤ１２３％",
    "english": "low-cost membrane filtration of dyeing wastewater",
    "sql": "'; DROP TABLE demands; --",
    "template": "{{7*7}} ${7*7} {% raw %} #{7*7}",
    "markup": '<script>alert(\'水\')</script> " onmouseover="alert(1)" x="',
    "path and format": "../../etc/passwd %s %n {0} {detail}",
    "rare signs": "e\u0301\u0301\u0301 \u0e33\u0e33 \ue000\U000f0000\uffff 𠮷",
}
_DROPPED = dict.fromkeys(map(ord, "\x00\u200b\u202e\u202c"))
"""Of the signs above, those that no record keeps."""


def texts(cases: dict[str, str]) -> Any:
    return pytest.mark.parametrize("text", list(cases.values()), ids=list(cases))


RECORDS = pytest.mark.parametrize(
    ("base", "valid"), [(DEMANDS, DEMAND), (ACHIEVEMENTS, ACHIEVEMENT)], ids=["demand", "offer"]
)
LONG_FIELDS = {DEMANDS: ("problem", "indicators", "goal"), ACHIEVEMENTS: ("abstract",)}


# Text


@pytest.mark.usefixtures("unchanged")
class TestTextToMatch:
    @texts({name: BLANK[name] for name in ("empty", "blank")})
    @pytest.mark.parametrize("direction", ["achievements", "demands"])
    def test_blank_text_is_refused(self, client: TestClient, text: str, direction: str) -> None:
        response = client.post(MATCHES, json={"text": text, "direction": direction})
        assert_problem(response, 422, "text")

    @ONCE
    @pytest.mark.parametrize("direction", ["achievements", "demands"])
    def test_very_long_text_is_refused(self, client: TestClient, direction: str) -> None:
        response = client.post(MATCHES, json={"text": LONG, "direction": direction})
        assert_problem(response, 422, "text")

    def test_the_longest_text_that_is_announced_is_answered(self, client: TestClient) -> None:
        longest = ("印染废水深度处理，" * 3000)[:20_000]
        assert client.post(MATCHES, json={"text": longest}).status_code == 200
        assert_problem(client.post(MATCHES, json={"text": longest + "水"}), 422, "text")

    @texts(ODD | {name: BLANK[name] for name in ("zero-width", "nul")})
    @pytest.mark.parametrize("direction", ["achievements", "demands"])
    def test_odd_text_is_answered(self, client: TestClient, text: str, direction: str) -> None:
        body = {"text": text, "direction": direction, "k": 2}
        response = client.post(MATCHES, json=body)
        assert response.status_code == 200
        assert response.json()["pairings"] or response.json()["notice"]
        assert "49" not in (response.json()["notice"] or "")

    @pytest.mark.parametrize(
        "pair",
        [
            ("廢水處理與膜分離", "废水处理与膜分离"),
            ("ＣＯＤ　５０ mg／L", "COD 50 mg/L"),
            ("cod 与 PLC", "CoD 与 plc"),
        ],
    )
    def test_other_ways_of_writing_find_the_same(
        self, client: TestClient, pair: tuple[str, str]
    ) -> None:
        answers = [client.post(MATCHES, json={"text": text}).json() for text in pair]
        scores = [
            [(p["achievement"]["id"], p["score"]) for p in answer["pairings"]] for answer in answers
        ]
        assert scores[0] == scores[1] != []

    @texts(ODD)
    def test_odd_ids_are_not_found(self, client: TestClient, text: str) -> None:
        assert_problem(client.post(MATCHES, json={"id": text}), 404)

    @pytest.mark.parametrize("name", ["providers", "regions"])
    @texts(ODD)
    def test_odd_filter_values_find_nothing(self, client: TestClient, text: str, name: str) -> None:
        response = client.post(MATCHES, json={"text": "水", "filters": {name: [text]}})
        assert response.status_code == 200
        assert response.json()["pairings"] == []

    @ONCE
    @pytest.mark.parametrize("name", ["fields", "cooperation_modes"])
    @texts(ODD | {"long": LONG})
    def test_odd_values_of_a_closed_list_are_refused(
        self, client: TestClient, text: str, name: str
    ) -> None:
        response = client.post(MATCHES, json={"text": "水", "filters": {name: [text]}})
        assert_problem(response, 422, name)


@RECORDS
@texts(BLANK)
@pytest.mark.usefixtures("unchanged")
def test_a_record_whose_texts_are_blank_is_refused(
    client: TestClient, base: str, valid: dict[str, Any], text: str
) -> None:
    blank = dict.fromkeys(("title", *LONG_FIELDS[base]), text)
    assert_problem(client.post(base, json=valid | blank), 422, *blank)


@ONCE
@RECORDS
@pytest.mark.usefixtures("unchanged")
def test_a_record_with_very_long_texts_is_refused(
    client: TestClient, base: str, valid: dict[str, Any]
) -> None:
    names = [name for name, value in valid.items() if isinstance(value, str)]
    for name in names:
        assert_problem(client.post(base, json=valid | {name: LONG}), 422, name)
    assert_problem(client.post(base, json=valid | {"keywords": [LONG]}), 422, "keywords")
    assert_problem(client.post(base, json=valid | {"keywords": ["水"] * 3 + [LONG]}), 422)


@RECORDS
@texts(ODD)
def test_odd_texts_are_kept_as_they_are_and_shown_escaped(
    module_copy: tuple[Workspace, TestClient], base: str, valid: dict[str, Any], text: str
) -> None:
    _, client = module_copy
    changes = dict.fromkeys(("title", *LONG_FIELDS[base]), text)
    kept = client.post(base, json=valid | changes | {"keywords": [text[:50]]}).json()
    tidy = text.translate(_DROPPED)
    assert kept["title"] == tidy
    assert client.get(f"{base}/{kept['id']}").json()["title"] == tidy
    address = f"{base.removeprefix('/api/v1')}/{kept['id']}"
    page = Page.of(client.get(address, params={"region": "江苏-苏州"}))
    assert tidy in page.text_of("h1")
    assert page.strange_scripts() == []
    listed = client.get(base, params={"q": tidy[:100], "limit": 5}).json()
    assert kept["id"] in {item["id"] for item in listed["items"]}


@RECORDS
@texts(ODD | {"long": "x" * 5000, "dots": "a..b", "percent": "%2e%2e"})
@pytest.mark.usefixtures("unchanged")
def test_odd_ids_in_the_address_are_not_found(
    client: TestClient, base: str, valid: dict[str, Any], text: str
) -> None:
    address = f"{base}/{quote(text, safe='')}"
    for method, json_ in (("GET", None), ("PUT", valid), ("DELETE", None)):
        assert_problem(client.request(method, address, json=json_, headers=FIRST), 404)
    assert_problem(client.get(f"{address}/matches"), 404)
    page = assert_calm_page(client.get(address.removeprefix("/api/v1")), 404)
    assert page.strange_scripts() == []


@pytest.mark.parametrize(
    "id_", ["..", ".", "%2e%2e%2f%2e%2e", "a%2fb", "%ff%fe", "%", "%zz", "%00"]
)
@pytest.mark.parametrize("base", [DEMANDS, ACHIEVEMENTS])
@pytest.mark.usefixtures("unchanged")
def test_ids_that_look_like_paths_lead_nowhere(client: TestClient, base: str, id_: str) -> None:
    response = client.get(f"{base}/x{id_}")
    assert_problem(response, 404)


@RECORDS
@texts(ODD)
@pytest.mark.usefixtures("unchanged")
def test_odd_parts_of_a_title_are_searched_for_literally(
    client: TestClient, base: str, valid: dict[str, Any], text: str
) -> None:
    for address in (base, base.removeprefix("/api/v1")):
        response = client.get(address, params={"q": text, "field": text})
        assert response.status_code == 200
    assert client.get(base, params={"q": text, "field": text}).json()["items"] == []
    assert Page.of(response).value_of("q") == text
    assert Page.of(response).strange_scripts() == []


@pytest.mark.parametrize("base", [DEMANDS, ACHIEVEMENTS])
def test_a_nul_is_not_a_search_for_everything(client: TestClient, base: str) -> None:
    assert client.get(base, params={"q": "\x00"}).json()["total"] == 0


@texts({"empty": "", "blank": " \u3000\n\t "})
@pytest.mark.usefixtures("unchanged")
def test_blank_text_on_the_workbench_is_asked_for_again(client: TestClient, text: str) -> None:
    page = Page.of(response := client.post("/", data={"text": text}))
    assert response.status_code == 422
    assert page.all("div", class_="problem", role="alert")
    assert page.value_of("text") == text


@texts(ODD)
@pytest.mark.usefixtures("unchanged")
def test_odd_text_on_the_workbench_is_answered_and_still_there(
    client: TestClient, text: str
) -> None:
    response = client.post("/", data={"text": text, "field": "资源与环境"})
    assert response.status_code == 200
    page = Page.of(response)
    assert page.value_of("text") == text
    assert page.strange_scripts() == []
    assert page.cards() or page.all("p", class_="notice")


@ONCE
@pytest.mark.usefixtures("unchanged")
def test_long_text_on_the_workbench_is_refused_and_still_there(client: TestClient) -> None:
    text = "水" * 20_001
    response = client.post("/", data={"text": text})
    assert response.status_code == 422
    assert Page.of(response).value_of("text") == text


@ONCE
@pytest.mark.parametrize("address", ["/", FORM])
@pytest.mark.usefixtures("unchanged")
def test_text_beyond_any_measure_is_refused_calmly(client: TestClient, address: str) -> None:
    response = client.post(address, data={"text": LONG, "title": LONG})
    assert response.status_code in (400, 413, 422)
    assert len(response.text) < 6_000


@texts(ODD)
def test_odd_texts_in_the_form_are_submitted(
    module_copy: tuple[Workspace, TestClient], text: str
) -> None:
    _, client = module_copy
    response = client.post(FORM, data=typed_form(title=text, problem=text, goal=text))
    assert response.status_code == 303
    page = Page.of(client.get(response.headers["location"]))
    assert text.translate(_DROPPED) in page.text_of("main")
    assert page.strange_scripts() == []


@texts(ODD | {"dashes": "----", "dots": "a..b", "200": "A" * 200})
@pytest.mark.usefixtures("unchanged")
def test_odd_receipt_codes_are_not_found(client: TestClient, text: str) -> None:
    response = client.get("/receipts", params={"code": text})
    assert response.status_code == 404
    page = Page.of(response)
    assert page.value_of("code") == text
    assert page.strange_scripts() == []
    assert_calm_page(client.get(f"/receipts/{quote(text, safe='')}"), 404)


@ONCE
def test_a_very_long_receipt_code_is_refused(client: TestClient) -> None:
    assert_calm_page(client.get("/receipts", params={"code": "A" * 201}), 422)


# Lone surrogates: JSON can carry them, UTF-8 cannot


def _with_surrogate(valid: dict[str, Any], name: str, value: str) -> bytes:
    rest = {key: kept for key, kept in valid.items() if key != name}
    return (json.dumps(rest)[:-1] + f', "{name}": {value}}}').encode()


@RECORDS
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "value", ['"\\ud800"', '"废水\\udfff处理"', '["\\ud800"]', '"\\ud800、水"']
)
def test_a_lone_surrogate_in_any_field_of_a_record_is_refused(
    client: TestClient, base: str, valid: dict[str, Any], value: str
) -> None:
    statuses = {}
    for name in valid:
        body = _with_surrogate(valid, name, value)
        statuses[name] = client.post(base, content=body, headers=JSON).status_code
    assert statuses == dict.fromkeys(valid, 422)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("direction", ["achievements", "demands"])
def test_a_lone_surrogate_in_a_text_to_match_is_no_server_error(
    client: TestClient, direction: str
) -> None:
    for text in ('"\\ud800"', '"废水\\ud800处理"', '"\\udfff\\ud800"'):
        body = f'{{"text": {text}, "direction": "{direction}"}}'.encode()
        assert client.post(MATCHES, content=body, headers=JSON).status_code in (200, 422)


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "body",
    [
        '{"id": "\\ud800"}',
        '{"text": "水", "filters": {"fields": ["\\ud800"]}}',
        '{"text": "水", "filters": {"cooperation_modes": "\\ud800"}}',
        '{"text": "水", "filters": {"providers": ["\\ud800"]}}',
        '{"text": "水", "filters": {"regions": ["\\ud800"]}}',
        '{"text": "水", "direction": "\\ud800"}',
        '{"text": "水", "\\ud800": 1}',
        '{"text": "水", "filters": {"\\ud800": 1}}',
    ],
)
def test_a_lone_surrogate_elsewhere_in_a_request_is_no_server_error(
    client: TestClient, body: str
) -> None:
    assert client.post(MATCHES, content=body.encode(), headers=JSON).status_code < 500


# JSON that is none, or not what was expected

BODIES = {
    "nothing": b"",
    "white space": b"  \n",
    "cut off": b'{"text": "a',
    "single quotes": b"{'text': 'a'}",
    "comma": b'{"text": "a",}',
    "two values": b"{} {}",
    "a word": b"text",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"text"',
    "a number": b"17",
    "true": b"true",
    "NaN": b"NaN",
    "latin-1": '{"title": "é"}'.encode("latin-1"),
    "gb18030": '{"title": "废水"}'.encode("gb18030"),
    "utf-16 mark only": b"\xff\xfe",
    "bytes": bytes(range(256)),
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "closed deep list": b"[" * 5_000 + b"]" * 5_000,
    "moderately deep": b'{"text":' + b"[" * 900 + b"]" * 900 + b"}",
    "huge number": b'{"title": ' + b"9" * 20_000 + b"}",
    "huge exponent": b'{"title": 1e999999}',
    "infinity": b'{"title": -Infinity}',
    "unknown name": b'{"colour": "red"}',
    "empty name": b'{"": ""}',
    "proto": b'{"__proto__": {"a": 1}, "constructor": 1}',
}


@pytest.fixture(scope="module")
def addresses(workspace: Workspace) -> list[tuple[str, str]]:
    """Every route that takes JSON."""
    demand = min(workspace.demands.stamps())
    offer = min(workspace.achievements.stamps())
    return [
        ("POST", MATCHES),
        ("POST", DEMANDS),
        ("POST", ACHIEVEMENTS),
        ("PUT", f"{DEMANDS}/{demand}"),
        ("PUT", f"{ACHIEVEMENTS}/{offer}"),
    ]


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_bodies_that_are_not_what_was_asked_for(
    client: TestClient, addresses: list[tuple[str, str]], body: bytes
) -> None:
    for method, address in addresses:
        response = client.request(method, address, content=body, headers=JSON | FIRST)
        assert response.status_code in (400, 422)
        assert_problem(response, response.status_code)


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("body", [b"", b"{", b"null", b"\xff\xfe", b"[]"])
def test_a_broken_body_is_not_blamed_on_a_field(
    client: TestClient, addresses: list[tuple[str, str]], body: bytes
) -> None:
    for method, address in addresses:
        problem = client.request(method, address, content=body, headers=JSON | FIRST).json()
        assert not problem["detail"].startswith("：")
        assert not any(error["field"].isdigit() for error in problem["errors"])


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "image/png", "x", ""],
)
def test_bodies_of_another_content_type_are_refused(
    client: TestClient, addresses: list[tuple[str, str]], content_type: str
) -> None:
    for method, address in addresses:
        valid = {"text": "水"} if address == MATCHES else DEMAND
        headers = {"content-type": content_type} | FIRST
        response = client.request(method, address, content=json.dumps(valid), headers=headers)
        assert response.status_code in (415, 422)
        assert_problem(response, response.status_code)


@RECORDS
@pytest.mark.parametrize("value", [[], {}, [[]], [{}], True, 17, None, "", [["水"], "水"]])
def test_values_of_the_wrong_type_are_no_server_error(
    module_copy: tuple[Workspace, TestClient], base: str, valid: dict[str, Any], value: object
) -> None:
    _, client = module_copy
    statuses = {}
    for name in valid:
        statuses[name] = client.post(base, json=valid | {name: value}).status_code
    assert {name: s for name, s in statuses.items() if s not in (201, 422)} == {}


@ONCE
@RECORDS
@pytest.mark.usefixtures("unchanged")
def test_every_required_field_is_missed_by_name(
    client: TestClient, base: str, valid: dict[str, Any]
) -> None:
    required = {
        DEMANDS: "title problem indicators goal keywords field region solution_mode organisation "
        "contact phone",
        ACHIEVEMENTS: "title abstract provider field",
    }[base].split()
    problem = assert_problem(client.post(base, json={}), 422, *required)
    assert sorted(error["field"] for error in problem["errors"]) == sorted(required)
    for name in required:
        body = {key: value for key, value in valid.items() if key != name}
        assert_problem(client.post(base, json=body), 422, name)


@ONCE
@RECORDS
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "name", ["id", "external_id", "receipt_hash", "stamp", "colour", "__init__"]
)
def test_a_name_that_no_record_takes_is_refused(
    client: TestClient, base: str, valid: dict[str, Any], name: str
) -> None:
    assert_problem(client.post(base, json=valid | {name: "x"}), 422, name)


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("budget", "-1"),
        ("budget", "1e300"),
        ("budget", "1e999"),
        ("budget", "NaN"),
        ("budget", "Infinity"),
        ("budget", '"NaN"'),
        ("budget", '"inf"'),
        ("budget", '"一百"'),
        ("budget", "100000001"),
        ("maturity_min", "0"),
        ("maturity_min", "10"),
        ("maturity_min", "5.5"),
        ("maturity_min", "9" * 400),
        ("maturity_min", '"高"'),
        ("maturity_min", "NaN"),
        ("deadline", '"2027-02-30"'),
        ("deadline", '"明年"'),
        ("deadline", '"2027-13-01"'),
        ("deadline", '"9999999-01-01"'),
        ("deadline", "20270630"),
        ("deadline", "[]"),
        ("phone", '"一二三"'),
        ("phone", '"123"'),
        ("phone", '"' + "1" * 41 + '"'),
        ("phone", '"<script>"'),
        ("keywords", "[]"),
        ("keywords", '""'),
        ("keywords", '"、、，"'),
        ("keywords", '["a","b","c","d","e","f"]'),
        ("keywords", '["' + "字" * 51 + '"]'),
        ("keywords", "[1]"),
        ("field", '"炼金术"'),
        ("industry", '"炼金术"'),
        ("solution_mode", '"祈祷"'),
        ("confidentiality", '"secret"'),
        ("confidentiality", "null"),
        ("title", '"' + "字" * 101 + '"'),
        ("title", "17"),
        ("problem", '"' + "字" * 5001 + '"'),
        ("problem", '["a"]'),
        ("region", "null"),
    ],
)
def test_values_of_a_demand_that_cannot_be(client: TestClient, name: str, raw: str) -> None:
    body = _with_surrogate(DEMAND, name, raw)
    assert_problem(client.post(DEMANDS, content=body, headers=JSON), 422, name)


@ONCE
@pytest.mark.parametrize("value", ["TRL", "级", "TRL 级"])
def test_a_maturity_without_its_number_is_refused_rather_than_dropped(
    module_copy: tuple[Workspace, TestClient], value: str
) -> None:
    response = module_copy[1].post(ACHIEVEMENTS, json=ACHIEVEMENT | {"maturity": value})
    assert_problem(response, 422, "maturity")


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price_min", -1),
        ("price_min", "便宜"),
        ("price_min", 91),
        ("price_max", 1e9),
        ("maturity", 10),
        ("ip_kinds", ["魔法"]),
        ("ip_kinds", "魔法"),
        ("ip_status", "待定"),
        ("form", "新魔法"),
        ("level", "宇宙领先"),
        ("application_state", "量产"),
        ("cooperation_modes", ["赠送"]),
        ("provider", ""),
        ("region", "地" * 201),
        ("keywords", [f"词{n}" for n in range(21)]),
    ],
)
def test_values_of_an_achievement_that_cannot_be(
    client: TestClient, name: str, value: object
) -> None:
    assert_problem(client.post(ACHIEVEMENTS, json=ACHIEVEMENT | {name: value}), 422, name)


# Long input is not sent back


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "body",
    [
        {"text": "水", "x" * 100_000: 1},
        {"text": "水", **{f"x{number}": 1 for number in range(5_000)}},
        {"text": "水", "filters": {"fields": [f"x{number}" for number in range(5_000)]}},
        {"text": "水", "filters": {"x" * 100_000: 1}},
        {"text": "水", "direction": "x" * 100_000},
        {"id": "x" * 100_000},
    ],
    ids=["name", "names", "values", "inner name", "direction", "id"],
)
def test_long_input_in_a_request_is_not_sent_back(client: TestClient, body: Any) -> None:
    response = client.post(MATCHES, json=body)
    assert_problem(response, response.status_code)


@ONCE
@RECORDS
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "change",
    [
        {"x" * 100_000: 1},
        {f"x{number}": 1 for number in range(5_000)},
        {"keywords": ["水" * 60] * 5_000},
        {"keywords": [f"水{number}" for number in range(5_000)]},
    ],
    ids=["name", "names", "long keywords", "many keywords"],
)
def test_long_input_in_a_record_is_not_sent_back(
    client: TestClient, base: str, valid: dict[str, Any], change: dict[str, Any]
) -> None:
    assert_problem(client.post(base, json=valid | change), 422)


# The size of a body


@ONCE
@pytest.mark.usefixtures("unchanged")
def test_a_body_over_the_cap_is_refused(
    client: TestClient, addresses: list[tuple[str, str]]
) -> None:
    body = b'{"text": "' + b"a" * 2_000_000 + b'"}'
    for method, address in addresses:
        response = client.request(method, address, content=body, headers=JSON)
        assert_problem(response, 413)


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("address", ["/", FORM])
def test_a_form_over_the_cap_is_refused(client: TestClient, address: str) -> None:
    body = b"text=" + b"a" * 2_000_000
    assert client.post(address, content=body, headers=URLENCODED).status_code == 413


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("length", ["-1", "x", "1e3", "99999999999999999999", " "])
def test_a_length_that_is_none_is_refused(client: TestClient, length: str) -> None:
    response = client.post(MATCHES, content=b"{}", headers={**JSON, "content-length": length})
    assert response.status_code in (400, 413)


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("address", [MATCHES, DEMANDS, ACHIEVEMENTS])
def test_a_body_over_the_cap_is_refused_even_if_its_length_is_not_announced(
    client: TestClient, address: str
) -> None:
    pieces = (piece for piece in [b'{"text": "', *[b"a" * 100_000] * 25, b'"}'])
    assert_problem(client.post(address, content=pieces, headers=JSON), 413)


# Forms that no browser sends


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("address", ["/", FORM])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", URLENCODED["content-type"]),
        (b"&&&===", URLENCODED["content-type"]),
        (b"text=%ff%fe%ed%a0%80&title=%", URLENCODED["content-type"]),
        (b"\xff\xfe\x00", URLENCODED["content-type"]),
        (b"&".join(b"a%d=1" % n for n in range(300)), URLENCODED["content-type"]),
        (b'{"text": "a"}', "application/json"),
        (b"text", "text/plain"),
        (b"xxx", "multipart/form-data; boundary=b"),
        (b"xxx", "multipart/form-data"),
        (b"--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b"),
    ],
)
def test_forms_that_no_browser_sends_are_no_server_error(
    client: TestClient, address: str, body: bytes, content_type: str
) -> None:
    response = client.post(address, content=body, headers={"content-type": content_type})
    assert 200 <= response.status_code < 500
    Page.of(response)


@ONCE
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("charset", ["unicode_escape", "undefined", "punycode", "utf-16", "nope"])
def test_a_form_in_an_odd_encoding_is_no_server_error(client: TestClient, charset: str) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800-x\r\n--b--\r\n'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    response = client.post("/", content=part, headers={"content-type": kind})
    assert response.status_code < 500


@ONCE
@pytest.mark.usefixtures("unchanged")
def test_a_file_in_a_form_is_no_server_error(client: TestClient) -> None:
    for address in ("/", FORM):
        response = client.post(address, data={"text": "水"}, files={"text": ("a.txt", b"hello")})
        assert response.status_code < 500
        Page.of(response)


# Addresses and methods


@ONCE
@pytest.mark.parametrize(
    "address",
    ["/api/", "/api/v1", "/api/v1/", "/api/v1/nope", "/api/v2/demands", f"{DEMANDS}/a/b/c"],
)
def test_an_unknown_address_of_the_interface_is_a_problem(client: TestClient, address: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert_problem(client.request(method, address), 404)


@ONCE
@pytest.mark.parametrize(
    "address", ["/nope", "/static/nope.css", "/static/", "/demands/a/b", "/receipts/a/b", "/x.php"]
)
def test_an_unknown_address_elsewhere_is_a_page(client: TestClient, address: str) -> None:
    page = assert_calm_page(client.get(address), 404)
    assert page.all("a", href="/")


@ONCE
@pytest.mark.parametrize(
    "path",
    [
        "../templates/base.html",
        "..%2ftemplates%2fbase.html",
        "%2e%2e/rendering.py",
        "....//rendering.py",
        "%00",
        "a" * 5_000,
        "%2fetc%2fpasswd",
    ],
)
def test_static_files_stay_in_their_folder(client: TestClient, path: str) -> None:
    for folder in ("/static/", "/api/static/"):
        assert client.get(folder + path).status_code in (404, 307)


@ONCE
@pytest.mark.usefixtures("unchanged")
def test_wrong_methods_are_405(client: TestClient, workspace: Workspace) -> None:
    id_ = min(workspace.demands.stamps())
    wrong = {
        MATCHES: "GET PUT DELETE PATCH",
        DEMANDS: "PUT DELETE PATCH",
        ACHIEVEMENTS: "PUT DELETE PATCH",
        f"{DEMANDS}/{id_}": "POST PATCH",
        f"{DEMANDS}/{id_}/matches": "POST PUT DELETE PATCH",
        "/api/openapi.json": "POST",
        "/api/docs": "POST",
        "/healthz": "POST",
        "/readyz": "DELETE",
    }
    for address, methods in wrong.items():
        for method in methods.split():
            response = client.request(method, address)
            assert_problem(response, 405)
            assert response.headers["allow"]


@ONCE
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("PUT", "/"),
        ("DELETE", "/"),
        ("POST", "/demands"),
        ("PUT", FORM),
        ("POST", "/receipts"),
        ("DELETE", "/receipts/x"),
        ("POST", "/static/style.css"),
    ],
)
def test_wrong_methods_on_pages_are_405_pages(
    client: TestClient, method: str, address: str
) -> None:
    assert_calm_page(client.request(method, address), 405)
