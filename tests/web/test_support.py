"""还缺什么 · 谁能补上: on the report of a pairing and as JSON."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS, DEMANDS, RESOURCES
from api.services.resource_drafts import ResourceDraft
from api.services.times import today
from api.services.workspace import Workspace
from matcher.values import BLOCKERS
from tests.web.checks import Page, assert_problem
from tests.web.people import BROKER, People

DEMAND, OFFER = "DEMO-D-003", "DEMO-A-010"
"""A pairing that is at TRL 4 where 5 is wanted, its patent pending, in a laboratory."""
PHONE = "025-00001234"


def draft(kind: str, title: str, **more: Any) -> ResourceDraft:
    """A resource as sent in."""
    values = {"kind": kind, "title": title, "summary": title, "provider": "某单位（示例）"}
    return ResourceDraft.model_validate({**values, "contact": PHONE, **more})


def clear(workspace: Workspace) -> None:
    """Remove all resources."""
    with workspace.store.writing() as unit:
        for one in list(workspace.resources.all()):
            workspace.resources.delete(unit, one.id)
    workspace.catch_up()


@pytest.fixture(scope="module")
def here(module_copy: tuple[Workspace, TestClient]) -> Workspace:
    """With five resources, one of which ended yesterday and one of which ends today."""
    workspace, _ = module_copy
    clear(workspace)
    day = today()
    for one in (
        draft("pilot", "功率模块低压烧结封装中试线", equipment=["烧结炉"], maturity_min=4),
        draft("pilot", "铜烧结封装中试平台", maturity_min=8),
        draft("policy", "中试风险补偿", valid_until=f"{day}"),
        draft("policy", "中试风险补偿与尽职免责", valid_until=f"{day - timedelta(days=1)}"),
        draft("expert", "功率模块烧结互连"),
    ):
        catalogue.add(workspace, RESOURCES, one)
    return workspace


@pytest.fixture(scope="module")
def ids(here: Workspace) -> tuple[str, str]:
    demand = here.demands.by_external_id([DEMAND])[DEMAND]
    return demand.id, here.achievements.by_external_id([OFFER])[OFFER].id


@pytest.fixture(scope="module")
def api(here: Workspace, module_copy: tuple[Workspace, TestClient]) -> TestClient:
    return module_copy[1]


@pytest.fixture(scope="module")
def page(here: Workspace, people: People, ids: tuple[str, str]) -> str:
    """The report, read strictly."""
    answer = people[BROKER].get(f"/demands/{ids[0]}/pairings/{ids[1]}")
    assert answer.status_code == 200
    assert len(answer.content) < 60_000
    Page.of(answer)
    return answer.text


def address(demand: str, achievement: str) -> str:
    return f"/api/v1/demands/{demand}/pairings/{achievement}/support"


def test_the_answer_tells_blockers_evidence_resources_and_the_path(
    api: TestClient, ids: tuple[str, str]
) -> None:
    answer = api.get(address(*ids)).json()
    assert (answer["demand"], answer["achievement"]) == ids
    assert [blocker["name"] for blocker in answer["blockers"]] == list(BLOCKERS)
    assert answer["path"]["step"] == "技术产品化"
    by_name = {blocker["name"]: blocker for blocker in answer["blockers"]}
    fear, scene = by_name["不敢转"], by_name["缺场景"]
    assert fear["likelihood"] == scene["likelihood"] == "likely"
    assert {"maturity_gap", "rights_pending"} <= {f["rule"] for f in fear["findings"]}
    assert all(f["sentence"].endswith("。") for b in answer["blockers"] for f in b["findings"])
    assert [offer["title"] for offer in scene["offers"]] == ["功率模块低压烧结封装中试线"]
    assert scene["offers"][0]["conditions"] == [
        {"name": "stage", "state": "met", "text": "适用 TRL 4–9，成果为 TRL 4"}
    ]


def test_quotations_stand_where_the_answer_says(
    here: Workspace, api: TestClient, ids: tuple[str, str]
) -> None:
    records = {
        "demand": catalogue.get(here, DEMANDS, ids[0]).texts(),
        "achievement": catalogue.get(here, ACHIEVEMENTS, ids[1]).texts(),
    }
    quoted = [
        place
        for blocker in api.get(address(*ids)).json()["blockers"]
        for finding in blocker["findings"]
        for place in finding["evidence"]
        if place["span"]
    ]
    assert quoted
    for place in quoted:
        text = records[place["party"]][place["field"]]
        assert text[slice(*place["span"])] == place["text"]
        assert text[slice(*place["mark"])] in place["text"]


def test_a_policy_that_ends_today_is_offered_and_one_that_ended_is_not(
    api: TestClient, ids: tuple[str, str]
) -> None:
    [fear] = [b for b in api.get(address(*ids)).json()["blockers"] if b["name"] == "不敢转"]
    policies = [offer for offer in fear["offers"] if offer["kind"] == "policy"]
    assert [offer["title"] for offer in policies] == ["中试风险补偿"]
    assert policies[0]["conditions"][0]["text"] == "今天是最后一天"


def test_contacts_are_not_in_the_answer(api: TestClient, ids: tuple[str, str]) -> None:
    assert PHONE not in api.get(address(*ids)).text


def test_unknown_records_and_numbers_are_answered_calmly(
    api: TestClient, ids: tuple[str, str]
) -> None:
    assert_problem(api.get(address("d0", ids[1])), 404)
    assert_problem(api.get(address(ids[0], "a0")), 404)
    assert_problem(api.get(address(*ids), params={"k": 0}), 422)
    one = api.get(address(*ids), params={"k": 1}).json()
    assert max(len(blocker["offers"]) for blocker in one["blockers"]) == 1


def test_the_report_says_what_is_missing_and_who_could_help(page: str) -> None:
    assert "还缺什么 · 谁能补上" in page
    assert all(name in page for name in BLOCKERS)
    assert page.count('class="lack" open') == 2
    assert "<q>目前<mark>处于实验室</mark>阶段</q>" in page
    assert "功率模块低压烧结封装中试线</a>" in page
    assert "已列在“不敢转”下" in page
    assert "铜烧结封装中试平台" not in page
    assert 'aria-current="step">技术产品化<small>TRL 4–6 · 现在' in page
    assert "只是可能，不是结论" in page


def test_without_resources_the_report_says_where_to_add_some(
    here: Workspace, people: People, ids: tuple[str, str]
) -> None:
    clear(here)
    answer = people[BROKER].get(f"/demands/{ids[0]}/pairings/{ids[1]}").text
    assert "资源库里没有条件相符的资源" in answer
