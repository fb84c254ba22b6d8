"""揭榜挂帅: topics, drafts that are kept and edited, and the files made of them."""

import re
from io import BytesIO
from typing import Any

import docx
import pytest

from api.services import topics
from api.services.outlooks import survey
from api.store import Prospect
from api.store.narrowing import Narrowing
from matcher.calls import FIELDS, GAP
from matcher.records import Demand
from matcher.values import BROKERS, PUBLIC, PUBLISHED
from tests.web.checks import assert_calm_page
from tests.web.people import BROKER, Browser, People, TestClient

CALLS = "/api/v1/calls"


@pytest.fixture(scope="module")
def surveyed(people: People) -> People:
    """All demands looked at."""
    while survey(people.workspace, budget=60):
        pass
    return people


@pytest.fixture(scope="module")
def program(surveyed: People) -> TestClient:
    return surveyed.program(BROKER)


@pytest.fixture(scope="module")
def broker(surveyed: People) -> Browser:
    return surveyed[BROKER]


def weak(people: People) -> dict[str, Demand]:
    """Published demands without a strong achievement, as the lists of demands find them."""
    narrowed = Narrowing(state=PUBLISHED, outlook=Prospect.weak)
    return {d.id: d for d in people.workspace.demands.page(500, narrowed=narrowed).items}


def every_topic(program: TestClient, **asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for page in range(1, 10):
        answer = program.get("/api/v1/topics", params=asked | {"page": page}).json()
        found += answer["items"]
        if len(found) == answer["total"]:
            return found
    raise AssertionError(found)


def made(program: TestClient, ids: list[str]) -> dict[str, Any]:
    response = program.post(CALLS, json={"demand_ids": ids})
    assert response.status_code == 201, response.text
    assert response.headers["ETag"] == '"1"'
    return dict(response.json())


def body(call: dict[str, Any], **changes: str) -> dict[str, str]:
    return {"title": call["title"], **call["fields"], **changes}


def test_the_topics_hold_each_demand_without_a_strong_achievement_once(
    surveyed: People, program: TestClient
) -> None:
    found = every_topic(program)
    ids = [id_ for topic in found for id_ in topic["demand_ids"]]
    assert sorted(ids) == sorted(weak(surveyed))
    assert all(topic["best_grade"] < 3 for topic in found)
    assert all(topic["size"] == len(topic["demand_ids"]) for topic in found)
    closed = {id_ for topic in found for id_ in topic["brokers_only"]}
    assert closed == {d.id for d in weak(surveyed).values() if d.confidentiality == BROKERS}


def test_topics_can_be_narrowed_and_joined_more_widely(program: TestClient) -> None:
    every = every_topic(program)
    assert len(every_topic(program, width="coarse")) < len(every)
    assert len(every_topic(program, below="4")) > len(every)
    assert 0 < len(every_topic(program, field="新材料")) < len(every)
    assert every_topic(program, province="西藏") == []


def test_no_more_demands_are_grouped_than_the_limit(
    surveyed: People, program: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "MOST_DEMANDS", 5)
    answer = program.get("/api/v1/topics").json()
    assert (answer["grouped"], answer["demands"]) == (5, len(weak(surveyed)))


def test_the_page_of_topics_leads_to_the_list_and_to_each_topic(
    surveyed: People, broker: Browser
) -> None:
    response = broker.get("/calls")
    assert_calm_page(response, 200)
    [total] = re.findall(r'<a href="/demands\?[^"]+">(\d+) 条需求</a>', response.text)
    assert int(total) == len(weak(surveyed))
    [first, *_] = re.findall(r'<h3><a href="(/calls/topic\?[^"]+)">', response.text)
    topic = broker.get(first)
    assert_calm_page(topic, 200)
    assert "最接近的研究团队" in topic.text


def test_a_broker_drafts_edits_finishes_and_deletes_a_call(
    surveyed: People, broker: Browser
) -> None:
    ids = list(weak(surveyed))[:2]
    form = {"ids": ".".join(ids), "submission": "a-page-of-its-own-1"}
    response = broker.submit("/calls", form)
    assert response.status_code == 303
    place = response.headers["location"]
    assert broker.submit("/calls", form).headers["location"] == place  # sent twice, made once
    page = broker.get(place)
    assert_calm_page(page, 200)
    assert "草稿" in page.text
    whole = {"title": "新榜单", **dict.fromkeys(FIELDS, "写全了"), "state": "final"}
    unfinished = whole | {"version": "1", "deadline": f"{GAP}时限】"}
    refused = broker.submit(place, unfinished)
    assert refused.status_code == 422
    assert "还有 1 处" in refused.text
    assert "新榜单" in refused.text  # what was typed is kept
    assert broker.submit(place, whole | {"version": "1"}).status_code == 303
    assert "已定稿" in broker.get(place).text
    late = broker.submit(place, whole | {"version": "1", "title": "别的名称"})
    assert late.status_code == 412
    assert "别的名称" in late.text
    assert broker.submit(f"{place}/remove", {"version": "1"}).status_code == 412
    assert broker.submit(f"{place}/remove", {"version": "2"}).status_code == 303
    assert broker.get(place).status_code == 404


def test_an_empty_title_is_refused_beside_its_field(surveyed: People, broker: Browser) -> None:
    call = made(surveyed.program(BROKER), list(weak(surveyed))[:1])
    response = broker.submit(f"/calls/{call['id']}", {"version": "1", "title": " "})
    assert response.status_code == 422
    assert 'id="title-problem"' in response.text


def test_a_draft_never_names_the_firm_of_any_demand(surveyed: People, program: TestClient) -> None:
    known = sorted(weak(surveyed).values(), key=lambda d: d.confidentiality == PUBLIC)[:30]
    closed = [d for d in known if d.confidentiality == BROKERS]
    call = made(program, [demand.id for demand in known])
    files = [program.get(f"{CALLS}/{call['id']}/file.{f}") for f in ("md", "docx")]
    opened = docx.Document(BytesIO(files[1].content))
    texts = [files[0].text, "\n".join(p.text for p in opened.paragraphs), str(call)]
    secrets = {s for d in known for s in (d.organisation, d.contact, d.phone) if s}
    assert len(secrets) > len(known)
    assert [s for s in secrets if any(s in text for text in texts)] == []
    assert 0 < len(closed) == call["fields"]["issuer"].count("征得企业同意")
    assert all(known[n].title[:2] in texts[1] for n in range(len(known)))


def test_what_a_text_says_of_its_firm_is_hidden_in_topics_drafts_and_files(
    surveyed: People, program: TestClient, broker: Browser
) -> None:
    firm, phone = "苏州华兴精密化工有限公司", "13812345678"
    texts = {
        "title": f"{firm}的含氟废水处理",
        "problem": f"我司{firm}（电话 {phone}）的废水含氟。",
        "indicators": f"出水氟不超过 2 mg/L，{firm}验收。",
        "goal": f"{firm}一年内用上。",
        "keywords": ("含氟废水", firm),
    }
    demand = Demand(id="d" + "7" * 28, organisation=firm, contact="顾明", phone=phone, **texts)
    surveyed.workspace.demands.save([demand])
    surveyed.workspace.catch_up()
    call = made(program, [demand.id])
    topic = broker.get(f"/calls/topic?ids={demand.id}")
    markdown = program.get(f"{CALLS}/{call['id']}/file.md")
    seen = [str(call), topic.text, markdown.text, markdown.headers["Content-Disposition"]]
    assert all("废水" in text for text in seen[:3])
    assert not any(s in text for s in (firm, "华兴", phone, "顾明") for text in seen)


def test_a_call_is_read_changed_with_its_etag_and_deleted(
    surveyed: People, program: TestClient
) -> None:
    call = made(program, list(weak(surveyed))[:1])
    place = f"{CALLS}/{call['id']}"
    assert program.get(place).json() == call
    assert program.put(place, json=body(call)).status_code == 428
    changed = program.put(place, json=body(call, deadline="十二个月"), headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    again = program.put(place, json=body(call, deadline="十二个月"), headers={"If-Match": '"1"'})
    assert again.headers["ETag"] == '"2"'  # it is so already
    stale = program.put(place, json=body(call, deadline="六个月"), headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert program.get(CALLS, params={"limit": 1}).json()["items"][0]["id"] == call["id"]
    assert program.delete(place, headers={"If-Match": '"2"'}).status_code == 204
    assert program.get(place).status_code == 404


def test_each_step_of_a_call_leaves_a_line_in_the_audit_log(
    surveyed: People, program: TestClient
) -> None:
    call = made(program, list(weak(surveyed))[:1])
    place, etag = f"{CALLS}/{call['id']}", {"If-Match": '"1"'}
    program.get(f"{place}/file.docx")
    program.put(place, json=body(call, funding="另议"), headers=etag)
    program.delete(place, headers={"If-Match": '"2"'})
    entries = surveyed.workspace.store.audit.page(limit=50, subject=call["id"])
    assert [e.action for e in entries] == ["call-remove", "call-change", "export", "call-add"]
    assert "另议" not in str(entries)


def test_calls_come_page_by_page_newest_first(surveyed: People, program: TestClient) -> None:
    ids = list(weak(surveyed))
    new = [made(program, [id_])["id"] for id_ in ids[:3]]
    first = program.get(CALLS, params={"limit": 2}).json()
    second = program.get(CALLS, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    shown = [call["id"] for call in (*first["items"], *second["items"])]
    assert shown == new[::-1]
    assert_calm_page(surveyed[BROKER].get("/calls/all"), 200)


def test_a_text_that_names_a_firm_is_pointed_out(surveyed: People, broker: Browser) -> None:
    [demand] = [d for d in weak(surveyed).values() if d.organisation][:1]
    call = made(surveyed.program(BROKER), [demand.id])
    place = f"/calls/{call['id']}"
    assert "透露企业身份" not in broker.get(place).text
    typed = body(call, problem=f"{demand.organisation}的产线")
    assert broker.submit(place, typed | {"version": "1"}).status_code == 303
    assert "“主要技术问题”中有可能透露企业身份" in broker.get(place).text


@pytest.mark.parametrize(
    ("ids", "status"),
    [([], 422), (["d" * 29], 404), (["\x00"], 404), ([f"d{n}" for n in range(31)], 422)],
)
def test_calls_are_made_of_some_published_demands(
    program: TestClient, ids: list[str], status: int
) -> None:
    assert program.post(CALLS, json={"demand_ids": ids}).status_code == status


def test_an_unknown_format_or_call_is_refused(program: TestClient) -> None:
    assert program.get(f"{CALLS}/l1/file.docx").status_code == 404
    assert program.get(f"{CALLS}/l1/file.pdf").status_code == 422
    assert program.get("/api/v1/topics?width=huge").status_code == 422


def test_a_service_without_demands_says_what_to_do(empty_people: People) -> None:
    response = empty_people[BROKER].get("/calls")
    assert_calm_page(response, 200)
    assert "没有需要揭榜的主题" in response.text
    assert empty_people[BROKER].get("/calls/all").status_code == 200
    assert empty_people[BROKER].get("/calls/topic?ids=d1").status_code == 404
    assert empty_people[BROKER].get("/calls/topic").status_code == 422
