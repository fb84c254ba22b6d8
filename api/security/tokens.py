"""Secrets that are handed out: made here, signed here, and known to the store as hashes only."""

import hashlib
import hmac
import secrets
from base64 import b32encode
from typing import Final

from itsdangerous import BadSignature, Signer

_KEY_PREFIX: Final = "hn_"
_SHOWN: Final = 10
_RECEIPT_BYTES: Final = 15


class Signing:
    """Signs with the secret of this installation; every process of it has the same one."""

    def __init__(self, secret: bytes) -> None:
        """``secret``: at least 32 random bytes."""
        self._sessions = Signer(secret, salt=b"session", digest_method=hashlib.sha256)
        self._edits = Signer(secret, salt=b"edit", digest_method=hashlib.sha256)
        self._forms = hmac.new(secret, b"form", hashlib.sha256).digest()
        self._receipts = hmac.new(secret, b"receipt", hashlib.sha256).digest()

    def cookie(self, token: str) -> str:
        """A token as a cookie carries it."""
        return self._sessions.sign(token).decode()

    def token(self, cookie: str) -> str | None:
        """The token in a cookie; None if the cookie was not made here."""
        return _unsigned(self._sessions, cookie)

    def served(self, demand_id: str, account_id: str) -> str:
        """What the form of an edit carries: for which demand and account it was made."""
        return self._edits.sign(f"{demand_id} {account_id}").decode()

    def served_to(self, mark: str, demand_id: str) -> str | None:
        """The account that a form for this demand was made for; None if it was not made here."""
        of, _, account_id = (_unsigned(self._edits, mark) or "").partition(" ")
        return account_id if of == demand_id and account_id else None

    def form_token(self, token: str) -> str:
        """What a form must bring back that was served to the browser with this cookie's token."""
        return hmac.new(self._forms, token.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, given: str, token: str) -> bool:
        """Whether a form was served to this browser."""
        return hmac.compare_digest(
            given.encode("utf-8", "replace"), self.form_token(token).encode()
        )

    def receipt(self, key: str) -> str:
        """The receipt code that belongs to an idempotency key: the same each time it is asked."""
        digest = hmac.new(self._receipts, key.encode("utf-8", "replace"), hashlib.sha256).digest()
        return b32encode(digest[:_RECEIPT_BYTES]).decode()


def _unsigned(signer: Signer, given: str) -> str | None:
    try:
        return signer.unsign(given.encode("utf-8", "replace")).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def new_receipt() -> str:
    """120 random bits: 24 characters of base 32, written in six groups of four."""
    return b32encode(secrets.token_bytes(_RECEIPT_BYTES)).decode()


def new_token() -> str:
    """256 random bits, for a session."""
    return secrets.token_urlsafe(32)


def new_key() -> tuple[str, str]:
    """A key for a program, and its beginning, by which people tell keys apart."""
    key = f"{_KEY_PREFIX}{secrets.token_urlsafe(32)}"
    return key, key[:_SHOWN]


def hash_of(secret: str) -> str:
    """What the store knows of a token or key. They are random: no salt and no slowness needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
