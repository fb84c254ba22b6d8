"""What somebody typed while the session ended, or on a page too old, is never lost."""

import pytest
from httpx import Response

from api.access.guard import GuardedRoute
from tests.web.checks import Page, assert_calm_page
from tests.web.people import ADMINISTRATOR, BROKER, People
from tests.web.test_access import MAY, _routes
from tests.web.test_form_drafts import ended
from tests.web.test_resources import typed
from tests.web.test_subscriptions import FORM as WISH

pytestmark = pytest.mark.any_database

TEXT = "长长的一段话 <script>&amp;\"'\n第二行"
SIGNED_OUT = {
    "POST /demands/new": "kept as a draft",
    "POST /demands/drafts/{code}": "kept as a draft",
    "POST /demands/{id}/edit": "kept as a draft",
    "POST /receipts/{code}/revise": "for everybody",
    "POST /demands/drafts/{code}/discard": "for everybody",
    "POST /login": "a password",
    "POST /logout": "a button",
    "POST /account/password": "a password",
    "POST /account/email": "one address",
    "POST /account/keys": "a name",
    "POST /account/keys/{id}/revoke": "a button",
    "POST /admin/users": "a password",
    "POST /admin/users/{id}/disable": "a button",
    "POST /admin/users/{id}/enable": "a button",
    "POST /admin/users/{id}/password": "a password",
    "POST /admin/keys/{id}/revoke": "a button",
    "POST /admin/models/{id}/use": "a button",
    "POST /admin/models/rollback": "a button",
    "POST /imports": "a file",
    "POST /imports/{id}/columns": "choices",
    "POST /imports/{id}/start": "a button",
    "POST /imports/{id}/cancel": "a button",
    "POST /": "a question, which is asked again",
    "POST /calls": "a button",
    "POST /calls/{id}/remove": "a button",
    "POST /days/{id}/arrange": "a button",
    "POST /days/{id}/publish": "a button",
    "POST /days/{id}/remove": "a button",
    "POST /decisions/{id}/withdraw": "a button",
    "POST /demands/{id}/remove": "a button",
    "POST /demands/{id}/restore": "a button",
    "POST /resources/{id}/remove": "a button",
    "POST /resources/{id}/restore": "a button",
    "POST /subscriptions/{id}/run": "a button",
    "POST /subscriptions/{id}/pause": "a button",
    "POST /subscriptions/{id}/resume": "a button",
    "POST /subscriptions/{id}/feed": "a button",
    "POST /subscriptions/{id}/remove": "a button",
}
"""Forms that are not shown again to who is signed out, and why."""
TYPED = [
    route
    for route in MAY
    if not route.startswith("GET") and "/api/" not in route and route not in SIGNED_OUT
]


def hidden(response: Response) -> tuple[str, dict[str, str]]:
    """Where the form of a page would be sent, and with what."""
    [form] = [one for one in Page.of(response).one("main").find("form") if one.get("action")]
    return form.get("action") or "", {
        field.get("name") or "": field.get("value") or "" for field in form.find("input")
    }


def test_every_form_with_something_typed_keeps_it(people: People) -> None:
    keeping = {
        name
        for name, route in _routes(people.app)
        if isinstance(route, GuardedRoute) and route.allowed.keeps_typed
    }
    assert keeping == set(TYPED)


@pytest.mark.parametrize("route", TYPED)
def test_what_was_typed_when_the_session_ended_is_shown_with_a_way_on(
    people: People, route: str
) -> None:
    address = route.partition(" ")[2].replace("{id}", "d1").replace("{achievement}", "a1")
    address = address.replace("{demand}", "d1") + "?start=20"
    browser = people.signed_in(BROKER)
    ended(browser)
    response = browser.submit(address, {"note": TEXT, "version": "3"})
    page = assert_calm_page(response, 401)
    assert hidden(response) == (address, {"note": TEXT, "version": "3"})
    assert page.one("main").find("a")[0].get("target") == "_blank"
    assert TEXT in page.text_of("details")
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_resource_is_saved_after_signing_in_elsewhere(people: People) -> None:
    browser, title = people.signed_in(BROKER), "登录过期时填的中试线"
    ended(browser)
    told = browser.submit("/resources/new", typed(title=title, summary=TEXT))
    browser.sign_in(BROKER)
    address, sent = hidden(told)
    shown = browser.post(address, data=sent)
    assert shown.status_code == 403
    assert Page.of(shown).value_of("summary") == TEXT
    made = browser.submit(address, sent).headers["location"]
    assert title in browser.get(made).text
    id_ = made.rpartition("/")[2]
    found = people.workspace.resources.get(id_)
    assert found is not None
    assert found.summary.splitlines() == TEXT.splitlines()


def test_a_form_that_no_route_shows_again_is_sent_once_more(people: People) -> None:
    browser = people.signed_in(BROKER)
    ended(browser)
    wish = WISH | {"name": "登录过期时的订阅"}
    told = browser.submit("/subscriptions", wish)
    browser.sign_in(BROKER)
    address, sent = hidden(told)
    shown = browser.post(address, data=sent)
    assert_calm_page(shown, 403)
    address, sent = hidden(shown)
    assert sent.pop("form_token") == browser.form_token()
    made = browser.submit(address, sent)
    assert made.status_code == 303
    assert wish["name"] in browser.get(made.headers["location"]).text


def test_somebody_else_who_signs_in_reads_whose_name_it_would_have(people: People) -> None:
    browser = people.signed_in(BROKER)
    ended(browser)
    address, sent = hidden(browser.submit("/subscriptions", WISH | {"name": "别人写的"}))
    browser.sign_in(ADMINISTRATOR)
    shown = assert_calm_page(browser.post(address, data=sent), 403)
    assert f"将以 {ADMINISTRATOR} 的名义保存" in shown.text_of("main")
    assert "别人写的" not in browser.get("/subscriptions").text


def test_values_that_come_several_times_all_stay(people: People) -> None:
    browser = people.signed_in(BROKER)
    ended(browser)
    ticks = {"party": ["甲厂", "乙校"], "at_0": ["0", "2"]}
    told = browser.post("/days/d1/participants", data=ticks | {"form_token": "x"})
    fields = Page.of(told).one("main").find("input")
    sent = [(one.get("name"), one.get("value")) for one in fields]
    assert sent == [("party", "甲厂"), ("party", "乙校"), ("at_0", "0"), ("at_0", "2")]


def test_nobody_gets_a_cookie_or_a_token_with_what_was_typed(people: People) -> None:
    response = people.visitor().post("/resources/new", data={"title": TEXT})
    assert response.status_code == 401
    assert "set-cookie" not in response.headers
    assert "form_token" not in hidden(response)[1]


def test_a_form_with_nothing_in_it_is_refused_as_ever(people: People) -> None:
    for browser, status in ((people.visitor(), 401), (people[ADMINISTRATOR], 403)):
        page = assert_calm_page(browser.post("/subscriptions", data={"form_token": "x"}), status)
        assert page.one("section", class_="trouble").find("li")
