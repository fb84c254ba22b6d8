"""Keys for programs: shown once, scoped, revocable, and no stronger than whose they are."""

import pytest

from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services import keys
from api.services.accounts import add_account
from api.services.keys import add_key, keys_of, revoke_key, whose
from api.services.workspace import Workspace
from matcher.errors import InvalidInput, NotFound, NotSignedIn
from tests.unit.stores import Clock

PASSWORD = "青山遮不住 毕竟东流去"

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def owner(empty: Workspace) -> Actor:
    account = add_account(empty, SYSTEM, "shen", "broker", PASSWORD)
    return Actor(account.id, account.name, Role.broker, "192.0.2.7")


def test_a_key_stands_for_its_owner_within_its_scopes(empty: Workspace, owner: Actor) -> None:
    key, secret = add_key(empty, owner, " 台账系统 ", ["match", "read"])
    assert (key.name, key.scopes) == ("台账系统", (Scope.match, Scope.read))
    actor = whose(empty, secret, "192.0.2.9")
    assert (actor.account_id, actor.name, actor.role) == (owner.account_id, "shen", Role.broker)
    assert (actor.address, actor.scopes) == ("192.0.2.9", {Scope.read, Scope.match})
    assert [kept.id for kept in keys_of(empty, owner)] == [key.id]


def test_the_secret_is_shown_once_and_kept_as_a_hash(empty: Workspace, owner: Actor) -> None:
    key, secret = add_key(empty, owner, "台账系统", ["read"])
    assert secret.startswith(key.shown)
    content = b"".join(path.read_bytes() for path in empty.folder.glob("hongniang.db*"))
    assert secret.encode() not in content
    assert secret not in repr([*keys_of(empty, owner), *empty.store.audit.all()])


def test_only_the_whole_key_opens(empty: Workspace, owner: Actor) -> None:
    key, secret = add_key(empty, owner, "台账系统", ["read"])
    for wrong in ("", key.shown, secret[:-1], secret + "x", secret.swapcase(), key.id, "\ud800"):
        with pytest.raises(NotSignedIn, match="密钥"):
            whose(empty, wrong, "")


@pytest.mark.parametrize("scopes", [[], ["root"], ["read", "root"], ["READ"], [""]])
def test_scopes_are_some_of_those_that_exist(
    empty: Workspace, owner: Actor, scopes: list[str]
) -> None:
    with pytest.raises(InvalidInput, match="用途") as refusal:
        add_key(empty, owner, "台账系统", scopes)
    assert [problem.field for problem in refusal.value.problems] == ["scopes"]
    assert list(keys_of(empty, owner)) == []


@pytest.mark.parametrize("name", ["", "  ", "名" * 101])
def test_a_key_has_a_name_of_up_to_a_hundred_characters(
    empty: Workspace, owner: Actor, name: str
) -> None:
    with pytest.raises(InvalidInput, match="名称") as refusal:
        add_key(empty, owner, name, ["read"])
    assert [problem.field for problem in refusal.value.problems] == ["name"]
    assert add_key(empty, owner, "名" * 100, ["read"])[0].name == "名" * 100


def test_a_revoked_key_is_refused_from_then_on_and_stays_listed(
    empty: Workspace, owner: Actor, clock: Clock
) -> None:
    key, secret = add_key(empty, owner, "台账系统", ["read"])
    _, other = add_key(empty, owner, "另一个", ["read"])
    revoke_key(empty, owner, key.id)
    with pytest.raises(NotSignedIn, match="撤销"):
        whose(empty, secret, "")
    assert whose(empty, other, "").account_id == owner.account_id
    [first] = [kept for kept in keys_of(empty, owner) if kept.id == key.id]
    assert first.revoked_at == clock.now
    clock.move(days=1)
    revoke_key(empty, owner, key.id)
    [again] = [kept for kept in keys_of(empty, owner) if kept.id == key.id]
    assert again == first


def test_nobody_revokes_the_key_of_somebody_else(empty: Workspace, owner: Actor) -> None:
    account = add_account(empty, SYSTEM, "lin", "administrator", PASSWORD)
    other = Actor(account.id, "lin", Role.administrator)
    key, secret = add_key(empty, owner, "台账系统", ["read"])
    for id_ in (key.id, "nobody", ""):
        with pytest.raises(NotFound):
            revoke_key(empty, other, id_)
    assert list(keys_of(empty, other)) == []
    assert whose(empty, secret, "").account_id == owner.account_id


def test_there_are_at_most_twenty_keys_that_hold(empty: Workspace, owner: Actor) -> None:
    made = [add_key(empty, owner, f"系统{number}", ["read"])[0] for number in range(20)]
    with pytest.raises(InvalidInput, match="20"):
        add_key(empty, owner, "多出来的", ["read"])
    revoke_key(empty, owner, made[0].id)
    newest, _ = add_key(empty, owner, "现在可以", ["read"])
    listed = [key.id for key in keys_of(empty, owner)]
    assert listed == [newest.id, *(key.id for key in reversed(made))]


def test_the_last_use_is_known_to_the_minute(empty: Workspace, owner: Actor, clock: Clock) -> None:
    _, secret = add_key(empty, owner, "台账系统", ["read"])

    def used() -> object:
        whose(empty, secret, "")
        return keys_of(empty, owner)[0].used_at

    assert keys_of(empty, owner)[0].used_at is None
    first = clock.now
    assert used() == first
    clock.move(seconds=59)
    assert used() == first  # or every reading request would be a write
    clock.move(seconds=1)
    assert used() == clock.now
    clock.move(days=-3)
    assert used() == clock.now


def test_what_is_done_with_keys_is_noted(empty: Workspace, owner: Actor) -> None:
    key, _ = add_key(empty, owner, "台账系统", ["read"])
    revoke_key(empty, owner, key.id)
    lines = empty.store.audit.page(9, subject=key.id)
    assert [line.action for line in lines] == ["key-revoke", "key-add"]
    assert lines[1].details == {"scopes": ["read"]}
    assert "台账" not in repr(lines)


def test_visitors_have_no_keys(empty: Workspace, owner: Actor) -> None:
    add_key(empty, owner, "台账系统", ["read"])
    assert list(keys.keys_of(empty, SYSTEM)) == []
