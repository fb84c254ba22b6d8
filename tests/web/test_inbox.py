"""收件箱: brokers read what was sent in, publish it or return it; enterprises hear why."""

import re

import pytest

from api.services.accounts import account_named
from api.services.reviewing import RETURN_REASONS
from tests.web.checks import DEMAND, DEMANDS, FIRST, Page, assert_problem, typed_form
from tests.web.people import BROKER, ENTERPRISE, Browser, People

PUBLISH = {"verdict": "publish"}


@pytest.fixture
def broker(people: People) -> Browser:
    return people[BROKER]


@pytest.fixture
def emptied(people: People) -> People:
    """An inbox in which nothing waits when the test begins."""
    for id_ in waiting(people):
        decide(people, id_, PUBLISH)
    return people


def send(people: People, title: str = "磁流体密封漏气", **changes: object) -> str:
    """A demand of an enterprise; its id."""
    body = DEMAND | {"title": title} | changes
    return str(people.program(ENTERPRISE).post(DEMANDS, json=body).json()["id"])


def waiting(people: People) -> list[str]:
    listed = people.program(BROKER).get(DEMANDS, params={"state": "pending", "limit": 100}).json()
    return [item["id"] for item in listed["items"]]


def decide(people: People, id_: str, verdict: dict[str, str], etag: str = "") -> int:
    program = people.program(BROKER)
    etag = etag or program.get(f"{DEMANDS}/{id_}").headers["etag"]
    address = f"{DEMANDS}/{id_}/review"
    return program.post(address, json=verdict, headers={"If-Match": etag}).status_code


def state(people: People, id_: str) -> str:
    return str(people.program(BROKER).get(f"{DEMANDS}/{id_}").json()["state"])


def picked(*ids: str, version: int = 1, **more: str) -> dict[str, str]:
    """What a browser sends for these checkboxes."""
    fields = {f"pick-{id_}": "1" for id_ in ids}
    return fields | {f"version-{id_}": str(version) for id_ in ids} | more


# JSON


def test_programs_of_brokers_list_and_review(emptied: People) -> None:
    id_ = send(emptied)
    assert waiting(emptied) == [id_]
    program, address = emptied.program(BROKER), f"{DEMANDS}/{id_}/review"
    assert_problem(program.post(address, json=PUBLISH), 428)
    assert_problem(program.post(address, json={"verdict": "return"}, headers=FIRST), 422, "note")
    assert_problem(program.post(address, json={"verdict": "x"}, headers=FIRST), 422, "verdict")
    said = {"verdict": "return", "note": "请补充指标。"}
    answer = program.post(address, json=said, headers=FIRST)
    assert (answer.json()["state"], answer.json()["review_note"]) == ("returned", "请补充指标。")
    assert answer.headers["etag"] == '"2"'
    assert_problem(program.post(address, json=PUBLISH, headers=FIRST), 412)
    assert waiting(emptied) == []


def test_an_enterprise_may_not_ask_for_a_state(people: People) -> None:
    for wanted in ("pending", "published"):
        answer = people.program(ENTERPRISE).get(DEMANDS, params={"state": wanted})
        assert_problem(answer, 403)
    assert_problem(people.program(BROKER).get(DEMANDS, params={"state": "x"}), 422, "state")


# The list


def test_the_inbox_lists_what_waits_with_what_would_tell(emptied: People, broker: Browser) -> None:
    firm = "沧浪密封科技有限公司"
    first = send(emptied, "沧浪密封的泵漏油", organisation=firm)
    second = send(emptied, "<b>辊道</b>打滑", confidentiality="brokers")
    page = Page.of(broker.get("/inbox"))
    titles = [e for e in page.all("h2") if e.find("a")]
    assert [e.text for e in titles] == ["沧浪密封的泵漏油", "<b>辊道</b>打滑"]
    assert [mark.text for mark in titles[0].find("mark")] == ["沧浪密封"]
    assert page.html.count("会让人看出是哪家单位") == 1
    assert page.html.count("仅经理人可见") == 1
    assert [e.get("href") for e in titles[0].find("a")] == [f"/inbox/{first}?order=waiting"]
    found = Page.of(broker.get("/inbox", params={"q": "辊道", "order": "coach"}))
    assert second in found.html
    assert first not in found.html
    assert found.value_of("q") == "辊道"


def test_an_empty_inbox_says_so_and_what_to_do_next(emptied: People, broker: Browser) -> None:
    assert "收件箱已清空" in Page.of(broker.get("/inbox")).text_of("main")
    for wanted in ("returned", "published"):
        Page.of(broker.get("/inbox", params={"state": wanted}))
    assert "查看全部" in Page.of(broker.get("/inbox", params={"q": "没有这个"})).html


def test_the_inbox_is_paged(emptied: People, broker: Browser) -> None:
    ids = [send(emptied, f"翻页{n}") for n in range(21)]
    first = Page.of(broker.get("/inbox"))
    assert [id_ for id_ in ids if f'name="pick-{id_}"' in first.html] == ids[:20]
    [address] = [e.get("href") for e in first.all("a") if e.text == "下一页"]
    second = Page.of(broker.get(address or ""))
    assert [id_ for id_ in ids if f'name="pick-{id_}"' in second.html] == ids[20:]
    assert Page.of(broker.get("/inbox?page=500")).all("li", class_="item") == []
    assert broker.get("/inbox?page=0").status_code == 422


def test_several_are_published_at_once(emptied: People, broker: Browser) -> None:
    ids = [send(emptied, f"一起{n}") for n in range(3)]
    answer = broker.submit("/inbox", picked(*ids[:2], verdict="publish"))
    assert answer.status_code == 303
    assert "已发布 2 条需求" in Page.of(broker.get(answer.headers["location"])).html
    assert [state(emptied, id_) for id_ in ids] == ["published", "published", "pending"]


def test_one_is_published_by_its_own_button_whatever_is_picked(
    emptied: People, broker: Browser
) -> None:
    ids = [send(emptied, f"单独{n}") for n in range(2)]
    answer = broker.submit("/inbox", picked(*ids) | {"publish": ids[1]})
    assert answer.status_code == 303
    assert [state(emptied, id_) for id_ in ids] == ["pending", "published"]


def test_several_are_returned_with_one_reason(emptied: People, broker: Browser) -> None:
    ids = [send(emptied, f"退回{n}") for n in range(2)]
    typed = picked(*ids, verdict="return", note="尤其是流量。")
    without = broker.submit("/inbox", picked(*ids, verdict="return"))
    assert "请写明退回的理由" in Page.of(without).text_of("div", role="alert")
    assert without.status_code == 422
    boxes = Page.of(without).all("input", type="checkbox")
    checked = [e.get("name") for e in boxes if "checked" in e.attributes and e.get("name")]
    assert checked == [f"pick-{id_}" for id_ in ids]
    assert broker.submit("/inbox", typed | {"reason": "指标不清"}).status_code == 303
    told = emptied.program(ENTERPRISE).get(f"{DEMANDS}/{ids[0]}").json()
    assert told["review_note"] == f"指标不清：{RETURN_REASONS['指标不清']}尤其是流量。"
    assert ids[1] in broker.get("/inbox?state=returned").text


def test_nothing_changes_if_one_of_several_was_changed_meanwhile(
    emptied: People, broker: Browser
) -> None:
    ids = [send(emptied, f"冲突{n}") for n in range(3)]
    decide(emptied, ids[1], PUBLISH)
    typed = picked(*ids, verdict="return", reason="重复提交", note="请看原件")
    answer = broker.submit("/inbox", typed)
    page = Page.of(answer)
    assert answer.status_code == 412
    named = page.one("div", role="alert").find("li")
    assert [e.text for e in named] == ["冲突1"]
    assert page.value_of("note") == "请看原件"
    assert page.value_of("reason") == "重复提交"
    assert [state(emptied, id_) for id_ in ids] == ["pending", "published", "pending"]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"verdict": "publish"}, 422),
        (picked("d0", verdict="publish"), 412),
        (picked("d0", verdict="publish", version=-1), 412),
        ({"pick-d0": "1", "version-d0": "9" * 30, "verdict": "publish"}, 412),
        ({"publish": "不存在"}, 404),
        ({"pick-": "1", "verdict": "publish"}, 412),
        ({"pick-d\0": "1", "verdict": "publish"}, 412),
    ],
)
def test_what_nobody_would_send_is_refused_calmly(
    broker: Browser, typed: dict[str, str], status: int
) -> None:
    assert broker.submit("/inbox", typed).status_code == status


# One demand


def test_the_whole_text_stands_beside_what_the_public_will_see(
    emptied: People, broker: Browser
) -> None:
    id_ = send(emptied, "沧浪密封的泵漏油", organisation="沧浪密封科技有限公司")
    page = Page.of(broker.get(f"/inbox/{id_}"))
    first = page.all("section", class_="row")[0]
    assert [e.text for e in first.find("mark")] == ["沧浪密封"]
    assert [e.text for e in first.find("span")] == ["〔已隐去〕"]
    assert "与原文相同" in page.all("section", class_="row")[3].text
    assert "沧浪密封科技有限公司" in page.html


def test_after_a_decision_the_next_one_opens(emptied: People, broker: Browser) -> None:
    ids = [send(emptied, f"依次{n}") for n in range(3)]
    assert "第 2 条，共 3 条" in Page.of(broker.get(f"/inbox/{ids[1]}")).html
    for now, then in ((1, 2), (2, 0)):
        typed = {f"version-{ids[now]}": "1", "verdict": "publish"}
        answer = broker.submit(f"/inbox/{ids[now]}", typed)
        place = answer.headers["location"]
        assert place.startswith(f"/inbox/{ids[then]}?")
        assert f"已发布“依次{now}”" in Page.of(broker.get(place)).html
    typed = {f"version-{ids[0]}": "1", "verdict": "return", "reason": "重复提交"}
    last = broker.submit(f"/inbox/{ids[0]}", typed)
    assert last.headers["location"] == "/inbox?done=return"
    assert "收件箱已清空" in broker.get(last.headers["location"]).text


def test_what_was_typed_stays_when_the_review_cannot_be_done(
    emptied: People, broker: Browser
) -> None:
    id_ = send(emptied)
    address, version = f"/inbox/{id_}", f"version-{id_}"
    other = {version: "1", "verdict": "return", "reason": "其他"}
    refused = broker.submit(address, other)
    assert refused.status_code == 422
    assert Page.of(refused).value_of("reason") == "其他"
    too_long = broker.submit(address, other | {"note": "字" * 501})
    assert Page.of(too_long).value_of("note") == "字" * 501
    expired = broker.post(address, data=other | {"note": "补充<b>", "form_token": "0" * 64})
    assert expired.status_code == 403
    assert Page.of(expired).value_of("note") == "补充<b>"
    decide(emptied, id_, PUBLISH)
    late = broker.submit(address, other | {"note": "晚了"})
    assert (late.status_code, Page.of(late).value_of("note")) == (412, "晚了")
    assert state(emptied, id_) == "published"


def test_a_demand_is_changed_and_published(emptied: People, broker: Browser) -> None:
    id_ = send(emptied)
    address = f"/inbox/{id_}/edit"
    assert Page.of(broker.get(address)).value_of("title") == "磁流体密封漏气"
    wrong = broker.submit(address, typed_form(version="1", title=""))
    assert wrong.status_code == 422
    late = broker.submit(address, typed_form(version="7", title="改过"))
    assert (late.status_code, Page.of(late).value_of("title")) == (412, "改过")
    assert state(emptied, id_) == "pending"
    done = broker.submit(address, typed_form(version=broker.version(address), title="改过"))
    assert done.headers["location"] == "/inbox?done=publish"
    seen = emptied.program(BROKER).get(f"{DEMANDS}/{id_}").json()
    assert (seen["state"], seen["title"]) == ("published", "改过")


def test_what_is_not_there_has_no_review_page(broker: Browser) -> None:
    for address in ("/inbox/nobody", "/inbox/nobody/edit", "/inbox/d%00"):
        assert broker.get(address).status_code == 404


# What the others see


def test_the_page_of_a_demand_tells_brokers_who_reviewed_it(
    emptied: People, broker: Browser
) -> None:
    id_ = send(emptied)
    assert "待审核" in Page.of(broker.get(f"/demands/{id_}")).text_of("p", class_="lead")
    broker.submit(f"/inbox/{id_}", {f"version-{id_}": "1", "verdict": "publish"})
    told = Page.of(broker.get(f"/demands/{id_}")).text_of("p", class_="lead")
    assert "已发布" in told
    assert BROKER in told
    owner = Page.of(emptied[ENTERPRISE].get(f"/demands/{id_}"))
    assert "已发布" in owner.text_of("p", class_="lead")
    assert BROKER not in owner.html


def test_an_enterprise_reads_why_and_its_change_is_reviewed_again(
    emptied: People, broker: Browser
) -> None:
    enterprise, id_ = emptied[ENTERPRISE], send(emptied, "退改")
    decide(emptied, id_, {"verdict": "return", "note": "请写明<寿命>。"})
    mine = Page.of(enterprise.get("/"))
    [told] = [e for e in mine.all("li") if "退改" in e.text]
    assert "已退回" in told.text
    assert "请写明<寿命>。" in told.text
    [edit] = [e.get("href") or "" for e in told.find("a") if e.text == "按意见修改"]
    typed = typed_form(version=enterprise.version(edit), title="退改好了")
    assert enterprise.submit(edit, typed).status_code == 303
    assert waiting(emptied) == [id_]
    assert "曾退回：请写明" in Page.of(broker.get("/inbox")).html
    assert re.search("退改好了</a> <span[^>]*>待审核", enterprise.get("/").text)


def test_every_decision_is_in_the_audit_log(emptied: People) -> None:
    id_ = send(emptied)
    decide(emptied, id_, {"verdict": "return", "note": "秘密的理由"})
    decide(emptied, id_, PUBLISH)
    entries = emptied.workspace.store.audit.page(9, subject=id_)
    assert [entry.action for entry in entries] == ["publish", "return", "submit"]
    account = account_named(emptied.workspace, BROKER)
    assert {entry.account_id for entry in entries[:2]} == {account.id}
    assert "秘密的理由" not in str(entries)
