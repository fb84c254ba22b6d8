"""Cookies, form tokens, receipts and keys: what was not made here is worth nothing."""

import string

import pytest

from api.security.tokens import Signing, hash_of, new_key, new_receipt, new_token

SIGNING = Signing(b"0123456789abcdef0123456789abcdef")
OTHER = Signing(b"another secret, as long as the first")


def test_a_cookie_gives_back_its_token_in_every_process_of_the_installation() -> None:
    token = new_token()
    assert Signing(b"0123456789abcdef0123456789abcdef").token(SIGNING.cookie(token)) == token


def test_a_cookie_that_was_changed_anywhere_is_refused() -> None:
    cookie = SIGNING.cookie(new_token())
    for place, letter in enumerate(cookie[:-1]):  # the last one carries bits that nobody reads
        other = "a" if letter != "a" else "b"
        assert SIGNING.token(cookie[:place] + other + cookie[place + 1 :]) is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token,
        lambda token: f"{token}.",
        lambda token: f".{token}",
        lambda token: OTHER.cookie(token),
        lambda token: f"{token}.{SIGNING.form_token(token)}",
        lambda token: f"{token}.{hash_of(token)}",
        lambda token: SIGNING.cookie(token)[:-1],
        lambda token: SIGNING.cookie(token) + "\0",
        lambda _: "",
        lambda _: "中文.\ud800",
        lambda _: "." * 100_000,
    ],
)
def test_a_forged_cookie_is_nobodys(forge: object) -> None:
    assert SIGNING.token(forge(new_token())) is None  # type: ignore[operator]


def test_a_form_token_holds_for_the_browser_it_was_served_to_alone() -> None:
    mine, other = new_token(), new_token()
    form = SIGNING.form_token(mine)
    assert SIGNING.is_form_token(form, mine)
    assert not SIGNING.is_form_token(form, other)
    assert not SIGNING.is_form_token(OTHER.form_token(mine), mine)
    for wrong in ("", form[:-1], form.upper(), mine, f"{form} ", "中文", "\ud800"):
        assert not SIGNING.is_form_token(wrong, mine)


def test_the_receipt_of_an_idempotency_key_is_always_the_same_and_of_no_other_key() -> None:
    first = SIGNING.receipt("key")
    assert first == SIGNING.receipt("key")
    assert first not in (SIGNING.receipt("kez"), SIGNING.receipt(""), OTHER.receipt("key"))
    for code in (first, new_receipt(), SIGNING.receipt("\ud800")):
        assert len(code) == 24
        assert set(code) <= set(string.ascii_uppercase + "234567")


def test_what_is_signed_for_one_purpose_is_worth_nothing_for_another() -> None:
    made = {SIGNING.cookie("x"), SIGNING.form_token("x"), SIGNING.receipt("x"), hash_of("x")}
    assert len(made) == 4


def test_new_secrets_are_long_and_different_and_keys_show_only_their_beginning() -> None:
    assert len({new_token() for _ in range(50)}) == len({new_receipt() for _ in range(50)}) == 50
    assert len(new_token()) == 43
    key, shown = new_key()
    assert key.startswith(shown)
    assert (shown[:3], len(shown), len(key)) == ("hn_", 10, 46)


def test_the_form_of_an_edit_is_known_by_its_demand_and_its_account() -> None:
    mark = SIGNING.served("d1", "u2")
    assert SIGNING.served_to(mark, "d1") == "u2"
    forged = ("", "d1 u2", OTHER.served("d1", "u2"), SIGNING.cookie("d1 u2"), mark[:-1], "是\ud800")
    assert [SIGNING.served_to(other, "d1") for other in forged] == [None] * len(forged)
    assert SIGNING.served_to(mark, "d2") is None
    assert SIGNING.served_to(SIGNING.served("d1", ""), "d1") is None
