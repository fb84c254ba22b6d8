"""Sessions that begin and end, and the waiting that guessers have to do."""

from collections.abc import Callable

import pytest

from api.security.roles import SYSTEM, Role
from api.services.accounts import add_account
from api.services.signing_in import sign_in, sign_out, who
from api.services.workspace import Workspace
from api.store.accounts import Account
from matcher.errors import NotSignedIn, TooManyAttempts
from tests.unit.stores import Clock

PASSWORD = "青山遮不住 毕竟东流去"
HERE, THERE = "192.0.2.7", "192.0.2.8"


pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def account(empty: Workspace, clock: Clock) -> Account:
    return add_account(empty, SYSTEM, "shen", "broker", PASSWORD)


def guess(space: Workspace, times: int, name: str = "shen", address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            sign_in(space, name, "wrong", address)


def wait(space: Workspace, name: str = "shen", address: str = HERE) -> int:
    """The seconds that even the right password has to wait."""
    with pytest.raises(TooManyAttempts) as refusal:
        sign_in(space, name, PASSWORD, address)
    assert f"{refusal.value.seconds} 秒" in str(refusal.value)
    return refusal.value.seconds


def test_who_signs_in_is_known_by_the_token_until_signing_out(
    empty: Workspace, account: Account
) -> None:
    token, whose = sign_in(empty, " SHEN ", PASSWORD, HERE)
    assert whose == account
    actor = who(empty, token, THERE)
    assert actor is not None
    assert (actor.account_id, actor.role, actor.address) == (account.id, Role.broker, THERE)
    assert actor.scopes is None
    other, _ = sign_in(empty, "shen", PASSWORD, HERE)
    sign_out(empty, actor, token)
    assert who(empty, token, HERE) is None
    assert who(empty, other, HERE) is not None
    for nobody in ("", "x" * 43, token[:-1], "\ud800"):
        assert who(empty, nobody, HERE) is None


def test_the_database_does_not_hold_what_the_cookie_holds(
    empty: Workspace, account: Account
) -> None:
    token, _ = sign_in(empty, "shen", PASSWORD, HERE)
    folder = empty.folder
    content = b"".join(path.read_bytes() for path in folder.glob("hongniang.db*"))
    assert token.encode() not in content
    assert PASSWORD.encode() not in content


def test_a_session_ends_after_half_a_day_without_a_request(
    empty: Workspace, account: Account, clock: Clock
) -> None:
    token, _ = sign_in(empty, "shen", PASSWORD, HERE)
    for _ in range(3):
        clock.move(hours=11)
        assert who(empty, token, HERE) is not None
    clock.move(hours=12, seconds=1)
    assert who(empty, token, HERE) is None


def test_a_session_ends_after_a_week_however_busy(
    empty: Workspace, account: Account, clock: Clock
) -> None:
    token, _ = sign_in(empty, "shen", PASSWORD, HERE)
    for _ in range(7 * 24):
        clock.move(hours=1)
        assert who(empty, token, HERE) is not None
    clock.move(seconds=1)
    assert who(empty, token, HERE) is None


def test_sessions_that_have_expired_are_forgotten_when_somebody_signs_in(
    empty: Workspace, account: Account, clock: Clock
) -> None:
    token, _ = sign_in(empty, "shen", PASSWORD, HERE)
    clock.move(hours=13)
    sign_in(empty, "shen", PASSWORD, HERE)
    clock.move(hours=-13)
    assert who(empty, token, HERE) is None


@pytest.mark.parametrize("days", [-400, -1, 0])
def test_a_clock_that_is_set_back_signs_nobody_out(
    empty: Workspace, account: Account, clock: Clock, days: int
) -> None:
    token, _ = sign_in(empty, "shen", PASSWORD, HERE)
    clock.move(days=days)
    assert who(empty, token, HERE) is not None


def test_wrong_names_and_wrong_passwords_get_the_same_answer(
    empty: Workspace, account: Account
) -> None:
    answers = set()
    for name, password in (("shen", "wrong"), ("nobody", PASSWORD), ("", ""), ("x" * 999, "y")):
        with pytest.raises(NotSignedIn) as refusal:
            sign_in(empty, name, password, HERE)
        answers.add(str(refusal.value))
    assert len(answers) == 1


def test_after_five_failures_even_the_right_password_waits_longer_each_time(
    empty: Workspace, account: Account, clock: Clock
) -> None:
    guess(empty, 5)
    waits = []
    for _ in range(7):
        waits.append(wait(empty))
        clock.move(seconds=waits[-1])
        guess(empty, 1)
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    clock.move(seconds=899)
    assert wait(empty) == 1
    clock.move(seconds=1)
    assert sign_in(empty, "shen", PASSWORD, HERE)[1] == account


def test_a_guesser_does_not_keep_the_owner_out(empty: Workspace, account: Account) -> None:
    guess(empty, 5, address=THERE)
    assert wait(empty, address=THERE) == 30
    assert sign_in(empty, "shen", PASSWORD, HERE)


def test_success_forgives_this_name_from_this_address(empty: Workspace, account: Account) -> None:
    for _ in range(3):
        guess(empty, 4)
        sign_in(empty, "shen", PASSWORD, HERE)


@pytest.mark.parametrize(
    ("attempt", "victim"),
    [
        (lambda n: (f"name{n}", HERE), ("shen", HERE)),
        (lambda n: ("shen", f"198.51.100.{n}"), ("shen", HERE)),
        (lambda n: ("nobody", f"198.51.100.{n}"), ("nobody", HERE)),
    ],
    ids=["many names from one address", "one name from many addresses", "a name of nobody"],
)
def test_guesses_that_spread_out_are_slowed_down_after_fifty(
    empty: Workspace,
    account: Account,
    attempt: Callable[[int], tuple[str, str]],
    victim: tuple[str, str],
) -> None:
    for number in range(50):
        name, address = attempt(number)
        guess(empty, 1, name, address)
    assert wait(empty, *victim) == 30


def test_a_network_that_is_all_somebodys_own_is_one_address(
    empty: Workspace, account: Account
) -> None:
    for number in range(50):
        guess(empty, 1, f"name{number}", f"2001:db8:1:2::{number + 1:x}")
    assert wait(empty, address="2001:db8:1:2:ffff::9") == 30
    sign_in(empty, "shen", PASSWORD, "2001:db8:1:3::1")


def test_what_is_typed_behind_a_long_name_makes_it_no_other(empty: Workspace) -> None:
    name = "long" * 16
    add_account(empty, SYSTEM, name, "broker", PASSWORD)
    for number in range(5):
        guess(empty, 1, f"{name}{number}")
    assert wait(empty, name) == 30


def test_success_does_not_forgive_an_address_its_other_guesses(
    empty: Workspace, account: Account
) -> None:
    for number in range(49):
        guess(empty, 1, f"name{number}")
    sign_in(empty, "shen", PASSWORD, HERE)
    guess(empty, 1, "name49")
    assert wait(empty) == 30


def test_failures_are_forgotten_after_an_hour(
    empty: Workspace, account: Account, clock: Clock
) -> None:
    guess(empty, 5)
    clock.move(hours=1, seconds=1)
    guess(empty, 5)
    assert wait(empty) == 30


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_jumps_locks_nobody_out_and_still_slows_guessers(
    empty: Workspace, account: Account, clock: Clock, days: int
) -> None:
    guess(empty, 5)
    clock.move(days=days)
    sign_in(empty, "shen", PASSWORD, HERE)
    guess(empty, 5)
    assert wait(empty) == 30


def test_a_guesser_who_sets_the_clock_back_gains_one_guess(
    empty: Workspace, account: Account, clock: Clock
) -> None:
    guess(empty, 5)
    clock.move(days=-1)
    guess(empty, 1)
    assert wait(empty) == 60


def test_attempts_are_noted_but_what_was_typed_as_a_name_is_not(
    empty: Workspace, account: Account
) -> None:
    guess(empty, 1)
    guess(empty, 1, "my secret password")
    token, _ = sign_in(empty, "shen", PASSWORD, HERE)
    actor = who(empty, token, HERE)
    assert actor is not None
    sign_out(empty, actor, token)
    lines = list(empty.store.audit.all())[1:]
    assert [(line.action, line.account_id, line.address) for line in lines] == [
        ("sign-in-failed", account.id, HERE),
        ("sign-in-failed", None, HERE),
        ("sign-in", account.id, HERE),
        ("sign-out", account.id, HERE),
    ]
    assert "secret" not in repr(lines)
    assert token not in repr(lines)
