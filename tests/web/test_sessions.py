"""A session: its cookie, whatever else somebody may try as one, and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import Signer

from api.access.identity import COOKIE
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.security.tokens import Signing, new_token
from api.services.accounts import change_password, set_enabled
from api.services.keys import keys_of, revoke_key
from api.services.signing_in import IDLE, LONGEST
from api.store.accounts import Account
from api.store.tables import SessionRow
from tests.web.checks import assert_problem
from tests.web.people import ENTERPRISE, PASSWORD, People, is_in, set_column

NEW = "另外一句也很好记的话"
SECOND = timedelta(seconds=1)


# Cookies


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(empty_people: People) -> None:
    for scheme in ("http", "https"):
        browser = empty_people.visitor(base_url=f"{scheme}://testserver")
        for response in (browser.get("/login"), browser.sign_in(ENTERPRISE)):
            flags = {part.strip().lower() for part in response.headers["set-cookie"].split(";")}
            assert flags >= {"httponly", "samesite=lax", "path=/"}
            assert ("secure" in flags) == (scheme == "https")
            assert not [flag for flag in flags if flag.startswith("domain")]


def forged(empty_people: People) -> dict[str, str]:
    good = empty_people[ENTERPRISE].cookie
    token = empty_people.workspace.signing.token(good) or ""
    elsewhere = Signing(b"the secret of another installation")
    middle = len(token) // 2
    return {
        "empty": "",
        "one character": "x",
        "unsigned": token,
        "truncated": good[:-1],
        "without its beginning": good[1:],
        "another token": f"{new_token()}{good[len(token) :]}",
        "a changed token": f"{token[:middle]}~{good[middle + 1 :]}",
        "signed elsewhere": elsewhere.cookie(token),
        "signed with another salt": Signer("x" * 40, salt=b"session").sign(token).decode(),
        "signed, but no session": empty_people.workspace.signing.cookie(new_token()),
        "signed and empty": empty_people.workspace.signing.cookie(""),
        "a form's token": empty_people.workspace.signing.form_token(token),
        "twice": f"{good}.{good}",
        "long": "a" * 6000,
        "sql": "' OR 1=1 --",
    }


def test_a_cookie_that_does_not_hold_is_a_visitors(empty_people: People) -> None:
    for kind, cookie in forged(empty_people).items():
        browser = empty_people.visitor()
        header = {"Cookie": f"{COOKIE}={cookie}"}
        assert browser.get("/account", headers=header).status_code == 303, kind
        start = browser.get("/", headers=header)
        assert start.status_code == 200, kind
        assert ENTERPRISE not in start.text, kind
        assert_problem(browser.get("/api/v1/me", headers=header), 401)
    assert is_in(empty_people[ENTERPRISE])


@pytest.mark.parametrize("raw", [b"\xff\xfe", "汉字".encode(), b"a;b=c", b'"', b"\x01"])
def test_a_cookie_of_any_bytes_is_a_visitors(empty_people: People, raw: bytes) -> None:
    response = empty_people.visitor().get("/", headers={b"Cookie": COOKIE.encode() + b"=" + raw})
    assert response.status_code == 200


def test_a_token_from_before_signing_in_is_not_kept(empty_people: People) -> None:
    browser = empty_people.visitor()
    before = browser.form_token()
    old = browser.cookie
    assert browser.sign_in(ENTERPRISE).status_code == 303
    assert browser.cookie not in ("", old)
    assert browser.form_token() != before
    assert browser.post("/logout", data={"form_token": before}).status_code == 403
    planted = empty_people.visitor()
    planted.cookies.set(COOKIE, old)
    assert not is_in(planted)


def test_signing_in_again_gives_another_session(empty_people: People) -> None:
    browser = empty_people.signed_in(ENTERPRISE)
    first = browser.cookie
    browser.sign_in(ENTERPRISE)
    assert browser.cookie != first


def test_the_token_is_kept_nowhere(empty_people: People) -> None:
    token = empty_people.workspace.signing.token(empty_people[ENTERPRISE].cookie) or ""
    assert token
    for file in empty_people.workspace.folder.rglob("*"):
        assert not file.is_file() or token.encode() not in file.read_bytes()


# The end of a session


@pytest.mark.parametrize(
    ("created", "seen", "holds"),
    [
        (LONGEST - 60 * SECOND, 60 * SECOND, True),
        (IDLE, IDLE - 60 * SECOND, True),
        (IDLE + 60 * SECOND, IDLE + SECOND, False),
        (LONGEST + SECOND, 0 * SECOND, False),
        (-timedelta(days=400), -timedelta(days=400), True),  # the clock was set back
    ],
)
def test_a_session_ends_after_a_while_without_use_and_in_any_case(
    empty_people: People, created: timedelta, seen: timedelta, holds: bool
) -> None:
    browser, now = empty_people.signed_in(ENTERPRISE), datetime.now(UTC)
    set_column(empty_people.workspace, SessionRow, created_at=now - created, seen_at=now - seen)
    assert is_in(browser) == holds
    set_column(empty_people.workspace, SessionRow, created_at=now, seen_at=now)


def test_a_disabled_account_is_out_at_once_with_its_keys(
    empty_people: People, somebody: Account
) -> None:
    browser = empty_people.signed_in(somebody.name)
    program = empty_people.program(somebody.name, Scope.read)
    assert is_in(browser)
    assert program.get("/api/v1/demands").status_code == 200
    set_enabled(empty_people.workspace, SYSTEM, somebody, False)
    assert not is_in(browser)
    assert_problem(program.get("/api/v1/demands"), 401)
    set_enabled(empty_people.workspace, SYSTEM, somebody, True)
    assert not is_in(browser)
    assert browser.sign_in(somebody.name).status_code == 303


def test_a_changed_password_ends_all_sessions(empty_people: People, somebody: Account) -> None:
    here, there = empty_people.signed_in(somebody.name), empty_people.signed_in(somebody.name)
    typed = {"old": PASSWORD, "new": NEW, "again": NEW}
    for wrong in ({"old": "x"}, {"again": "x"}, {"new": "short", "again": "short"}):
        assert here.submit("/account/password", typed | wrong).status_code == 422
        assert is_in(there)
    response = here.submit("/account/password", typed)
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert not is_in(here)
    assert not is_in(there)
    assert here.sign_in(somebody.name).status_code == 401
    assert here.sign_in(somebody.name, NEW).status_code == 303


def test_a_password_set_by_the_administrator_ends_all_sessions(
    empty_people: People, somebody: Account
) -> None:
    browser = empty_people.signed_in(somebody.name)
    change_password(empty_people.workspace, SYSTEM, somebody, NEW)
    assert not is_in(browser)


def test_a_revoked_key_is_worthless_from_the_next_request_on(
    empty_people: People, somebody: Account
) -> None:
    program = empty_people.program(somebody.name, Scope.read)
    assert program.get("/api/v1/demands").status_code == 200
    actor = Actor(somebody.id, somebody.name, Role.broker)
    [key] = keys_of(empty_people.workspace, actor)
    assert key.used_at is not None
    revoke_key(empty_people.workspace, actor, key.id)
    assert_problem(program.get("/api/v1/demands"), 401)
