"""Organisation, contact and phone stand on the page of one record, for brokers; nowhere else."""

from typing import Any

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
    PRIVATE,
    typed_form,
)


@pytest.fixture(scope="module")
def private(workspace: Workspace) -> frozenset[str]:
    """Every private value of the demo data."""
    values = {d for demand in workspace.demands.all() for d in (demand.organisation, demand.phone)}
    values |= {demand.contact for demand in workspace.demands.all()}
    values |= {achievement.contact for achievement in workspace.achievements.all()}
    found = frozenset(value for value in values if value)
    assert len(found) > 100
    return found


def _shown(text: str, private: frozenset[str] | tuple[str, ...]) -> list[str]:
    return [value for value in private if value in text]


def test_the_search_for_private_values_would_find_one(private: frozenset[str]) -> None:
    one = next(iter(private))
    assert _shown(f"…{one}…", private) == [one]


@pytest.mark.parametrize("kind", ["demands", "achievements"])
def test_listings_in_json_and_as_pages(
    client: TestClient, private: frozenset[str], kind: str
) -> None:
    for base in (f"/api/v1/{kind}", f"/{kind}"):
        after = None
        for _ in range(8):
            name = "cursor" if base.startswith("/api") else "after"
            response = client.get(base, params={name: after} if after else {})
            assert response.status_code == 200
            assert _shown(response.text, private) == []
            items = client.get(f"/api/v1/{kind}", params={"limit": 30, "cursor": after or "z"})
            after = items.json()["next_cursor"]
            if after is None:
                break
        assert after is None


@pytest.mark.parametrize("kind", ["demands", "achievements"])
def test_a_broker_sees_who_is_behind_one_record_and_behind_no_other(
    client: TestClient, workspace: Workspace, private: frozenset[str], kind: str
) -> None:
    table = workspace.demands if kind == "demands" else workspace.achievements
    for id_ in list(table.stamps())[::16]:
        record = table.stored(id_).record
        behind = {getattr(record, name, None) for name in ("organisation", "contact", "phone")}
        json_, page = client.get(f"/api/v1/{kind}/{id_}"), client.get(f"/{kind}/{id_}")
        assert {json_.json().get(n) for n in ("organisation", "contact", "phone")} == behind
        for response in (json_, page):
            assert set(_shown(response.text, private)) == behind - {None}


@pytest.mark.parametrize("kind", ["demands", "achievements"])
def test_matches_of_a_record(
    client: TestClient, workspace: Workspace, private: frozenset[str], kind: str
) -> None:
    table = workspace.demands if kind == "demands" else workspace.achievements
    for id_ in sorted(table.stamps())[::24]:
        response = client.get(f"/api/v1/{kind}/{id_}/matches?k=12")
        assert response.status_code == 200
        assert _shown(response.text, private) == []


@pytest.mark.parametrize("direction", ["demands", "achievements"])
def test_answers_to_a_text(client: TestClient, private: frozenset[str], direction: str) -> None:
    text = "有限公司 大学 联系人 老师 经理 电话 设备 材料 检测 工艺"
    found = client.post(MATCHES, json={"text": text, "direction": direction, "k": 30})
    assert len(found.json()["pairings"]) > 20
    assert _shown(found.text, private) == []
    page = client.post("/", data={"text": text, "direction": direction})
    assert _shown(page.text, private) == []


def test_the_fixed_pages_and_the_interface_document(
    client: TestClient, private: frozenset[str]
) -> None:
    for address in ("/", "/api/openapi.json", "/api/docs", FORM, "/receipts", "/readyz"):
        response = client.get(address)
        assert response.status_code == 200
        assert _shown(response.text, private) == []


@pytest.mark.parametrize("name", ["organisation", "contact", "phone"])
def test_a_demand_is_not_found_by_who_is_behind_it(
    copy: tuple[Workspace, TestClient], name: str
) -> None:
    _, client = copy
    secret = {"organisation": "鹧鸪", "contact": "鹧鸪", "phone": "13577776666"}[name]
    id_ = client.post(DEMANDS, json=DEMAND | {name: secret}).json()["id"]
    found = client.post(MATCHES, json={"text": secret, "direction": "demands", "k": 5})
    assert id_ not in {p["demand"]["id"] for p in found.json()["pairings"]}
    assert client.get(DEMANDS, params={"q": secret}).json()["total"] == 0


def test_a_submission_and_its_receipt(copy: tuple[Workspace, TestClient]) -> None:
    _, client = copy
    posted = client.post(DEMANDS, json=DEMAND)
    replaced = client.put(f"{DEMANDS}/{posted.json()['id']}", json=DEMAND, headers=FIRST)
    offered = client.post(ACHIEVEMENTS, json=ACHIEVEMENT)
    sent = client.post(FORM, data=typed_form())
    receipt = client.get(sent.headers["location"])
    assert [r.status_code for r in (posted, replaced, offered, sent)] == [201, 200, 201, 303]
    for response in (posted, replaced, offered, sent, receipt, client.get("/")):
        assert _shown(response.text, (*PRIVATE, ACHIEVEMENT["contact"])) == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("wrong", [name for name in DEMAND if name != "contact"])
def test_an_error_in_json_repeats_nothing_private(client: TestClient, wrong: str) -> None:
    value: Any = {} if wrong != "phone" else f"{DEMAND['phone']} 转人工小姐姐"
    response = client.post(DEMANDS, json=DEMAND | {wrong: value})
    assert response.status_code == 422
    assert _shown(response.text, PRIVATE) == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("cut", [1, 40, 200])
def test_broken_json_is_not_repeated(client: TestClient, cut: int) -> None:
    import json

    body = json.dumps(DEMAND, ensure_ascii=False).encode()[:-cut]
    response = client.post(DEMANDS, content=body, headers=JSON)
    assert response.status_code in (400, 422)
    assert _shown(response.text, PRIVATE) == []
