"""Passwords: what they must be, and how they are kept (argon2id, by pwdlib)."""

import secrets
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError

from matcher.errors import InvalidInput

SHORTEST: Final = 10
_LONGEST: Final = 200
_COMMON: Final = ("password", "qwerty", "hongniang", "123456", "abcdef", "111111", "88888888")
_FEWEST_DIFFERENT: Final = 5
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


def check_password(password: str, name: str) -> None:
    """Raise InvalidInput for a password that somebody could guess.

    Length counts, not kinds of characters: rules on those make people write passwords down.
    """
    if not SHORTEST <= len(password) <= _LONGEST:
        raise InvalidInput.of(
            "password", f"密码应为 {SHORTEST} 到 {_LONGEST} 个字符，可以用一句容易记的话。"
        )
    plain = password.casefold()
    rest = plain.replace(name.casefold(), "") if name else plain
    for word in _COMMON:
        rest = rest.replace(word, "")
    if len(set(plain)) < _FEWEST_DIFFERENT or len(rest) < SHORTEST // 2:
        raise InvalidInput.of("password", "这个密码太容易被猜到，请换一个不含账号名和常见密码的。")


def new_password() -> str:
    """A random one that can be read out and typed: 79 bits in four groups of four letters."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether this is the password. Takes as long if there is no account, so none can be found."""
    try:
        good = _hasher().verify(password[:_LONGEST], kept or _nobody())
    except PwdlibError:
        return False
    return good and kept is not None


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    return hashed("the password of an account that does not exist")
