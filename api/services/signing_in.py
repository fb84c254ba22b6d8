"""Sign in, stay signed in, sign out; and be slowed down when guessing."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from api.security.networks import network
from api.security.passwords import is_password
from api.security.roles import Actor, Role, visitor
from api.security.tokens import hash_of, new_token
from api.services.accounts import as_kept
from api.services.auditing import Action, note
from api.services.workspace import Workspace
from api.store.accounts import Account
from matcher.errors import NotSignedIn, TooManyAttempts

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=7)
"""After so long without a request, or after so long in any case, one has to sign in again."""
_FORGOTTEN: Final = timedelta(hours=1)
_FIRST_WAIT: Final = 30
_LONGEST_WAIT: Final = 900
_FREE: Final = {"pair": 5, "name": 50, "address": 50}
"""Failures that cost no waiting. By name alone many are allowed, or anybody could lock it."""
_LONGEST_NAME: Final = 64
"""Of what is typed as a name nothing more is looked at, nor counted."""
_REFUSED: Final = "账号或密码不正确，请核对后重新输入。"


def sign_in(workspace: Workspace, name: str, password: str, address: str) -> tuple[str, Account]:
    """A token for the cookie, and whose it is. Raises NotSignedIn or TooManyAttempts."""
    accounts, kept = workspace.store.accounts, as_kept(name)[:_LONGEST_NAME]
    keys = _throttle_keys(kept, network(address))
    for kind, key in keys.items():
        _refuse_many(kind, accounts.failures(key))
    account = accounts.named(kept)
    good = is_password(password, account.password_hash if account else None)
    if account is None or not good or account.disabled_at:
        _note_failure(workspace, account, address, keys)
        raise NotSignedIn(_REFUSED)
    token = new_token()
    with workspace.store.writing() as unit:
        for kind, key in keys.items():  # others may have failed while this one was looked at
            _refuse_many(kind, accounts.held_failures(unit, key))
        accounts.drop_sessions(unit, unit.moment - IDLE)
        accounts.open_session(unit, hash_of(token), account.id)
        accounts.forgive(unit, keys["pair"])
        note(workspace.store, unit, _actor(account, address), Action.sign_in, account.id)
    return token, account


def sign_out(workspace: Workspace, actor: Actor, token: str) -> None:
    """End a session; its cookie is worth nothing from now on."""
    with workspace.store.writing() as unit:
        workspace.store.accounts.close_session(unit, hash_of(token))
        note(workspace.store, unit, actor, Action.sign_out, actor.account_id)


def who(workspace: Workspace, token: str, address: str) -> Actor | None:
    """Whose session this token is; None if it has ended."""
    hash_ = hash_of(token)
    session = workspace.store.accounts.session(hash_)
    if session is None or session.account.disabled_at:
        return None
    now = datetime.now(UTC)
    if now - session.seen_at > IDLE or now - session.created_at > LONGEST:
        return None
    workspace.store.accounts.see_session(hash_, session.seen_at)
    return _actor(session.account, address)


def _actor(account: Account, address: str) -> Actor:
    return Actor(account.id, account.name, Role(account.role), address)


def _throttle_keys(name: str, address: str) -> dict[str, str]:
    parts = {"pair": f"{name}\n{address}", "name": name, "address": address}
    return {kind: hash_of(f"{kind}\n{value}") for kind, value in parts.items()}


def _refuse_many(kind: str, known: tuple[int, datetime] | None) -> None:
    """Raise TooManyAttempts as long as so many failures are to be waited for."""
    failures, last_at = known or (0, datetime.now(UTC))
    if failures < _FREE[kind]:
        return
    wait = min(_FIRST_WAIT * 2 ** min(failures - _FREE[kind], 10), _LONGEST_WAIT)
    left = wait - (datetime.now(UTC) - last_at).total_seconds()
    if 0 < left <= wait:  # a clock that was set back must not lock anybody out
        raise _too_many(ceil(left))


def _too_many(seconds: int) -> TooManyAttempts:
    return TooManyAttempts(f"登录失败次数过多，请在 {seconds} 秒后再试。", seconds)


def _note_failure(
    workspace: Workspace, account: Account | None, address: str, keys: dict[str, str]
) -> None:
    """Of many that fail at once those beyond the free ones learn no more than that, nor count.

    An unknown name is not noted: people type passwords into the wrong field.
    """
    actor = _actor(account, address) if account else visitor(address)
    accounts = workspace.store.accounts
    with workspace.store.writing() as unit:
        accounts.forget_failures(unit, unit.moment - _FORGOTTEN)
        for kind, key in keys.items():
            known = accounts.held_failures(unit, key)
            _refuse_many(kind, known)
            if accounts.fail(unit, key) > _FREE[kind] and known is None:
                raise _too_many(_FIRST_WAIT)  # nothing was there to hold, and others were first
        subject = account.id if account else None
        note(workspace.store, unit, actor, Action.sign_in_failed, subject)
