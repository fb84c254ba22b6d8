"""Accounts: their names, roles and passwords, and how they are kept out."""

import pytest

from api.security.passwords import check_password, hashed, is_password
from api.security.roles import ACCOUNT_ROLES, SYSTEM, Actor, Role
from api.services import keys, signing_in
from api.services.accounts import account_named, add_account, change_password, set_enabled
from api.services.workspace import Workspace
from api.store.accounts import Account
from matcher.errors import InvalidInput, NotFound, NotSignedIn

PASSWORD = "青山遮不住 毕竟东流去"
OTHER_PASSWORD = "一行白鹭上青天 两个黄鹂"

pytestmark = pytest.mark.usefixtures("quick_passwords")


def added(space: Workspace, name: str = "shen", role: str = "broker") -> Account:
    return add_account(space, SYSTEM, name, role, PASSWORD)


def actor_of(account: Account) -> Actor:
    return Actor(account.id, account.name, Role(account.role), "192.0.2.7")


def fields(refusal: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [problem.field for problem in refusal.value.problems]


def noted(space: Workspace, subject: str) -> list[str]:
    return [line.action for line in reversed(space.store.audit.page(99, subject=subject))]


def test_an_account_is_found_by_its_name_in_either_case(empty: Workspace) -> None:
    account = added(empty, "  Shen.Wei@kjj ")
    assert account.name == "shen.wei@kjj"
    for typed in ("shen.wei@kjj", "SHEN.WEI@KJJ", " Shen.Wei@kjj"):
        assert account_named(empty, typed) == account
    with pytest.raises(NotFound, match="users list"):
        account_named(empty, "nobody")


@pytest.mark.parametrize("name", ["ab", "a" * 64, "沈微", "a._@-b", "7b"])
def test_names_that_can_be(empty: Workspace, name: str) -> None:
    assert added(empty, name).name == name


@pytest.mark.parametrize(
    "name",
    ["", "a", "沈", "a" * 65, "-ab", ".ab", "a b", "a\nb", "a\0b", "a/b", "<b>", "é!", "a'--"],
)
def test_names_that_cannot_be_are_refused(empty: Workspace, name: str) -> None:
    with pytest.raises(InvalidInput, match="账号名") as refusal:
        added(empty, name)
    assert fields(refusal) == ["name"]
    assert empty.store.accounts.all() == []


def test_a_name_is_given_once_whatever_its_case(empty: Workspace) -> None:
    account = added(empty, "shen")
    with pytest.raises(InvalidInput, match="已存在") as refusal:
        added(empty, "SHEN", "administrator")
    assert fields(refusal) == ["name"]
    assert empty.store.accounts.all() == [account]


@pytest.mark.parametrize("role", ["visitor", "", "root", "Broker"])
def test_a_role_is_one_of_three(empty: Workspace, role: str) -> None:
    with pytest.raises(InvalidInput, match="技术经理人") as refusal:
        added(empty, role=role)
    assert fields(refusal) == ["role"]
    for number, known in enumerate(ACCOUNT_ROLES):
        assert added(empty, f"user{number}", known).role == known


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short-one",
        "x" * 201,
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "password1234",
        "Hongniang123456",
        "shenwei2027",
        "SHENWEI2027",
        "shenweishenwei",
        "12345688888888",
        "1234567890",
    ],
)
def test_a_password_that_can_be_guessed_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="密码") as refusal:
        check_password(password, "shenwei")
    assert fields(refusal) == ["password"]
    assert password == "" or password not in str(refusal.value)


@pytest.mark.parametrize(
    "password", ["k7#mQ2vX9p", "青山遮不住毕竟东流去了", "correct horse " * 10]
)
def test_a_password_may_be_a_sentence_in_any_script(password: str) -> None:
    check_password(password, "shenwei")


def test_a_weak_password_makes_no_account_and_changes_none(empty: Workspace) -> None:
    with pytest.raises(InvalidInput):
        add_account(empty, SYSTEM, "shen", "broker", "shen123456")
    assert empty.store.accounts.all() == []
    account = added(empty)
    with pytest.raises(InvalidInput):
        change_password(empty, SYSTEM, account, "shen123456")
    assert account_named(empty, "shen") == account


def test_of_a_password_only_a_salted_hash_is_kept() -> None:
    one, other = hashed(PASSWORD), hashed(PASSWORD)
    assert one != other
    assert one.startswith("$argon2id$")
    assert is_password(PASSWORD, one)
    assert not is_password(PASSWORD + "x", one)
    assert not is_password(PASSWORD, None)
    assert not is_password("the password of an account that does not exist", None)
    assert not is_password(PASSWORD, "no hash at all")


def test_a_new_password_holds_at_once_and_ends_all_sessions(empty: Workspace) -> None:
    account = added(empty)
    token, _ = signing_in.sign_in(empty, "shen", PASSWORD, "192.0.2.7")
    with pytest.raises(InvalidInput, match="原密码") as refusal:
        change_password(empty, actor_of(account), account, OTHER_PASSWORD, "wrong")
    assert fields(refusal) == ["old"]
    assert signing_in.who(empty, token, "") is not None
    change_password(empty, actor_of(account), account, OTHER_PASSWORD, PASSWORD)
    assert signing_in.who(empty, token, "") is None
    with pytest.raises(NotSignedIn):
        signing_in.sign_in(empty, "shen", PASSWORD, "192.0.2.7")
    assert signing_in.sign_in(empty, "shen", OTHER_PASSWORD, "192.0.2.7")[1].id == account.id


def test_who_is_disabled_is_out_at_once_with_sessions_and_keys(empty: Workspace) -> None:
    account, other = added(empty), added(empty, "lin")
    token, _ = signing_in.sign_in(empty, "shen", PASSWORD, "192.0.2.7")
    theirs, _ = signing_in.sign_in(empty, "lin", PASSWORD, "192.0.2.7")
    _, secret = keys.add_key(empty, actor_of(account), "台账系统", ["read"])
    disabled = set_enabled(empty, SYSTEM, account, enabled=False)
    assert disabled.disabled_at is not None
    assert account_named(empty, "shen") == disabled
    assert signing_in.who(empty, token, "") is None
    for attempt in (
        lambda: keys.whose(empty, secret, ""),
        lambda: signing_in.sign_in(empty, "shen", PASSWORD, "192.0.2.8"),
    ):
        with pytest.raises(NotSignedIn):
            attempt()
    found = signing_in.who(empty, theirs, "")
    assert found is not None
    assert found.account_id == other.id


def test_who_is_enabled_again_signs_in_anew(empty: Workspace) -> None:
    account = added(empty)
    token, _ = signing_in.sign_in(empty, "shen", PASSWORD, "192.0.2.7")
    _, secret = keys.add_key(empty, actor_of(account), "台账系统", ["read"])
    enabled = set_enabled(
        empty, SYSTEM, set_enabled(empty, SYSTEM, account, enabled=False), enabled=True
    )
    assert enabled == account_named(empty, "shen") == account
    assert signing_in.who(empty, token, "") is None
    assert keys.whose(empty, secret, "").account_id == account.id
    assert signing_in.sign_in(empty, "shen", PASSWORD, "192.0.2.7")


def test_nobody_disables_their_own_account(empty: Workspace) -> None:
    account = added(empty, role="administrator")
    with pytest.raises(InvalidInput, match="另一位管理员"):
        set_enabled(empty, actor_of(account), account, enabled=False)
    assert account_named(empty, "shen") == account


def test_a_password_that_is_changed_meanwhile_does_not_let_a_disabled_account_in(
    empty: Workspace,
) -> None:
    read_before = added(empty)
    set_enabled(empty, SYSTEM, read_before, enabled=False)
    change_password(empty, actor_of(read_before), read_before, OTHER_PASSWORD)
    assert account_named(empty, "shen").disabled_at is not None


def test_disabling_meanwhile_does_not_bring_the_old_password_back(empty: Workspace) -> None:
    read_before = added(empty)
    change_password(empty, SYSTEM, read_before, OTHER_PASSWORD)
    set_enabled(empty, SYSTEM, read_before, enabled=True)
    assert not is_password(PASSWORD, account_named(empty, "shen").password_hash)


def test_what_is_done_to_an_account_is_noted_without_names_and_passwords(empty: Workspace) -> None:
    account = added(empty)
    change_password(empty, SYSTEM, account, OTHER_PASSWORD)
    for enabled in (False, True):
        set_enabled(empty, SYSTEM, account, enabled=enabled)
    assert noted(empty, account.id) == [
        "account-add",
        "password",
        "account-disable",
        "account-enable",
    ]
    assert "黄鹂" not in repr(list(empty.store.audit.all()))
