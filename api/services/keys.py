"""Keys for programs: shown once, scoped, revocable, and no stronger than whose they are."""

from collections.abc import Collection, Sequence
from typing import Final

from api.security.roles import SCOPE_NAMES, Actor, Role, Scope
from api.security.tokens import hash_of, new_key
from api.services.auditing import Action, note
from api.services.workspace import Workspace
from api.store.accounts import Key
from api.store.mapping import new_id
from matcher.errors import InvalidInput, NotFound, NotSignedIn

_MOST: Final = 20
_LONGEST_NAME: Final = 100
_UNKNOWN: Final = "没有这个密钥，它可能已被撤销，请刷新页面。"
_REFUSED: Final = "密钥无效、已撤销或账号已停用，请在“我的账号”中核对或新建密钥。"


def add_key(
    workspace: Workspace, actor: Actor, name: str, scopes: Collection[str]
) -> tuple[Key, str]:
    """A new key and its secret, which nobody can show again. Raises InvalidInput."""
    assert actor.account_id is not None  # noqa: S101 - visitors do not get here
    chosen = _checked(name, scopes)
    if sum(key.revoked_at is None for key in keys_of(workspace, actor)) >= _MOST:
        raise InvalidInput(f"每个账号最多 {_MOST} 个有效密钥，请先撤销不用的。")
    secret, shown = new_key()
    with workspace.store.writing() as unit:
        key = Key(
            new_id("k"), actor.account_id, name.strip(), shown, chosen, unit.moment, None, None
        )
        workspace.store.accounts.add_key(unit, key, hash_of(secret))
        note(workspace.store, unit, actor, Action.key_add, key.id, scopes=list(chosen))
    return key, secret


def keys_of(workspace: Workspace, actor: Actor) -> Sequence[Key]:
    """The keys of an account, newest first, revoked ones too."""
    return workspace.store.accounts.keys(actor.account_id or "")


def revoke_key(workspace: Workspace, actor: Actor, id_: str) -> None:
    """Make one of one's own keys useless from the next request on. Raises NotFound."""
    if id_ not in {key.id for key in keys_of(workspace, actor)}:
        raise NotFound(_UNKNOWN)
    _revoke(workspace, actor, id_)


def revoke_any(workspace: Workspace, actor: Actor, id_: str) -> Key:
    """Make anybody's key useless, once; for administrators. Raises NotFound."""
    key = workspace.store.directory.key(id_)
    if key is None:
        raise NotFound(_UNKNOWN)
    if key.revoked_at is None:
        _revoke(workspace, actor, id_)
    return key


def _revoke(workspace: Workspace, actor: Actor, id_: str) -> None:
    with workspace.store.writing() as unit:
        workspace.store.accounts.revoke_key(unit, id_)
        note(workspace.store, unit, actor, Action.key_revoke, id_)


def whose(workspace: Workspace, secret: str, address: str) -> Actor:
    """Who calls with this key. Raises NotSignedIn."""
    bearer = workspace.store.accounts.bearer(hash_of(secret))
    if bearer is None:
        raise NotSignedIn(_REFUSED)
    workspace.store.accounts.see_key(bearer)
    scopes = frozenset(map(Scope, bearer.scopes))
    return Actor(bearer.account_id, bearer.name, Role(bearer.role), address, scopes)


def _checked(name: str, scopes: Collection[str]) -> tuple[Scope, ...]:
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise InvalidInput.of(
            "name", f"请为密钥起一个 {_LONGEST_NAME} 字以内的名称，例如所用的系统。"
        )
    known = {scope.value for scope in Scope}
    if not scopes or not known.issuperset(scopes):
        choices = "、".join(f"{scope.value}（{label}）" for scope, label in SCOPE_NAMES.items())
        raise InvalidInput.of("scopes", f"请至少选择一项用途：{choices}。")
    return tuple(sorted(set(map(Scope, scopes))))
