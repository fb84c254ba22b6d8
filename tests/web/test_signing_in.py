"""The login page: who gets in, where it leads, and what guessing costs."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from api.access.identity import COOKIE
from api.security.roles import SYSTEM, Role
from api.services import signing_in
from api.services.accounts import add_account, set_enabled
from api.services.signing_in import sign_in
from api.store.accounts import Account
from api.store.tables import ThrottleRow
from matcher.errors import NotSignedIn, TooManyAttempts
from tests.web.checks import Page
from tests.web.people import ENTERPRISE, PASSWORD, Browser, People, is_in, set_column

# In and out


def test_signing_in_leads_to_the_page_that_was_asked_for(empty_people: People) -> None:
    browser = empty_people.visitor()
    asked = browser.get("/demands?q=水&field=")
    assert asked.status_code == 303
    page = Page.of(browser.get(asked.headers["location"]))
    [action] = [form.get("action") or "" for form in page.all("form")]
    response = browser.submit(action, {"name": ENTERPRISE, "password": PASSWORD})
    assert response.status_code == 303
    assert browser.get(response.headers["location"]).status_code == 200
    assert browser.get("/account").status_code == 200


def test_the_name_may_be_typed_in_either_case_and_with_spaces(empty_people: People) -> None:
    assert empty_people.visitor().sign_in(f"  {ENTERPRISE.upper()} ").status_code == 303


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_look_the_same(
    empty_people: People, somebody: Account
) -> None:
    disabled = add_account(empty_people.workspace, SYSTEM, "disabled", Role.broker, PASSWORD)
    set_enabled(empty_people.workspace, SYSTEM, disabled, False)
    shown = set()
    for name, password in (
        (somebody.name, PASSWORD + "x"),
        (somebody.name, ""),
        ("nobody-knows", PASSWORD),
        ("disabled", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("a\x00b", PASSWORD),
        ("", ""),
    ):
        browser = empty_people.visitor()
        response = browser.sign_in(name, password)
        assert response.status_code == 401
        page = Page.of(response)
        shown.add(page.text_of("p", class_="problem", role="alert"))
        assert password == "" or password not in response.text
        assert not is_in(browser)
    assert shown == {"账号或密码不正确，请核对后重新输入。"}


def test_signing_out_makes_the_cookie_worthless_and_leaves_other_sessions(
    empty_people: People,
) -> None:
    here, there = empty_people.signed_in(ENTERPRISE), empty_people.signed_in(ENTERPRISE)
    kept = here.cookie
    response = here.submit("/logout")
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert here.cookie == ""
    here.cookies.set(COOKIE, kept)
    assert not is_in(here)
    assert is_in(there)


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/audit?who=a", "/audit?who=a"),
        ("/demands?q=%E6%B0%B4", "/demands?q=水"),
        ("", "/"),
        ("//elsewhere.example", "/"),
        ("///elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("/%09/elsewhere.example", "/"),
        ("/%0a/elsewhere.example", "/"),
        ("/%5celsewhere.example", "/"),
        ("/a%0d%0aSet-Cookie:%20a=b", "/"),
        ("https://elsewhere.example", "/"),
        ("https:/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("elsewhere.example", "/"),
        ("%20//elsewhere.example", "/"),
        ("@elsewhere.example", "/"),
        ("\\\\elsewhere.example", "/"),
    ],
)
def test_signing_in_never_leads_to_another_site(
    empty_people: People, wanted: str, leads_to: str
) -> None:
    response = empty_people.visitor().sign_in(ENTERPRISE, next=wanted)
    assert response.status_code == 303
    assert response.next_request is not None
    assert response.next_request.url.host == "testserver"
    assert response.next_request.url == response.url.join(leads_to)


# Guessing


def guesses(browser: Browser, name: str, count: int) -> list[int]:
    return [browser.sign_in(name, f"wrong-{number}").status_code for number in range(count)]


def test_who_guesses_has_to_wait_and_nobody_else_has(
    empty_people: People, somebody: Account
) -> None:
    guesser, owner = (
        empty_people.visitor(address="10.1.0.1"),
        empty_people.visitor(address="10.1.0.2"),
    )
    assert guesses(guesser, somebody.name, 5) == [401] * 5
    refused = guesser.sign_in(somebody.name)  # with the right password
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 30
    assert refused.headers["retry-after"] in Page.of(refused).text_of("p", class_="problem")
    assert not is_in(guesser)
    assert owner.sign_in(somebody.name).status_code == 303
    assert guesser.sign_in(ENTERPRISE).status_code == 303


def test_guesses_that_come_at_once_are_no_more_than_those_that_follow_each_other(
    empty_people: People, somebody: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, space = 12, empty_people.workspace
    together = Barrier(count)

    def wrong(*_: object) -> bool:
        together.wait(30)  # all have asked whether they may, and none has failed yet
        return False

    def outcome(_: int) -> str:
        try:
            return sign_in(space, somebody.name, "wrong", "10.1.0.4")[0]
        except (NotSignedIn, TooManyAttempts) as refusal:
            return type(refusal).__name__

    monkeypatch.setattr(signing_in, "is_password", wrong)
    with ThreadPoolExecutor(count) as pool:
        outcomes = Counter(pool.map(outcome, range(count)))
    assert outcomes == {"NotSignedIn": 5, "TooManyAttempts": count - 5}


def test_the_right_one_among_many_guesses_at_once_is_refused_too(
    empty_people: People, somebody: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = empty_people.visitor(address="10.1.0.5")

    def late(*_: object) -> bool:
        monkeypatch.undo()
        assert guesses(browser, somebody.name, 5) == [401] * 5
        return True

    monkeypatch.setattr(signing_in, "is_password", late)
    with pytest.raises(TooManyAttempts):
        sign_in(empty_people.workspace, somebody.name, PASSWORD, "10.1.0.5")
    assert not is_in(browser)


def test_after_waiting_one_gets_in_and_is_forgiven(empty_people: People, somebody: Account) -> None:
    browser = empty_people.visitor(address="10.1.0.3")
    guesses(browser, somebody.name, 6)
    set_column(
        empty_people.workspace, ThrottleRow, last_at=datetime.now(UTC) - timedelta(minutes=16)
    )
    assert browser.sign_in(somebody.name).status_code == 303
    assert guesses(browser, somebody.name, 5) == [401] * 5


def test_a_clock_that_was_set_back_locks_nobody_out(
    empty_people: People, somebody: Account
) -> None:
    browser = empty_people.visitor(address="10.1.0.4")
    guesses(browser, somebody.name, 6)
    set_column(empty_people.workspace, ThrottleRow, last_at=datetime.now(UTC) + timedelta(days=400))
    assert browser.sign_in(somebody.name).status_code == 303
