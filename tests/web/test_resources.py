"""Resources over HTTP: as JSON and on pages, for those who may, with nothing lost on the way."""

from datetime import timedelta
from typing import Any

import pytest

from api.files import read_rows
from api.services.importing import import_file
from api.services.kinds import KINDS
from api.services.times import today
from matcher.values import RESOURCE_KINDS
from tests.web.checks import (
    DEMAND,
    DEMANDS,
    FIRST,
    RESOURCE,
    RESOURCES,
    Page,
    assert_calm_page,
    assert_problem,
)
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, People

RARE = "曲率引擎"
OVER = {"valid_until": str(today() - timedelta(days=1))}
TODAY = {"valid_until": str(today())}
FRUITLESS = RESOURCE | {"title": "", "amount_min": 500, "valid_until": "2025-02-30"}


def add(people: People, **changes: Any) -> str:
    answer = people.program(BROKER).post(RESOURCES, json=RESOURCE | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def typed(**changes: str) -> dict[str, str]:
    """What the form of ``RESOURCE`` sends."""
    given = {name: "、".join(v) if isinstance(v, list) else str(v) for name, v in RESOURCE.items()}
    del given["fields"]
    return given | {"fields-7": "资源与环境"} | changes


def titles(page: Page) -> list[str]:
    """Those in the list, marks and all."""
    return [row.find("a")[0].text for row in page.all("tr") if row.find("a")]


# JSON


def test_what_was_sent_comes_back_and_can_be_found_at_once(people: People) -> None:
    id_ = add(people)
    answer = people.program(BROKER).get(f"{RESOURCES}/{id_}")
    assert answer.headers["etag"] == '"1"'
    assert answer.json() == RESOURCE | {"id": id_, "category": None, "kind_name": "中试平台"}
    assert id_ in people.workspace.matchmaker.resources.index.stamps()


def test_a_change_names_its_version_and_what_is_deleted_can_be_restored(people: People) -> None:
    client, id_ = people.program(BROKER), add(people)
    address = f"{RESOURCES}/{id_}"
    assert_problem(client.put(address, json=RESOURCE), 428)
    assert client.put(address, json=RESOURCE | {"scale": "大"}, headers=FIRST).status_code == 200
    assert_problem(client.put(address, json=RESOURCE, headers=FIRST), 412)
    assert client.delete(address).status_code == 204
    assert_problem(client.get(address), 404)
    assert client.post(f"{address}/restore").json()["scale"] == "大"
    lines = people[ADMINISTRATOR].get("/api/v1/audit", params={"subject": id_}).json()
    actions = [line["action"] for line in reversed(lines)]
    assert actions == ["add", "change", "remove", "restore"]


def test_a_resource_sent_twice_under_one_key_is_one(people: People) -> None:
    headers = {"Idempotency-Key": "resource-0123456789"}
    client = people.program(BROKER)
    made = [client.post(RESOURCES, json=RESOURCE, headers=headers).json()["id"] for _ in range(2)]
    assert made[0] == made[1]


def test_every_mistake_is_named_by_its_field(people: People) -> None:
    client = people.program(BROKER)
    assert_problem(client.post(RESOURCES, json=FRUITLESS), 422, "title", "valid_until")
    for field, wrong in (
        ("kind", {"kind": "炼金"}),
        ("fields", {"fields": ["炼金术"]}),
        ("maturity_min", {"maturity_min": 8}),
        ("amount_min", {"amount_min": 301}),
        ("valid_from", {"valid_until": "2025-12-31"}),
        ("term", {"term": 0}),
    ):
        assert_problem(client.post(RESOURCES, json=RESOURCE | wrong), 422, field)


def test_the_list_is_narrowed_and_paged_and_the_export_has_the_same(
    people: People, tmp_path: Any
) -> None:
    client = people.program(BROKER)
    kept = [add(people, title=f"{RARE}{n}", kind="expert", **TODAY) for n in range(3)]
    add(people, title=f"{RARE}过期", kind="expert", **OVER)
    add(people, title=f"{RARE}远", kind="expert", region="山东")
    add(people, title=f"{RARE}别的", fields=["航空航天"])
    asked = {
        "q": RARE,
        "kind": "人才",
        "field": "资源与环境",
        "region": "江苏",
        "valid_on": str(today()),
    }
    first = client.get(RESOURCES, params=asked | {"limit": 2}).json()
    rest = client.get(RESOURCES, params=asked | {"cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == kept[::-1]
    assert (first["total"], rest["next_cursor"]) == (3, None)
    for suffix in ("csv", "xlsx"):
        answer = client.get(f"/api/v1/exports/resources.{suffix}", params=asked)
        path = tmp_path / f"resources.{suffix}"
        path.write_bytes(answer.content)
        rows = [row.cells for row in read_rows(path)]
        assert [row["资源名称"] for row in rows] == [f"{RARE}{n}" for n in range(3)]
        assert {row["资源类别"] for row in rows} == {"人才"}
    assert_problem(client.get(RESOURCES, params={"kind": "炼金"}), 422, "kind")
    assert_problem(client.get(RESOURCES, params={"valid_on": "明天"}), 422, "valid_on")


def test_an_export_can_be_imported_again_and_stores_nothing_twice(
    people: People, tmp_path: Any
) -> None:
    add(people, title="回路", kind="policy", **TODAY)
    path = tmp_path / "resources.csv"
    asked = {"q": "回路"}
    path.write_bytes(
        people.program(BROKER).get("/api/v1/exports/resources.csv", params=asked).content
    )
    done = import_file(people.workspace, KINDS["resources"], path)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 1)
    assert done.ignored == ("提交时间", "更新时间")


def test_enterprises_and_visitors_see_nothing_of_resources(people: People) -> None:
    id_ = add(people)
    for client in (people[ENTERPRISE], people.program(ENTERPRISE), people.visitor()):
        for address in (RESOURCES, f"{RESOURCES}/{id_}", "/resources", f"/resources/{id_}"):
            answer = client.get(address)
            assert answer.status_code in (303, 401, 403)
            assert RESOURCE["contact"] not in answer.text
            assert RESOURCE["title"] not in answer.text


# Pages


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("finance", ("额度", "20–300 万元", "期限", "12 个月", "适用阶段", "TRL 4–7")),
        ("expert", ("研究方向", "除氟、吸附剂", "所在单位", "可提供的服务", "中试放大、柱评价")),
        ("pilot", ("能力", "中试放大、柱评价", "设备", "挤出成型机", "规模", "年产 200 吨")),
        ("scenario", ("行业", "制造业", "需求方", "虚构中试基地", "条件", "保密协议")),
        ("policy", ("适用对象", "保密协议", "支持方式", "后补助", "有效期", "2026-01-01 至")),
    ],
)
def test_the_list_of_a_kind_shows_what_its_brokers_look_for(
    people: People, kind: str, shown: tuple[str, ...]
) -> None:
    name = f"{RARE}{kind}"
    add(people, kind=kind, title=name, category="后补助")
    page = Page.of(people[BROKER].get("/resources", params={"kind": kind, "q": name}))
    assert titles(page) == [name]
    table = page.one("table").text
    assert all(part in table for part in shown)
    [current] = [
        link for link in page.one("nav", class_="tabs").find("a") if link.get("aria-current")
    ]
    assert RESOURCE_KINDS[kind] in current.text
    one = Page.of(people[BROKER].get(page.one("table").find("a")[0].get("href") or ""))
    for part in (RESOURCE["summary"], RESOURCE["conditions"], RESOURCE["contact"]):
        assert part in one.html


def test_what_is_over_is_marked_and_in_a_list_of_its_own(people: People) -> None:
    browser, name = people[BROKER], f"{RARE}期"
    add(people, title=f"{name}甲", **OVER)
    add(people, title=f"{name}乙", **TODAY)
    add(people, title=f"{name}丙", valid_from=str(today() + timedelta(days=1)))
    page = Page.of(browser.get("/resources", params={"q": name}))
    assert titles(page) == [f"{name}丙", f"{name}乙"]
    assert ["未生效" in row.text for row in page.one("tbody").find("tr")] == [True, False]
    assert "今天截止" in page.one("tbody").text
    assert "另有 1 项已过期" in page.html
    over = Page.of(browser.get("/resources", params={"q": name, "state": "over"}))
    assert titles(over) == [f"{name}甲"]
    assert "已过期" in over.one("tbody").text


def test_a_list_without_anything_says_what_to_do(empty_people: People) -> None:
    browser = empty_people[BROKER]
    for address, said in (
        ("/resources", "新增第一项"),
        ("/resources?kind=policy", "库中还没有政策"),
        ("/resources?q=zzz", "查看全部资源"),
        ("/resources?state=over", "没有已过期的资源"),
    ):
        assert said in Page.of(browser.get(address)).one("div", class_="empty").text
    assert_calm_page(browser.get("/resources?kind=alchemy"), 422)
    assert titles(Page.of(browser.get("/resources?q=%00"))) == []


def test_the_form_shows_the_fields_of_its_kind_without_a_script(people: People) -> None:
    browser = people[BROKER]
    doors = Page.of(browser.get("/resources/new")).one("div", class_="kinds")
    assert len(doors.find("a")) == len(RESOURCE_KINDS)
    names = {
        kind: {
            one.get("name") for one in Page.of(browser.get(f"/resources/new?kind={kind}")).elements
        }
        for kind in RESOURCE_KINDS
    }
    assert {"amount_max", "term"} <= names["finance"]
    assert not {"equipment", "scale"} & names["finance"]
    assert {"services", "equipment", "scale"} <= names["pilot"]
    assert "term" not in names["pilot"]
    assert "source" in names["policy"]


def test_another_kind_keeps_all_that_was_typed(people: People) -> None:
    sent = typed(kind="finance", switch="1", title="")
    page = Page.of(people[BROKER].submit("/resources/new", sent))
    for name in ("summary", "equipment", "scale", "amount_max"):
        assert page.value_of(name) == sent[name]
    assert "需要修改" not in page.html


def test_a_form_makes_one_resource_however_often_it_is_sent(people: People) -> None:
    browser = people[BROKER]
    number = Page.of(browser.get("/resources/new?kind=pilot")).value_of("submission") or ""
    sent = [browser.submit("/resources/new", typed(submission=number)) for _ in range(2)]
    assert {answer.status_code for answer in sent} == {303}
    assert sent[0].headers["location"] == sent[1].headers["location"]
    kept = people.program(BROKER).get(f"/api/v1{sent[0].headers['location']}").json()
    assert {name: kept[name] for name in RESOURCE} == RESOURCE
    other = browser.submit("/resources/new", typed(submission=number, title="另一条"))
    assert other.headers["location"] != sent[0].headers["location"]


def test_a_mistake_is_shown_beside_its_field_with_all_that_was_typed(people: People) -> None:
    sent = typed(title="", amount_min="很多", maturity_min="9", kind="policy")
    answer = people[BROKER].submit("/resources/new", sent)
    assert answer.status_code == 422
    page = Page.of(answer)
    assert [link.get("href") for link in page.one("div", class_="problem").find("a")] == [
        "#title",
        "#amount_min",
    ]
    for name in ("amount_min", "maturity_min", "equipment", "region"):
        assert page.value_of(name) == sent[name]
    [ticked] = [box for box in page.all("input", type="checkbox") if "checked" in box.attributes]
    assert ticked.get("value") == "资源与环境"


def test_an_edit_changes_what_it_shows_and_nothing_else(people: People) -> None:
    browser, id_ = people[BROKER], add(people)
    page = Page.of(browser.get(f"/resources/{id_}/edit"))
    sent = {
        str(one.get("name")): page.value_of(str(one.get("name"))) or ""
        for one in page.elements
        if one.get("name") in RESOURCE or one.get("name") == "version"
    }
    answer = browser.submit(
        f"/resources/{id_}/edit", sent | {"fields-1": "资源与环境", "scale": "小"}
    )
    assert answer.status_code == 303, answer.text
    kept = people.program(BROKER).get(f"{RESOURCES}/{id_}").json()
    assert {name: kept[name] for name in RESOURCE} == RESOURCE | {"scale": "小"}


def test_who_saves_second_is_told_and_loses_nothing(people: People) -> None:
    browser, id_ = people[BROKER], add(people)
    page = f"/resources/{id_}/edit"
    assert browser.submit(page, typed(version="1", scale="先")).status_code == 303
    told = browser.submit(page, typed(version="1", scale="后"))
    assert told.status_code == 412
    shown = Page.of(told)
    assert (shown.value_of("scale"), shown.value_of("version")) == ("后", "2")
    assert browser.submit(page, typed(version="2", scale="后")).status_code == 303


def test_an_expired_page_keeps_what_was_typed(people: People) -> None:
    for page in ("/resources/new", f"/resources/{add(people)}/edit"):
        answer = people[BROKER].post(page, data=typed(form_token="old", version="1"))
        assert answer.status_code == 403
        assert Page.of(answer).value_of("summary") == RESOURCE["summary"]


def test_a_removed_resource_is_gone_and_comes_back(people: People) -> None:
    browser, id_ = people[BROKER], add(people, title=f"{RARE}删")
    gone = Page.of(browser.submit(f"/resources/{id_}/remove"))
    assert gone.one("form", action=f"/resources/{id_}/restore")
    assert browser.get(f"/resources/{id_}").status_code == 404
    assert titles(Page.of(browser.get("/resources", params={"q": f"{RARE}删"}))) == []
    back = browser.submit(f"/resources/{id_}/restore")
    assert back.headers["location"] == f"/resources/{id_}"
    assert browser.get(f"/resources/{id_}").status_code == 200


def test_a_resource_shows_demands_with_its_rare_words_but_money_and_the_past_do_not(
    people: People,
) -> None:
    made = people.program(BROKER).post(DEMANDS, json=DEMAND).json()["id"]
    for changes, shown in (
        ({}, True),
        ({"kind": "finance"}, False),
        (OVER, False),
        ({"fields": ["航空航天"]}, False),
    ):
        page = Page.of(people[BROKER].get(f"/resources/{add(people, **changes)}"))
        assert (f"/demands/{made}" in page.html) is shown, changes
    assert "相同的词" in Page.of(people[BROKER].get(f"/resources/{add(people)}")).html


def test_hostile_texts_stay_texts(people: People) -> None:
    nasty = "<script>alert(1)</script>"
    words = dict.fromkeys(("title", "summary", "conditions", "provider", "scale", "contact"), nasty)
    id_ = add(people, **words, keywords=[nasty], services=[nasty])
    for address in ("/resources", f"/resources/{id_}", f"/resources/{id_}/edit"):
        page = Page.of(people[BROKER].get(address))
        assert nasty not in page.html
        assert page.strange_scripts() == []
