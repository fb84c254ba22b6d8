"""A form counts only from a page that was served to the same browser in the same session."""

from collections.abc import Iterator

import pytest
from httpx import Response

from tests.web.checks import ACHIEVEMENT, DEMAND, DEMANDS, FORM, Page, assert_problem, typed_form
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, PASSWORD, Browser, People
from tests.web.test_access import MAY

pytestmark = pytest.mark.any_database

UNSAFE_PAGES = [
    route.partition(" ")[2] for route in MAY if not route.startswith("GET") and "/api/" not in route
]
KEEPS_NOTHING = {"POST /api/v1/coach"}
"""Goes on with its advice when the form has expired: what is typed then survives the login."""
UNSAFE_JSON = [
    route
    for route in MAY
    if "/api/" in route and not route.startswith("GET") and route not in KEEPS_NOTHING
]
ODD = "末尾 <script>&amp; {{ 7*7 }} \"'"


def submitted(browser: Browser, **changes: str) -> Response:
    """The form filled in as ``DEMAND`` and sent."""
    page = Page.of(browser.get(FORM))
    hidden = {name: page.value_of(name) or "" for name in ("submission",)}
    return browser.submit(FORM, typed_form(**hidden) | changes)


@pytest.fixture
def untouched(people: People) -> Iterator[None]:
    before = people.workspace.demands.stamps()
    yield
    assert people.workspace.demands.stamps() == before


@pytest.fixture(scope="module")
def replayed(people: People) -> tuple[Browser, str]:
    """An administrator who signed out and in again, and the form token of the session before."""
    browser = people.signed_in(ADMINISTRATOR)
    token = browser.form_token()
    assert browser.submit("/logout").status_code == 303
    assert browser.sign_in(ADMINISTRATOR).status_code == 303
    return browser, token


# Forms


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("address", UNSAFE_PAGES)
def test_a_form_without_the_token_of_this_session_is_refused(
    people: People, replayed: tuple[Browser, str], address: str
) -> None:
    demand = min(people.workspace.demands.stamps())
    place = address.replace("{id}", demand)
    browser, before = replayed
    good = browser.form_token()
    bad = {
        "missing": None,
        "empty": "",
        "wrong": good[:-1] + ("0" if good[-1] != "0" else "1"),
        "longer": good + "0",
        "of another session": people[ENTERPRISE].form_token(),
        "of a visitor": people.visitor().form_token(),
        "of the session before": before,
        "the cookie itself": browser.cookie,
        "of any character": "汉字\ud800".encode("utf-8", "replace").decode(),
    }
    for kind, token in bad.items():
        data = typed_form(name=BROKER, password=PASSWORD, text="水")
        data |= {} if token is None else {"form_token": token}
        response = browser.post(place, data=data)
        assert response.status_code == 403, kind
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        Page.of(response)
        assert "set-cookie" not in response.headers


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("address", ["/login", FORM])
def test_a_visitors_form_is_bound_to_the_browser_too(people: People, address: str) -> None:
    data = typed_form(name=BROKER, password=PASSWORD, form_token=people.visitor().form_token())
    for browser in (people.visitor(), people[ENTERPRISE]):
        assert browser.post(address, data=data).status_code == 403
    other = people.visitor()
    other.form_token()
    assert other.post(address, data=data).status_code == 403


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "", "multipart/form-data"])
def test_what_only_looks_like_a_form_is_refused(people: People, kind: str) -> None:
    browser = people[BROKER]
    content = f"form_token={browser.form_token()}&text=x"
    response = browser.post("/", content=content, headers={"content-type": kind})
    assert response.status_code == (400 if kind.startswith("multipart") else 403)


def test_a_token_in_the_address_does_not_count(people: People) -> None:
    browser = people[BROKER]
    response = browser.post("/", params={"form_token": browser.form_token()}, data={"text": "水"})
    assert response.status_code == 403


def test_every_form_that_sends_something_carries_a_token(people: People) -> None:
    id_ = min(people.workspace.demands.stamps())
    forms = 0
    for browser in (people.visitor(), people[BROKER]):
        for address in ("/", "/login", "/account", FORM, f"/demands/{id_}", f"/demands/{id_}/edit"):
            response = browser.get(address)
            for form in Page.of(response).all("form") if response.status_code == 200 else []:
                hidden = [
                    e.get("value") for e in form.find("input") if e.get("name") == "form_token"
                ]
                assert hidden == ([browser.form_token()] if form.get("method") == "post" else [])
                forms += form.get("method") == "post"
    assert forms >= 10


@pytest.mark.usefixtures("untouched")
def test_the_demand_form_keeps_all_that_was_typed_and_can_be_sent_again(people: People) -> None:
    browser = people.visitor()
    typed = typed_form(problem=ODD, submission="a" * 43)
    expired = browser.post(FORM, data=typed | {"form_token": "of yesterday"})
    assert expired.status_code == 403
    page = Page.of(expired)
    assert "还没有提交" in page.text_of("div", class_="problem")
    for name, value in typed.items():
        assert page.value_of(name) == value
    assert "of yesterday" not in expired.text


def test_the_form_that_was_refused_is_accepted_the_second_time(people: People) -> None:
    browser = people.visitor()
    page = Page.of(browser.post(FORM, data=typed_form(title="再提交一次的需求")))
    again = {
        e.get("name") or "": page.value_of(e.get("name") or "") or ""
        for tag in ("input", "select", "textarea")
        for e in page.all(tag)
        if e.get("name")
    }
    assert browser.post(FORM, data=again).status_code == 303


@pytest.mark.usefixtures("untouched")
def test_the_edit_form_keeps_all_that_was_typed(people: People) -> None:
    browser = people[BROKER]
    address = f"/demands/{min(people.workspace.demands.stamps())}/edit"
    typed = typed_form(goal=ODD, version=browser.version(address))
    response = browser.post(address, data=typed | {"form_token": "0" * 64})
    assert response.status_code == 403
    page = Page.of(response)
    for name, value in typed.items():
        assert page.value_of(name) == value


# The same form twice


def test_the_same_form_sent_twice_is_one_demand_with_one_receipt(people: People) -> None:
    browser = people.visitor()
    page = Page.of(browser.get(FORM))
    typed = typed_form(submission=page.value_of("submission") or "", title="提交两次的需求")
    before = people.workspace.demands.count()
    first, second = browser.submit(FORM, typed), browser.submit(FORM, typed)
    assert [first.status_code, second.status_code] == [303, 303]
    assert first.headers["location"] == second.headers["location"]
    assert people.workspace.demands.count() == before + 1
    changed = browser.submit(FORM, typed | {"goal": "改了一句再提交。"})
    assert changed.headers["location"] != first.headers["location"]
    assert people.workspace.demands.count() == before + 2
    for response in (first, changed):
        assert browser.get(response.headers["location"]).status_code == 200


def test_two_forms_with_the_same_content_are_two_demands(people: People) -> None:
    browser = people.visitor()
    before = people.workspace.demands.count()
    locations = {submitted(browser).headers["location"] for _ in range(2)}
    assert len(locations) == 2
    assert people.workspace.demands.count() == before + 2


# JSON


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("route", UNSAFE_JSON)
def test_a_json_write_with_a_session_needs_the_token_of_that_session(
    people: People, replayed: tuple[Browser, str], route: str
) -> None:
    method, _, path = route.partition(" ")
    address = path.replace("{id}", min(people.workspace.demands.stamps()))
    browser, before = replayed
    for token in (None, "", "0" * 64, before, people.visitor().form_token(), "汉字".encode()):
        headers = {} if token is None else {"X-Form-Token": token}
        response = browser.request(method, address, json=DEMAND, headers=headers)
        assert assert_problem(response, 403)["type"] == "/problems/form-expired"


def test_a_json_write_with_a_session_and_its_token_is_accepted(people: People) -> None:
    assert people[ENTERPRISE].write("POST", DEMANDS, json=DEMAND).status_code == 201
    offer = people[BROKER].write("POST", "/api/v1/achievements", json=ACHIEVEMENT)
    assert offer.status_code == 201


def test_keys_and_visitors_need_no_token_in_json(people: People) -> None:
    with_cookie = people.visitor()
    with_cookie.form_token()
    assert with_cookie.cookie
    for client in (people.program(BROKER), people.visitor(), with_cookie):
        assert client.post(DEMANDS, json=DEMAND).status_code == 201
