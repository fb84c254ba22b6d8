"""Drafts of the form: nothing typed is lost, and one code leads from the draft to the receipt."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select, update

from api.security.roles import SYSTEM, Actor, Role
from api.security.tokens import hash_of, new_token
from api.services.cases import open_case
from api.services.draft_room import DraftRoom
from api.services.reviewing import Verdict, review
from api.store.tables import CaseRow, DraftRow
from tests.web.checks import DEMAND, FORM, Page, assert_calm_page, assert_problem, typed_form
from tests.web.people import BROKER, ENTERPRISE, OTHER, Browser, People, set_column

DRAFTS = "/api/v1/drafts"
CODE = re.compile(r"(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}")
HALF = {"title": "只写了一半的需求", "problem": "写到这里"}
TEXTS = ("problem", "indicators", "goal")


def begun(browser: Browser, **typed: str) -> tuple[str, str]:
    """A draft as the script of the form makes it: its code, and its version."""
    body = {"typed": HALF | typed, "submission": new_token()}
    answer = browser.write("POST", DRAFTS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["code"], answer.json()["version"]


def kept(browser: Browser, **typed: str) -> str:
    """The address of a draft that was kept with the button."""
    number = Page.of(browser.get(FORM)).value_of("submission") or ""
    response = browser.submit(FORM, HALF | typed | {"submission": number, "save": "1"})
    assert response.status_code == 303, Page.of(response).text_of("main")
    return str(response.headers["location"])


def sent(browser: Browser, place: str, **changes: str) -> Response:
    return browser.submit(place, typed_form(**changes))


def rows(people: People) -> list[DraftRow]:
    with people.workspace.store.database.reading() as session:
        return list(session.scalars(select(DraftRow)))


def code_in(place: str) -> str:
    return CODE.findall(place)[0]


def reviewed(people: People, code: str, verdict: Verdict, reason: str = "") -> None:
    """A broker publishes or returns what was sent under a code."""
    found = people.workspace.demands.by_receipt(hash_of(code.replace("-", "")))
    assert found is not None
    account = people.workspace.store.accounts.named(BROKER)
    assert account is not None
    actor = Actor(account.id, account.name, Role.broker)
    review(people.workspace, actor, verdict, found.record.id, found.version, reason)


def ended(browser: Browser) -> None:
    """The session of this browser ends elsewhere; its cookie stays."""
    elsewhere = Browser(browser.app)  # type: ignore[arg-type]
    elsewhere.cookies.update(browser.cookies)
    assert elsewhere.submit("/logout").status_code == 303


# Kept and opened


def test_a_form_is_kept_with_a_button_and_opens_as_it_was_left(people: People) -> None:
    browser = people.visitor()
    place = kept(browser, budget="很多", goal="  还没想好\n第二行 ")
    assert re.fullmatch(r"/demands/drafts/" + CODE.pattern, place)
    shown = Page.of(people.visitor().get(place))
    for name, value in (HALF | {"budget": "很多", "goal": "  还没想好\n第二行 "}).items():
        assert shown.value_of(name) == value
    assert shown.all("p", class_="wrong") == []
    assert code_in(place) in shown.text_of("form", id="demand")
    assert "30 天" in shown.text_of("form", id="demand")


def test_the_database_knows_neither_the_code_nor_what_it_follows_from_alone(
    people: People,
) -> None:
    code, _ = begun(people.visitor())
    bare = code.replace("-", "")
    [row] = [row for row in rows(people) if row.receipt_hash == hash_of(bare)]
    assert bare not in str(row.typed)
    assert code not in str(row.typed)


def test_the_code_of_a_draft_is_that_of_the_receipt(people: People) -> None:
    browser = people.visitor()
    place = kept(browser)
    response = sent(browser, place)
    assert (response.status_code, response.headers["location"]) == (
        303,
        f"/receipts/{code_in(place)}",
    )
    assert DEMAND["title"] in browser.get(response.headers["location"]).text
    assert browser.get(place).headers["location"] == response.headers["location"]
    assert hash_of(code_in(place).replace("-", "")) not in {r.receipt_hash for r in rows(people)}


def test_a_code_of_a_draft_is_found_where_receipts_are_looked_up(people: People) -> None:
    place = kept(people.visitor())
    spelled = code_in(place).lower().replace("-", " ")
    found = people.visitor().get("/receipts", params={"code": spelled})
    assert (found.status_code, found.headers["location"]) == (303, place)


def test_a_draft_that_never_was_is_not_found_and_what_was_typed_stays(people: People) -> None:
    browser, nowhere = people.visitor(), "/demands/drafts/AAAA-BBBB"
    assert_calm_page(browser.get(nowhere), 404)
    page = assert_calm_page(sent(browser, nowhere, title="还在"), 404)
    assert page.value_of("title") == "还在"
    assert page.one("form", id="demand").get("action") == FORM


def test_drafts_that_nobody_changes_for_30_days_are_removed(people: People) -> None:
    browser = people.visitor()
    old, _ = begun(browser, title="旧草稿")
    moment = max(row.updated_at for row in rows(people))
    set_column(people.workspace, DraftRow, updated_at=moment - timedelta(days=29))
    begun(browser)
    assert browser.get(f"/demands/drafts/{old}").status_code == 200
    set_column(people.workspace, DraftRow, updated_at=moment - timedelta(days=31))
    begun(browser)
    assert_calm_page(browser.get(f"/demands/drafts/{old}"), 404)
    assert len(rows(people)) == 1


def test_a_draft_can_be_thrown_away(people: People) -> None:
    browser = people.visitor()
    place = kept(browser)
    assert browser.submit(f"{place}/discard").headers["location"] == FORM
    assert_calm_page(browser.get(place), 404)
    assert browser.submit(f"{place}/discard").status_code == 303


# JSON


def test_saving_says_when_and_which_version_it_is(people: People) -> None:
    browser = people.visitor()
    code, first = begun(browser)
    body: dict[str, Any] = {"typed": {"title": "改了"}, "version": first}
    saved = browser.write("PUT", f"{DRAFTS}/{code}", json=body)
    assert saved.status_code == 200
    assert saved.json()["version"] != first
    assert re.fullmatch(r"\d\d:\d\d", saved.json()["saved"])
    shown = Page.of(browser.get(f"/demands/drafts/{code}"))
    assert (shown.value_of("title"), shown.value_of("problem")) == ("改了", "")
    assert shown.value_of("seen") == saved.json()["version"]


def test_of_two_windows_the_second_is_told_and_can_decide(people: People) -> None:
    browser = people.visitor()
    code, first = begun(browser)
    address = f"{DRAFTS}/{code}"
    one: dict[str, Any] = {"typed": {"title": "甲窗口"}, "version": first}
    assert browser.write("PUT", address, json=one).status_code == 200
    two: dict[str, Any] = {"typed": {"title": "乙窗口"}, "version": first}
    told = assert_problem(browser.write("PUT", address, json=two), 409)
    assert told["type"] == "/problems/draft-conflict"
    assert Page.of(browser.get(f"/demands/drafts/{code}")).value_of("title") == "甲窗口"
    assert browser.write("PUT", address, json=two | {"version": None}).status_code == 200
    assert Page.of(browser.get(f"/demands/drafts/{code}")).value_of("title") == "乙窗口"


def test_saving_the_same_again_is_no_conflict(people: People) -> None:
    browser = people.visitor()
    code, first = begun(browser)
    body = {"typed": {"title": "一样"}, "version": first}
    answers = [browser.write("PUT", f"{DRAFTS}/{code}", json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["version"] == answers[1].json()["version"]


def test_one_form_is_one_draft_however_often_it_is_begun(people: People) -> None:
    browser, before = people.visitor(), len(rows(people))
    body = {"typed": HALF, "submission": new_token()}
    codes = {browser.write("POST", DRAFTS, json=body).json()["code"] for _ in range(2)}
    assert (len(codes), len(rows(people))) == (1, before + 1)
    short = {"typed": HALF, "submission": "太短的编号"}
    others = {browser.write("POST", DRAFTS, json=short).json()["code"] for _ in range(2)}
    assert len(others) == 2


@pytest.mark.parametrize("letter", ["字", "😀", "a"])
def test_a_draft_holds_20_kilobytes_and_no_more(people: People, letter: str) -> None:
    browser = people.visitor()
    size = len(letter.encode())
    fits = {"typed": {"problem": letter * (19_000 // size)}}
    assert browser.write("POST", DRAFTS, json=fits).status_code == 201
    code, version = begun(browser)
    large = {"typed": {"problem": letter * (20_100 // size)}, "version": version}
    refused = browser.write("PUT", f"{DRAFTS}/{code}", json=large)
    assert "20 KB" in assert_problem(refused, 422)["detail"]
    assert Page.of(browser.get(f"/demands/drafts/{code}")).value_of("title") == HALF["title"]


def test_a_draft_that_is_unknown_or_sent_cannot_be_saved(people: People) -> None:
    browser = people.visitor()
    body = {"typed": HALF, "version": None}
    assert_problem(browser.write("PUT", f"{DRAFTS}/nobody", json=body), 404)
    code, _ = begun(browser)
    sent(browser, f"/demands/drafts/{code}")
    told = assert_problem(browser.write("PUT", f"{DRAFTS}/{code}", json=body), 409)
    assert told["type"] == "/problems/draft-sent"
    assert_problem(browser.write("POST", DRAFTS, json={"typed": {"nonsense": "x"}}), 422)


# Sent


def test_a_draft_that_is_sent_twice_is_one_demand(people: People) -> None:
    browser = people.visitor()
    place, before = kept(browser), people.workspace.demands.count()
    places = {sent(browser, place).headers["location"] for _ in range(2)}
    assert places == {f"/receipts/{code_in(place)}"}
    assert people.workspace.demands.count() == before + 1


def test_a_draft_that_is_sent_by_several_at_once_is_one_demand(people: People) -> None:
    browsers = [people.visitor() for _ in range(4)]
    place, before = kept(browsers[0]), people.workspace.demands.count()
    for browser in browsers:
        browser.form_token()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda browser: sent(browser, place), browsers))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert people.workspace.demands.count() == before + 1


def test_a_form_whose_draft_was_made_meanwhile_sends_that_draft(people: People) -> None:
    """The script made a draft, but the page was sent before it knew its code."""
    browser, number = people.visitor(), new_token()
    body = {"typed": HALF, "submission": number}
    code = browser.write("POST", DRAFTS, json=body).json()["code"]
    response = sent(browser, FORM, submission=number)
    assert response.headers["location"] == f"/receipts/{code}"
    assert browser.get(f"/demands/drafts/{code}").status_code == 303


def test_another_tab_with_other_content_is_told_and_may_change_what_was_sent(
    people: People,
) -> None:
    browser = people.visitor()
    place, before = kept(browser), people.workspace.demands.count()
    sent(browser, place)
    told = sent(browser, place, goal="另一个标签页里写的目标。")
    assert told.status_code == 409
    page = Page.of(told)
    assert "已经提交过" in page.text_of("div", class_="decide")
    for name, value in typed_form(goal="另一个标签页里写的目标。").items():
        assert page.value_of(name) == value
    change = {"change-sent": "1"}
    changed = sent(browser, place, goal="另一个标签页里写的目标。", **change)
    assert changed.headers["location"] == f"/receipts/{code_in(place)}"
    stored = people.workspace.demands.by_receipt(hash_of(code_in(place).replace("-", "")))
    assert stored is not None
    assert (stored.record.goal, stored.state) == ("另一个标签页里写的目标。", "pending")
    assert people.workspace.demands.count() == before + 1


def test_what_is_published_cannot_be_changed_with_its_code(people: People) -> None:
    browser = people.visitor()
    place = kept(browser)
    sent(browser, place)
    reviewed(people, code_in(place), Verdict.publish)
    told = sent(browser, place, goal="发布以后才写的。")
    assert told.status_code == 409
    page = Page.of(told)
    assert page.value_of("goal") == "发布以后才写的。"
    assert page.all("button", name="change-sent") == []
    refused = sent(browser, place, goal="发布以后才写的。", **{"change-sent": "1"})
    assert refused.status_code == 409
    assert Page.of(refused).value_of("goal") == "发布以后才写的。"
    assert_calm_page(browser.submit(f"/receipts/{code_in(place)}/revise"), 403)
    assert browser.get(f"/demands/drafts/{code_in(place)}").status_code == 303


def test_without_a_script_a_second_window_keeps_its_text_and_can_decide(people: People) -> None:
    browser = people.visitor()
    place = kept(browser)
    seen = Page.of(browser.get(place)).value_of("seen") or ""
    first = {"title": "甲", "seen": seen, "save": "1"}
    assert browser.submit(place, first).status_code == 303
    second = {"title": "乙", "goal": "乙的目标", "seen": seen, "save": "1"}
    told = browser.submit(place, second)
    assert told.status_code == 409
    page = Page.of(told)
    assert "另一窗口改过这份草稿" in page.text_of("div", class_="decide")
    assert (page.value_of("title"), page.value_of("goal")) == ("乙", "乙的目标")
    assert page.one("a", href=place).text == "载入那边的内容"
    assert Page.of(browser.get(place)).value_of("title") == "甲"
    assert browser.submit(place, second | {"save": "mine"}).status_code == 303
    assert Page.of(browser.get(place)).value_of("title") == "乙"


# Returned


def test_what_was_returned_is_changed_under_the_same_code(people: People) -> None:
    browser = people.visitor()
    receipt = sent(browser, kept(browser)).headers["location"]
    reviewed(people, code_in(receipt), Verdict.return_, "请写明 <b>氟离子</b> 的限值。")
    shown = Page.of(browser.get(receipt))
    assert "已退回" in shown.text_of("h1")
    assert "请写明 <b>氟离子</b> 的限值。" in shown.text_of("div", class_="problem")
    opened = browser.submit(f"{receipt}/revise")
    form = Page.of(browser.get(opened.headers["location"]))
    for name, value in typed_form().items():
        assert form.value_of(name) == value
    assert "请写明 <b>氟离子</b> 的限值。" in form.text_of("main")
    again = sent(browser, opened.headers["location"], indicators="出水氟离子低于 1 mg/L。")
    assert again.headers["location"] == receipt
    assert "待审核" in Page.of(browser.get(receipt)).text_of("main")
    assert browser.get(opened.headers["location"]).headers["location"] == receipt
    stored = people.workspace.demands.by_receipt(hash_of(code_in(receipt).replace("-", "")))
    assert stored is not None
    assert stored.record.indicators == "出水氟离子低于 1 mg/L。"


def test_a_revision_that_is_opened_twice_keeps_what_was_typed(people: People) -> None:
    browser = people.visitor()
    receipt = sent(browser, kept(browser)).headers["location"]
    place = browser.submit(f"{receipt}/revise").headers["location"]
    browser.submit(place, typed_form(goal="改到一半", save="mine"))
    assert browser.submit(f"{receipt}/revise").headers["location"] == place
    assert Page.of(browser.get(place)).value_of("goal") == "改到一半"
    assert browser.submit(f"{place}/discard").status_code == 303
    assert DEMAND["title"] in browser.get(receipt).text


def test_a_revision_that_was_left_is_not_older_than_what_was_sent_since(people: People) -> None:
    browser = people.signed_in(ENTERPRISE)
    receipt = sent(browser, kept(browser)).headers["location"]
    place = browser.submit(f"{receipt}/revise").headers["location"]
    found = people.workspace.demands.by_receipt(hash_of(code_in(receipt).replace("-", "")))
    assert found is not None
    address = f"/demands/{found.record.id}/edit"
    typed = typed_form(version=browser.version(address), goal="后来改过的预期目标。")
    assert browser.submit(address, typed).status_code == 303
    assert browser.submit(f"{receipt}/revise").headers["location"] == place
    assert Page.of(browser.get(place)).value_of("goal") == "后来改过的预期目标。"


def test_a_revision_of_what_was_deleted_meanwhile_stays_on_its_page(people: People) -> None:
    browser = people.signed_in(ENTERPRISE)
    receipt = sent(browser, kept(browser)).headers["location"]
    place = browser.submit(f"{receipt}/revise").headers["location"]
    found = people.workspace.demands.by_receipt(hash_of(code_in(receipt).replace("-", "")))
    assert found is not None
    assert browser.submit(f"/demands/{found.record.id}/remove").status_code == 200
    answer = sent(browser, place, goal="这些话不能丢。")
    assert answer.status_code == 409
    assert Page.of(answer).value_of("goal") == "这些话不能丢。"


def test_a_budget_is_offered_again_to_the_last_digit(people: People) -> None:
    browser = people.visitor()
    receipt = sent(browser, kept(browser), budget="1234567.89").headers["location"]
    place = browser.submit(f"{receipt}/revise").headers["location"]
    assert Page.of(browser.get(place)).value_of("budget") == "1234567.89"


def test_a_draft_leads_to_no_address_that_somebody_made_up(people: People) -> None:
    browser = people.visitor()
    place = kept(browser, edits="../../logout?x=")
    assert browser.get(place).status_code == 200


@pytest.mark.parametrize("verdict", [None, Verdict.publish, Verdict.return_])
def test_a_receipt_says_where_the_demand_stands_and_shows_none_of_its_texts(
    people: People, verdict: Verdict | None
) -> None:
    browser = people.visitor()
    receipt = sent(browser, kept(browser)).headers["location"]
    if verdict:
        reviewed(people, code_in(receipt), verdict, "理由在此。")
    page = Page.of(browser.get(receipt))
    name = {None: "待审核", Verdict.publish: "已发布", Verdict.return_: "已退回"}[verdict]
    assert name in page.text_of("section", class_="receipt")
    assert ("谢谢" in page.text_of("h1")) == (verdict is None)
    for private in ("problem", "indicators", "goal", "organisation", "contact", "phone"):
        assert DEMAND[private] not in page.html
    forms = [form.get("action") for form in page.all("form")]
    assert (f"{receipt}/revise" in forms) == (verdict is not Verdict.publish)


def test_a_receipt_tells_what_brokers_released_and_nothing_else_of_it(people: People) -> None:
    browser, space = people.visitor(), people.workspace
    receipt = sent(browser, kept(browser)).headers["location"]
    stored = space.demands.by_receipt(hash_of(code_in(receipt).replace("-", "")))
    assert stored is not None
    ids = sorted(space.achievements.stamps())[:2]
    offers = space.achievements.get_many(ids)
    with space.store.writing() as unit:
        cases = [open_case(space, unit, SYSTEM, stored.record.id, id_) for id_ in ids]
    set_column(space, CaseRow, next_step="只给经理人看的下一步")
    released = update(CaseRow).where(CaseRow.id == cases[0])
    with space.store.writing() as unit:
        unit.session.execute(released.values(released_at=unit.moment))
    page = Page.of(browser.get(receipt))
    shown = page.one("table", class_="stacked").text
    assert offers[ids[0]].title in shown
    assert offers[ids[1]].title not in page.html
    assert "下一步" not in shown


# Those who have signed in


def test_an_enterprise_sees_its_drafts_and_nobody_elses(people: People) -> None:
    mine = people[ENTERPRISE]
    code, _ = begun(mine, title="<b>我的</b>草稿")
    begun(people.visitor(), title="别人的草稿")
    start = Page.of(mine.get("/"))
    shown = start.text_of("section", class_="panel")
    assert "<b>我的</b>草稿" in shown
    assert "别人的草稿" not in start.html
    assert start.one("a", href=f"/demands/drafts/{code}")
    assert "我的</b>草稿" not in people[OTHER].get("/").text
    assert mine.submit(f"/demands/drafts/{code}/discard").headers["location"] == "/"
    assert f"/demands/drafts/{code}" not in mine.get("/").text


def test_a_draft_that_a_visitor_began_belongs_to_who_goes_on_with_it(people: People) -> None:
    code, version = begun(people.visitor(), title="先写后登录")
    mine = people[ENTERPRISE]
    body = {"typed": {"title": "先写后登录的"}, "version": version}
    assert mine.write("PUT", f"{DRAFTS}/{code}", json=body).status_code == 200
    assert "先写后登录的" in mine.get("/").text
    body = {"typed": {"title": "又有别人来写"}, "version": None}
    assert people[OTHER].write("PUT", f"{DRAFTS}/{code}", json=body).status_code == 200
    assert "又有别人来写" not in people[OTHER].get("/").text


def test_an_account_has_at_most_fifty_drafts(people: People) -> None:
    browser = people[OTHER]
    for _ in range(50):
        begun(browser)
    refused = browser.write("POST", DRAFTS, json={"typed": HALF})
    assert "50" in assert_problem(refused, 422)["detail"]


@pytest.fixture
def full(people: People, monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of a visitor's draft that leaves no room for another."""
    code, _ = begun(people.visitor(), title="最后一份")
    store = people.workspace.store
    count = store.drafts.count_of_nobody(1000)
    monkeypatch.setattr(people.workspace, "draft_room", DraftRoom(store, count))
    return code


def test_without_room_a_form_is_shown_again_and_can_be_sent(people: People, full: str) -> None:
    browser, before = people.visitor(), len(rows(people))
    page = assert_calm_page(sent(browser, FORM, save="1", title="没有位置的"), 503)
    assert page.value_of("title") == "没有位置的"
    assert "直接提交" in page.text_of("main")
    assert len(rows(people)) == before
    made = sent(browser, FORM, title="没有位置的", submission=new_token())
    assert made.headers["location"].startswith("/receipts/")


def test_without_room_the_interface_says_so_and_living_drafts_are_kept(
    people: People, full: str
) -> None:
    browser = people.visitor()
    refused = browser.write("POST", DRAFTS, json={"typed": HALF})
    told = assert_problem(refused, 503)
    assert told["type"] == "/problems/drafts-full"
    assert "直接提交" in told["detail"]
    assert int(refused.headers["retry-after"]) > 0
    body = {"typed": {"title": "接着写"}, "version": None}
    assert browser.write("PUT", f"{DRAFTS}/{full}", json=body).status_code == 200


def test_without_room_a_form_that_is_begun_again_is_still_its_draft(
    people: People, full: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, body = people.visitor(), {"typed": HALF, "submission": new_token()}
    room = people.workspace.draft_room
    monkeypatch.setattr(people.workspace, "draft_room", DraftRoom(room._store, room.most + 1))
    first = browser.write("POST", DRAFTS, json=body)
    again = browser.write("POST", DRAFTS, json=body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["code"] == again.json()["code"]


def test_the_drafts_of_accounts_need_no_room(people: People, full: str) -> None:
    begun(people.signed_in(ENTERPRISE))


def test_without_room_what_was_typed_when_a_session_ended_stays_on_its_page(
    people: People, full: str
) -> None:
    browser = people.signed_in(ENTERPRISE)
    ended(browser)
    shown = sent(browser, FORM, signed_in="1", submission=new_token(), title="过期时没有位置")
    assert assert_calm_page(shown, 503).value_of("title") == "过期时没有位置"
    shown = sent(browser, "/demands/d1/edit", title="修改时没有位置")
    assert assert_calm_page(shown, 401).value_of("title") == "修改时没有位置"


def test_the_last_contact_is_proposed_to_who_gave_it_and_to_nobody_else(people: People) -> None:
    sent(people[ENTERPRISE], FORM, submission=new_token(), contact="只有自己看得到的人")
    page = Page.of(people[ENTERPRISE].get(FORM))
    assert page.value_of("contact") == "只有自己看得到的人"
    for name in ("organisation", "region", "phone"):
        assert page.value_of(name) == DEMAND[name]
    assert page.value_of("title") == ""
    for browser in (people.visitor(), people[BROKER]):
        assert Page.of(browser.get(FORM)).value_of("contact") == ""


# A session that ends in the middle


def test_a_form_sent_after_the_session_ended_is_kept_and_one_may_choose(people: People) -> None:
    browser, before = people.signed_in(ENTERPRISE), people.workspace.demands.count()
    page = Page.of(browser.get(FORM))
    hidden = {name: page.value_of(name) or "" for name in ("submission", "signed_in")}
    ended(browser)
    response = sent(browser, FORM, title="登录过期时写的", **hidden)
    place = response.headers["location"]
    assert place.endswith("?left=1")
    shown = Page.of(browser.get(place))
    assert shown.value_of("title") == "登录过期时写的"
    assert "还没有提交" in shown.text_of("div", class_="decide")
    draft = place.removesuffix("?left=1")
    assert shown.one("a", href=f"/login?next={draft}")
    assert sent(browser, draft, title="登录过期时写的", signed_in="1").status_code == 303
    assert people.workspace.demands.count() == before
    assert browser.sign_in(ENTERPRISE, next=draft).headers["location"] == draft
    assert "problem decide" not in browser.get(draft).text
    receipt = sent(browser, draft, title="登录过期时写的", signed_in="1").headers["location"]
    assert receipt == f"/receipts/{code_in(draft)}"
    assert "登录过期时写的" in browser.get("/").text


def test_one_may_also_send_without_signing_in_again(people: People) -> None:
    browser = people.signed_in(ENTERPRISE)
    number = Page.of(browser.get(FORM)).value_of("submission") or ""
    ended(browser)
    typed = {"signed_in": "1", "submission": number, "title": "不登录也提交"}
    draft = sent(browser, FORM, **typed).headers["location"].removesuffix("?left=1")
    receipt = sent(browser, draft, **typed, unsigned="1").headers["location"]
    assert receipt == f"/receipts/{code_in(draft)}"
    assert "不登录也提交" not in people[ENTERPRISE].get("/").text


def test_an_edit_sent_after_the_session_ended_is_there_after_the_login(people: People) -> None:
    browser = people.signed_in(ENTERPRISE)
    made = browser.write("POST", "/api/v1/demands", json=DEMAND).json()["id"]
    address = f"/demands/{made}/edit"
    shown = Page.of(browser.get(address))
    mark = {name: shown.value_of(name) or "" for name in ("version", "served")}
    typed = typed_form(**mark, goal="登录过期前写的长长的目标。")
    ended(browser)
    told = browser.submit(address, typed)
    assert told.status_code == 401
    link = Page.of(told).one("a", class_="button").get("href") or ""
    assert "登录后继续" in told.text
    login = browser.submit(link, {"name": ENTERPRISE, "password": "一句很容易记住的话呀"})
    assert login.status_code == 303
    form = Page.of(browser.get(login.headers["location"]))
    for name, value in typed.items():
        assert form.value_of(name) == value
    code = form.value_of("draft") or ""
    assert browser.get(f"/demands/drafts/{code}").headers["location"].startswith(address)
    assert f'href="/demands/drafts/{code}"' in browser.get("/").text
    assert browser.submit(address, typed | {"draft": code}).status_code == 303
    assert browser.get(f"/api/v1/demands/{made}").json()["goal"] == "登录过期前写的长长的目标。"
    assert_calm_page(browser.get(f"/demands/drafts/{code}"), 404)


def test_a_version_that_is_no_number_of_ours_is_a_conflict(people: People) -> None:
    browser = people.signed_in(ENTERPRISE)
    made = browser.write("POST", "/api/v1/demands", json=DEMAND).json()["id"]
    answer = browser.submit(f"/demands/{made}/edit", typed_form(version="1" * 5000))
    assert answer.status_code == 412


def test_what_was_typed_for_one_demand_is_not_shown_for_another(people: People) -> None:
    browser = people.signed_in(ENTERPRISE)
    ids = [browser.write("POST", "/api/v1/demands", json=DEMAND).json()["id"] for _ in range(2)]
    mark = Page.of(browser.get(f"/demands/{ids[0]}/edit")).value_of("served") or ""
    ended(browser)
    typed = typed_form(goal="属于第一条的话", served=mark)
    assert not CODE.search(browser.submit(f"/demands/{ids[1]}/edit", typed).text)
    told = browser.submit(f"/demands/{ids[0]}/edit", typed)
    code = CODE.findall(told.text)[0]
    browser.sign_in(ENTERPRISE)
    assert "属于第一条的话" not in browser.get(f"/demands/{ids[1]}/edit?draft={code}").text
    assert "属于第一条的话" in browser.get(f"/demands/{ids[0]}/edit?draft={code}").text
    refused = people[OTHER].get(f"/demands/{ids[0]}/edit?draft={code}")
    assert refused.status_code in (403, 404)
    shown = people[BROKER].get(f"/demands/{ids[0]}/edit?draft={code}")
    assert "属于第一条的话" not in shown.text
    assert "不是您本人" in Page.of(shown).text_of("div", class_="problem")
    saved = people.visitor().write("PUT", f"{DRAFTS}/{code}", json={"typed": {"goal": "别人的话"}})
    assert_problem(saved, 404)
    assert "属于第一条的话" in browser.get(f"/demands/{ids[0]}/edit?draft={code}").text


@pytest.mark.parametrize("forged", ["", "d1 a1.x", "{id} {broker}", "{id} {broker}.c2ln", "是"])
def test_no_link_puts_a_strangers_words_into_the_form_of_an_edit(
    people: People, forged: str
) -> None:
    id_ = min(people.workspace.demands.stamps())
    account = people.workspace.store.accounts.named(BROKER)
    assert account is not None
    stranger, words = people.visitor(), "陌生人想让经理人保存的话"
    mark = forged.format(id=id_, broker=account.id)
    told = stranger.submit(f"/demands/{id_}/edit", typed_form(goal=words, served=mark))
    assert told.status_code == 401
    assert Page.of(told).value_of("goal") == words
    assert not CODE.search(told.text)
    code = code_in(kept(stranger, goal=words, edits=id_, served=mark))
    again = typed_form(edits=id_, goal=words, save="mine")
    assert stranger.submit(f"/demands/drafts/{code}", again).status_code == 303
    assert people[BROKER].get(f"/demands/drafts/{code}").status_code == 200
    assert words not in people[BROKER].get(f"/demands/{id_}/edit?draft={code}").text


def test_an_edit_by_nobody_says_nothing_of_which_demands_there_are(people: People) -> None:
    real = min(people.workspace.demands.stamps())
    browser = people.visitor()
    answers = [browser.submit(f"/demands/{id_}/edit", typed_form()) for id_ in (real, "d1")]
    assert [answer.status_code for answer in answers] == [401, 401]
    shown = {re.sub(r"[A-Z2-7-]{29}|d[0-9a-f]+", "", Page.of(a).text_of("main")) for a in answers}
    assert len(shown) == 1
    before = len(rows(people))
    assert browser.submit(f"/demands/{real}/edit").status_code == 401
    assert len(rows(people)) == before


# What people paste


def test_a_pasted_book_is_named_with_how_much_is_too_much_and_stays(people: People) -> None:
    browser = people.visitor()
    book = ("第一行\x0b第二行\u2028第三行\u3000\u3000😀\u202e\u200f" * 4000)[:50_000]
    typed = typed_form(**dict.fromkeys(TEXTS, book))
    page = Page.of(browser.submit(FORM, typed))
    for name in TEXTS:
        assert re.search(r"现在多了 \d{5} 字", page.by_id(f"{name}-problem").text)
        assert len(page.value_of(name) or "") > 49_000
    saved = browser.submit(FORM, typed | {"save": "1"})
    assert saved.status_code == 422
    assert "20 KB" in Page.of(saved).text_of("div", class_="problem")


def test_soft_breaks_become_lines_and_marks_of_direction_vanish(people: People) -> None:
    browser, before = people.visitor(), people.workspace.demands.stamps().keys()
    sent(
        browser,
        kept(browser),
        problem="甲\x0b乙\u2028丙\u3000😀\u202e丁\u2066",
        title="\u200f膜\u200e",
    )
    [new] = people.workspace.demands.stamps().keys() - before
    demand = people.workspace.demands.get(new)
    assert demand is not None
    assert (demand.problem, demand.title) == ("甲\n乙\n丙\u3000😀丁", "膜")


def test_script_tags_in_every_field_of_a_draft_stay_texts(people: People) -> None:
    browser = people.visitor()
    hostile = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    fields = [name for name in typed_form() if name != "confidentiality"]
    place = kept(browser, **dict.fromkeys(fields, hostile))
    for page in (Page.of(browser.get(place)), Page.of(browser.submit(place, {"check": "1"}))):
        assert not [script for script in page.all("script") if not script.get("src")]
    shown = Page.of(browser.get(place))
    for name in fields:
        assert shown.value_of(name) == hostile


# The coach, without a script


def test_the_button_shows_what_the_coach_thinks_and_sends_nothing(people: People) -> None:
    browser, before = people.visitor(), people.workspace.demands.count()
    typed = typed_form(check="1", problem="请联系 0512-99887766，出水氟离子太高。", keywords="")
    page = Page.of(browser.submit(FORM, typed))
    panel = page.one("aside", class_="coach")
    assert len(panel.find("meter")) == 4
    assert re.search(r"\d+ / 20", panel.text)
    assert "1.5 mg/L" in panel.text
    assert "0512-99887766" in page.by_id("giveaways").text
    assert page.by_id("giveaways").find("mark")
    assert page.value_of("problem") == "请联系 0512-99887766，出水氟离子太高。"
    assert page.all("p", class_="wrong") == []
    assert people.workspace.demands.count() == before


def test_a_vague_text_may_be_sent(people: People) -> None:
    vague = dict.fromkeys(("problem", "indicators", "goal"), "想降本增效")
    assert sent(people.visitor(), FORM, **vague).status_code == 303
