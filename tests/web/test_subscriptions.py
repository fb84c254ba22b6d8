"""Subscriptions in the browser and as JSON: made, shown, changed, ended, and nobody else's."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.services import catalogue
from api.services.drafts import AchievementDraft
from api.services.kinds import ACHIEVEMENTS as OFFERS
from api.services.workspace import Workspace
from api.smtp import Smtp
from api.store.subscriptions import Subscription
from tests.web.checks import ACHIEVEMENT, DEMAND, DEMANDS, Page, assert_calm_page, assert_problem
from tests.web.people import ADMINISTRATOR, BROKER, Browser, People

API = "/api/v1/subscriptions"
TEXT = "光伏清洗含氟废水深度除氟，出水氟离子低于 1.5 mg/L，吸附剂可再生"
FORM = {"text": TEXT, "direction": "achievements", "min_grade": "2", "frequency": "daily"}
SMTP = Smtp(
    public_url="https://kjj.example",
    smtp_host="127.0.0.1",
    smtp_security="none",
    smtp_from="hongniang@kjj.example",
)


@pytest.fixture
def broker(people: People) -> Iterator[Browser]:
    """Somebody without subscriptions."""
    browser = people[BROKER]
    yield browser
    for one in kept(people):
        browser.submit(f"/subscriptions/{one.id}/remove")


@pytest.fixture
def mailed(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server is set, and the broker has an address."""
    monkeypatch.setattr(people.workspace, "smtp", SMTP)
    people[BROKER].submit("/account/email", {"email": "lin.jing@kjj.example"})


def kept(people: People) -> list[Subscription]:
    account = people.workspace.store.accounts.named(BROKER)
    assert account is not None
    return people.workspace.store.subscriptions.of(account.id)


def subscribe(browser: Browser, **changes: str) -> str:
    """The page of the new subscription."""
    response = browser.submit("/subscriptions", FORM | changes)
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def add_offer(workspace: Workspace, number: int) -> str:
    values = ACHIEVEMENT | {"title": f"铝改性吸附剂深度除氟技术第{number}代"}
    return catalogue.add(workspace, OFFERS, AchievementDraft.model_validate(values)).id


def test_without_subscriptions_the_page_says_how_to_begin(broker: Browser) -> None:
    page = Page.of(broker.get("/subscriptions"))
    assert "还没有订阅" in page.text_of("main")
    assert page.all("textarea")


def test_what_was_there_already_is_not_new_and_what_comes_is(
    people: People, broker: Browser
) -> None:
    address = subscribe(broker)
    page = Page.of(broker.get(address))
    assert "还没有新的配对" in page.text_of("main")
    id_ = add_offer(people.workspace, 31)
    ran = broker.submit(f"{address}/run")
    new = ran.headers["location"].partition("?ran=")[2]  # others may have got a better grade by it
    assert int(new) >= 1
    listed = Page.of(broker.get("/subscriptions")).text_of("main")
    assert f"{new} 项新" in listed
    shown = broker.get(ran.headers["location"])
    assert f"新增 {new} 项" in Page.of(shown).text_of("main")
    assert f'href="/achievements/{id_}"' in shown.text
    assert "项新" not in broker.get("/subscriptions").text
    again = broker.submit(f"{address}/run")
    assert again.headers["location"].endswith("?ran=0")


def test_all_that_is_there_is_told_if_that_is_wished(broker: Browser) -> None:
    page = broker.get(subscribe(broker, existing="on"))
    found = Page.of(page)
    assert "还没有新的配对" not in found.text_of("main")
    assert re.search(r'href="/achievements/a\w+"', page.text)
    assert "相关" in found.text_of("main")


def test_what_was_deleted_since_is_not_shown(people: People, broker: Browser) -> None:
    address = subscribe(broker)
    id_ = add_offer(people.workspace, 32)
    broker.submit(f"{address}/run")
    catalogue.remove(people.workspace, OFFERS, id_)
    page = broker.get(address)
    assert id_ not in page.text
    assert "已被删除或退回" in page.text


def test_a_record_is_followed_by_its_id(people: People, broker: Browser) -> None:
    sent = people.program(BROKER).post(DEMANDS, json=DEMAND | {"confidentiality": "brokers"}).json()
    page = Page.of(broker.get(f"/subscriptions/new?record={sent['id']}"))
    assert DEMAND["title"] in page.text_of("main")
    assert page.all("textarea") == []
    address = subscribe(broker, text="", record=sent["id"], existing="on")
    [one] = kept(people)
    assert (one.record_id, one.text, one.name) == (sent["id"], None, DEMAND["title"])
    people.program(BROKER).delete(f"{DEMANDS}/{sent['id']}", headers={"If-Match": '"1"'})
    gone = Page.of(broker.get(address))
    assert "已被删除" in gone.text_of("main")
    assert broker.submit(f"{address}/run").status_code == 404
    assert broker.get(f"/subscriptions/new?record={sent['id']}").status_code == 404


def test_the_form_can_be_filled_from_a_search(broker: Browser) -> None:
    query = {"text": "<b>除氟", "direction": "demands", "field": "资源与环境", "band": "样品样机"}
    response = broker.get("/subscriptions/new", params=query)
    Page.of(response)
    assert "&lt;b&gt;除氟" in response.text
    assert 'value="demands" checked' in response.text
    assert "<option selected>资源与环境</option>" in response.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": " \n\t "}, "请写下"),
        ({"text": "氟" * 20_001}, "上限"),
        ({"min_grade": "1"}, "最低等级"),
        ({"min_grade": "x"}, "最低等级"),
        ({"frequency": "hourly"}, "通知时间"),
        ({"band": "没有"}, "没有“没有”这一档"),
        ({"field": "炼金术"}, "炼金术"),
        ({"name": "名" * 101}, "100 字"),
        ({"direction": "both"}, "成果还是需求"),
        ({"by_email": "on"}, "邮件服务器"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    people: People, broker: Browser, changes: dict[str, str], message: str
) -> None:
    typed = FORM | {"name": "我的名称", "existing": "on"} | changes
    response = broker.submit("/subscriptions", typed)
    assert response.status_code == 422
    page = Page.of(response)
    assert message in page.text_of("main")
    if typed["text"].strip():
        assert typed["text"] in response.text
    assert typed["name"] in response.text
    assert 'name="existing" checked' in response.text
    assert kept(people) == []


@pytest.mark.usefixtures("mailed")
def test_letters_need_an_address(people: People, broker: Browser) -> None:
    subscribe(broker, by_email="on")
    [one] = kept(people)
    assert one.by_email
    broker.submit("/account/email", {"email": ""})
    refused = broker.submit("/subscriptions", FORM | {"min_grade": "4", "by_email": "on"})
    assert refused.status_code == 422
    assert "填写邮箱" in refused.text


def test_sent_twice_it_is_kept_once(people: People, broker: Browser) -> None:
    assert subscribe(broker) == subscribe(broker)
    assert subscribe(broker, field="资源与环境") != subscribe(broker)
    assert len(kept(people)) == 2


def test_it_can_be_renamed_paused_resumed_and_removed(people: People, broker: Browser) -> None:
    address = subscribe(broker)
    changes = {"name": "除 氟\u202e\n", "min_grade": "4", "frequency": "weekly"}
    assert broker.submit(f"{address}/edit", changes).status_code == 303
    [one] = kept(people)
    assert (one.name, one.min_grade, one.frequency) == ("除 氟", 4, "weekly")
    refused = broker.submit(f"{address}/edit", changes | {"min_grade": "9", "name": "别名"})
    assert refused.status_code == 422
    assert "别名" in refused.text
    broker.submit(f"{address}/pause")
    assert "已暂停" in Page.of(broker.get(address)).text_of("main")
    broker.submit(f"{address}/resume")
    assert kept(people)[0].paused_at is None
    assert broker.submit(f"{address}/remove").headers["location"] == "/subscriptions"
    assert_calm_page(broker.get(address), 404)
    audit = [line.action for line in people.workspace.store.audit.page(5)]
    assert audit[0] == "unsubscribe"
    assert "subscription-change" in audit


def test_subscriptions_of_others_are_not_there(people: People, broker: Browser) -> None:
    address = subscribe(broker)
    other = people[ADMINISTRATOR]
    assert "订阅" in Page.of(other.get("/subscriptions")).text_of("main")
    assert address not in other.get("/subscriptions").text
    assert other.get(address).status_code == 404
    for act in ("edit", "run", "pause", "resume", "feed", "remove"):
        assert other.submit(f"{address}/{act}", FORM).status_code == 404
    id_ = address.rpartition("/")[2]
    assert people.program(ADMINISTRATOR).delete(f"{API}/{id_}").status_code == 404
    assert people.program(ADMINISTRATOR).get(API).json() == []
    assert [one.id for one in kept(people)] == [id_]


def test_a_form_from_elsewhere_changes_nothing(people: People, broker: Browser) -> None:
    address = subscribe(broker)
    assert broker.post(f"{address}/remove", data={}).status_code == 403
    assert len(kept(people)) == 1


def test_hostile_texts_are_only_texts(people: People, broker: Browser) -> None:
    nasty = "</textarea><script>alert(1)</script>{{ 7*7 }} 除氟\0"
    address = subscribe(broker, text=nasty, name=nasty[:60])
    for page in (address, "/subscriptions"):
        found = Page.of(broker.get(page))
        assert found.strange_scripts() == []
        assert "alert(1)" in found.text_of("main")
    assert "\0" not in (kept(people)[0].text or "")


def test_the_address_of_letters_is_checked_and_stays_typed(people: People) -> None:
    browser = people[BROKER]
    for wrong in (
        "lin.jing",
        "lin jing@x.example",
        "a@b@c",
        "x" * 250 + "@kjj.example",
        "林@某.例",
    ):
        response = browser.submit("/account/email", {"email": wrong})
        assert response.status_code == 422
        assert "邮箱地址不正确" in Page.of(response).text_of("main")
        assert wrong in response.text
    assert browser.submit("/account/email", {"email": " Lin.Jing@KJJ.Example "}).status_code == 303
    assert "Lin.Jing@kjj.example" in browser.get("/account").text
    last = people.workspace.store.audit.page(1)[0]
    assert last.action == "email"
    assert "kjj" not in json.dumps(last.details)


def test_as_json_it_is_added_listed_and_deleted(people: People, broker: Browser) -> None:
    client = people.program(BROKER)
    body: dict[str, Any] = {"text": TEXT, "min_grade": 2, "filters": {"field": "资源与环境"}}
    made = client.post(API, json=body)
    assert made.status_code == 201
    shown = made.json()
    assert shown["filters"] == {"field": "资源与环境"}
    assert shown["direction"] == "achievements"
    assert client.get(API).json() == [shown | {"last_at": client.get(API).json()[0]["last_at"]}]
    assert client.get(shown["feed"]).status_code == 200
    assert client.delete(f"{API}/{shown['id']}").status_code == 204
    assert client.get(API).json() == []
    assert client.delete(f"{API}/{shown['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": TEXT, "record_id": "d1"}, 422),
        ({"record_id": "d-nobody"}, 404),
        ({"record_id": "\0"}, 404),
        ({"text": TEXT, "min_grade": 1}, 422),
        ({"text": TEXT, "frequency": "hourly"}, 422),
        ({"text": TEXT, "filters": {"band": "没有"}}, 422),
        ({"text": TEXT, "filters": {"nobody": "x"}}, 422),
        ({"text": TEXT, "by_email": True}, 422),
    ],
)
def test_json_that_cannot_be_is_refused(
    people: People, broker: Browser, body: dict[str, Any], status: int
) -> None:
    assert_problem(people.program(BROKER).post(API, json=body), status)
    assert kept(people) == []
