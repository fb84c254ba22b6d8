"""Who is counted as one caller."""

import pytest

from api.limits.callers import Callers, address, credential, role
from tests.unit.asgi import scope_of


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_counted_by_what_one_caller_has(peer: str, counted: str) -> None:
    assert address(scope_of(client=peer)) == counted


def test_a_connection_without_an_address_is_a_caller_too() -> None:
    assert address(scope_of() | {"client": None}) == "unknown"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer abc"},
        {"x-api-key": "abc"},
        {"cookie": "a=b; hongniang=abc"},
    ],
)
def test_keys_and_sessions_are_known_by_a_hash(headers: dict[str, str]) -> None:
    found = credential(scope_of(headers=headers))
    assert found is not None
    assert len(found) == 64
    assert "abc" not in found


@pytest.mark.parametrize("cookie", ["a=b", "", "hongniang=", "[]=; ;;=", "\x00"])
def test_other_cookies_are_no_credentials(cookie: str) -> None:
    assert credential(scope_of(headers={"cookie": cookie})) is None


def test_a_key_counts_for_itself_only_while_it_is_accepted() -> None:
    callers = Callers()
    scope = scope_of(headers={"x-api-key": "k"})
    given = credential(scope)
    assert callers.name(scope, given) == ("10.1.1.1", False)
    callers.learn(scope, given)  # not accepted
    assert callers.name(scope, given) == ("10.1.1.1", False)
    callers.learn(scope | {"state": {"role": "broker"}}, given)
    assert callers.name(scope, given) == (given, True)
    callers.learn(scope | {"state": {"role": "anonymous"}}, given)  # revoked meanwhile
    assert callers.name(scope, given) == ("10.1.1.1", False)


def test_only_so_many_keys_are_remembered() -> None:
    callers = Callers(most=2)
    scope = scope_of()
    for key in "abc":
        callers.learn(scope | {"state": {"role": "broker"}}, key)
    assert [callers.name(scope, key)[1] for key in "abc"] == [False, True, True]


def test_without_a_word_from_the_application_a_caller_is_anonymous() -> None:
    assert role(scope_of()) == "anonymous"
    assert role(scope_of() | {"state": {"role": "broker"}}) == "broker"
