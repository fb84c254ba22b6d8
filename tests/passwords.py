"""Passwords that are checked at once: to take long is what they are for, not what is tested."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.security import passwords


@contextmanager
def quick() -> Iterator[None]:
    """Argon2 with the least that it can do."""
    hasher = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: hasher)
        yield
