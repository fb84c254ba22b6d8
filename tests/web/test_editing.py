"""Two people edit one record: the second is told, loses nothing, and can save after looking."""

from typing import Any

import pytest

from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    FIRST,
    PRIVATE,
    Page,
    assert_calm_page,
    assert_problem,
    typed_form,
)
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, OTHER, People

INPUT = {DEMANDS: DEMAND, ACHIEVEMENTS: ACHIEVEMENT}
BASES = [DEMANDS, ACHIEVEMENTS]


@pytest.fixture
def own(people: People) -> str:
    """A demand that an enterprise submitted while it was signed in."""
    return str(people[ENTERPRISE].write("POST", DEMANDS, json=DEMAND).json()["id"])


@pytest.fixture
def hidden(people: People) -> str:
    """The same, for brokers only."""
    body = DEMAND | {"confidentiality": "brokers"}
    return str(people[ENTERPRISE].write("POST", DEMANDS, json=body).json()["id"])


def audited(people: People, id_: str) -> list[tuple[str, str]]:
    """Who did what to a record, oldest first."""
    lines = people[ADMINISTRATOR].get("/api/v1/audit", params={"subject": id_}).json()
    return [(line["who"], line["action"]) for line in reversed(lines)]


# JSON


@pytest.mark.parametrize("base", BASES)
def test_a_change_names_the_version_that_it_changes(people: People, base: str) -> None:
    client = people.program(BROKER)
    address = f"{base}/{client.post(base, json=INPUT[base]).json()['id']}"
    assert client.get(address).headers["etag"] == '"1"'
    assert_problem(client.put(address, json=INPUT[base]), 428)
    changed = client.put(address, json=INPUT[base] | {"title": "第二版"}, headers=FIRST)
    assert changed.status_code == 200
    seen = client.get(address)
    assert (seen.headers["etag"], seen.json()["title"]) == ('"2"', "第二版")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("tag", ['"7"', '"0"', "1", "*", 'W/"1"', '"x"', '"-1"', "", '"1", "2"'])
def test_a_change_to_any_other_version_is_refused(people: People, base: str, tag: str) -> None:
    client = people.program(BROKER)
    address = f"{base}/{client.post(base, json=INPUT[base]).json()['id']}"
    before = client.get(address)
    for method, body in (("PUT", INPUT[base] | {"title": "覆盖"}), ("DELETE", None)):
        response = client.request(method, address, json=body, headers={"If-Match": tag})
        assert assert_problem(response, 412)["type"] == "/problems/edit-conflict"
    assert client.get(address).json() == before.json()
    assert client.get(address).headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize("base", BASES)
def test_of_two_who_change_one_record_the_second_is_told(people: People, base: str) -> None:
    first, second = people.program(BROKER), people.program(ADMINISTRATOR)
    address = f"{base}/{first.post(base, json=INPUT[base]).json()['id']}"
    tags = [{"If-Match": client.get(address).headers["etag"]} for client in (first, second)]
    body = INPUT[base] | {"title": "先保存的"}
    assert first.put(address, json=body, headers=tags[0]).status_code == 200
    body = INPUT[base] | {"title": "后保存的"}
    assert_problem(second.put(address, json=body, headers=tags[1]), 412)
    now = {"If-Match": second.get(address).headers["etag"]}
    assert second.put(address, json=body, headers=now).status_code == 200
    assert second.get(address).json()["title"] == "后保存的"


@pytest.mark.parametrize("base", BASES)
def test_a_removed_record_can_be_restored_as_it_was(people: People, base: str) -> None:
    client = people.program(BROKER)
    address = f"{base}/{client.post(base, json=INPUT[base]).json()['id']}"
    before = client.get(address).json()
    assert client.delete(address, headers=FIRST).status_code == 204
    assert_problem(client.get(address), 404)
    assert_problem(client.put(address, json=INPUT[base], headers=FIRST), 404)
    assert client.post(f"{address}/restore").status_code == 200
    assert client.get(address).json() == before
    assert_problem(client.post(f"{address}/restore"), 404)


# Pages


def test_an_edit_has_no_steps(people: People, own: str) -> None:
    assert "下一步" in people[ENTERPRISE].get("/demands/new").text
    page = people[ENTERPRISE].get(f"/demands/{own}/edit").text
    assert "保存修改" in page
    assert "下一步" not in page


def test_two_edit_one_demand_and_the_second_loses_nothing(people: People, own: str) -> None:
    page, first, second = f"/demands/{own}/edit", people[ENTERPRISE], people[BROKER]
    versions = first.version(page), second.version(page)
    saved = first.submit(page, typed_form(version=versions[0], title="企业先改的"))
    assert (saved.status_code, saved.headers["location"]) == (303, f"/demands/{own}")
    typed = typed_form(version=versions[1], title="经理人后改的", goal="<b>还没有</b>保存的话")
    told = second.submit(page, typed)
    assert told.status_code == 412
    shown = Page.of(told)
    assert "刚被别人修改过" in shown.text_of("div", class_="problem")
    for name in DEMAND:
        assert shown.value_of(name) == typed[name]
    assert second.get(f"{DEMANDS}/{own}").json()["title"] == "企业先改的"
    again = typed | {"version": shown.value_of("version") or ""}
    assert second.submit(page, again).status_code == 303
    assert first.get(f"{DEMANDS}/{own}").json()["title"] == "经理人后改的"


def test_who_is_told_and_saves_again_too_late_is_told_again(people: People, own: str) -> None:
    page, first, second = f"/demands/{own}/edit", people[ENTERPRISE], people[BROKER]
    typed = typed_form(version=second.version(page))
    first.submit(page, typed_form(version=first.version(page), title="第一次"))
    shown = Page.of(second.submit(page, typed))
    first.submit(page, typed_form(version=first.version(page), title="第二次"))
    late = second.submit(page, typed | {"version": shown.value_of("version") or ""})
    assert late.status_code == 412
    assert first.get(f"{DEMANDS}/{own}").json()["title"] == "第二次"


@pytest.mark.parametrize("version", ["", "0", "2", "x", "-1", "1.0", "9" * 30, "１"])
def test_an_edit_without_a_version_that_holds_is_refused(
    people: People, own: str, version: str
) -> None:
    response = people[BROKER].submit(f"/demands/{own}/edit", typed_form(version=version))
    assert response.status_code == 412
    assert people[BROKER].get(f"{DEMANDS}/{own}").headers["etag"] == '"1"'


def test_a_mistake_is_shown_with_all_that_was_typed(people: People, own: str) -> None:
    typed = typed_form(version="1", field="炼金术", title="")
    response = people[ENTERPRISE].submit(f"/demands/{own}/edit", typed)
    assert response.status_code == 422
    page = Page.of(response)
    for name, value in typed.items():
        assert page.value_of(name) == value


def test_the_edit_page_is_filled_with_what_is_stored(people: People, own: str) -> None:
    page = Page.of(people[ENTERPRISE].get(f"/demands/{own}/edit"))
    for name, value in typed_form().items():
        assert page.value_of(name) == value


# Whose it is


def test_an_enterprise_changes_its_own_demands_only(people: People, own: str, hidden: str) -> None:
    other, unowned = people[OTHER], min(people.workspace.demands.stamps())
    assert people.workspace.demands.stored(unowned) is not None
    published = {"json": {"verdict": "publish"}, "headers": FIRST}  # or others would see no trace
    assert people[BROKER].write("POST", f"{DEMANDS}/{own}/review", **published).status_code == 200
    for id_, status in ((own, 403), (unowned, 403), (hidden, 404), ("nobody", 404)):
        before = people.workspace.demands.stamps()
        address = f"{DEMANDS}/{id_}"
        attempts: list[tuple[str, dict[str, Any]]] = [
            ("PUT", {"json": DEMAND, "headers": FIRST}),
            ("DELETE", {}),
            ("DELETE", {"headers": {"If-Match": '"7"'}}),
        ]
        for method, options in attempts:
            assert_problem(other.write(method, address, **options), status)
        page = f"/demands/{id_}"
        assert_calm_page(other.get(f"{page}/edit"), status)
        assert_calm_page(other.submit(f"{page}/edit", typed_form(version="1")), status)
        assert_calm_page(other.submit(f"{page}/remove"), status)
        assert people.workspace.demands.stamps() == before


def test_an_enterprise_changes_and_removes_its_own(people: People, own: str) -> None:
    mine, address = people[ENTERPRISE], f"{DEMANDS}/{own}"
    body = DEMAND | {"title": "自己改的"}
    assert mine.write("PUT", address, json=body, headers=FIRST).status_code == 200
    assert "自己改的" in mine.get("/").text
    assert mine.write("DELETE", address).status_code == 204
    assert "自己改的" not in mine.get("/").text
    assert_problem(mine.write("POST", f"{address}/restore"), 403)


def test_who_owns_a_demand_stays_when_a_broker_changes_it(people: People, own: str) -> None:
    page, broker = f"/demands/{own}/edit", people[BROKER]
    broker.submit(page, typed_form(version="1", confidentiality="brokers"))
    assert people[ENTERPRISE].get(f"{DEMANDS}/{own}").json()["phone"] == DEMAND["phone"]
    assert_problem(people[OTHER].get(f"{DEMANDS}/{own}"), 404)


def test_a_demand_is_removed_and_restored_on_pages(people: People, own: str) -> None:
    mine, broker, page = people[ENTERPRISE], people[BROKER], f"/demands/{own}"
    removed = mine.submit(f"{page}/remove")
    assert removed.status_code == 200
    assert Page.of(removed).all("form", action=f"{page}/restore") == []
    assert_calm_page(mine.get(page), 404)
    assert_calm_page(mine.submit(f"{page}/edit", typed_form(version="1")), 404)
    assert_calm_page(mine.submit(f"{page}/restore"), 403)
    assert broker.submit(f"{page}/restore").status_code == 303
    assert mine.get(page).status_code == 200
    assert Page.of(broker.submit(f"{page}/remove")).one("form", action=f"{page}/restore")


# The audit log


def test_all_of_it_is_noted_without_any_text(people: People, own: str) -> None:
    mine, broker, page = people[ENTERPRISE], people[BROKER], f"/demands/{own}"
    mine.submit(f"{page}/edit", typed_form(version="1", title="留痕的修改"))
    broker.submit(f"{page}/edit", typed_form(version="1"))  # refused, so nothing to note
    broker.write("PUT", f"{DEMANDS}/{own}", json=DEMAND, headers={"If-Match": '"2"'})
    mine.submit(f"{page}/remove")
    broker.submit(f"{page}/restore")
    mine.write("DELETE", f"{DEMANDS}/{own}")
    broker.write("POST", f"{DEMANDS}/{own}/restore")
    assert audited(people, own) == [
        (ENTERPRISE, "submit"),
        (ENTERPRISE, "change"),
        (BROKER, "change"),
        (ENTERPRISE, "remove"),
        (BROKER, "restore"),
        (ENTERPRISE, "remove"),
        (BROKER, "restore"),
    ]
    administrator = people[ADMINISTRATOR]
    lines = administrator.get("/api/v1/audit", params={"limit": 100}).text
    shown = administrator.get("/audit", params={"subject": own})
    assert len(Page.of(shown).one("tbody").find("tr")) == 7
    for secret in (*PRIVATE, DEMAND["title"], "留痕的修改", DEMAND["problem"], *DEMAND["keywords"]):
        assert secret not in lines
        assert secret not in shown.text
