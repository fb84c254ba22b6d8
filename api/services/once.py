"""A request that may be sent twice, because its sender did not hear the answer."""

import hashlib
from dataclasses import dataclass
from typing import Self

from api.security.roles import Actor


@dataclass(frozen=True, slots=True)
class Once:
    """What makes two requests the same: who sends it, where to, the key it chose; and what it said.

    ``key`` is secret enough to derive a receipt from: it holds what only the sender knows.
    """

    key: str
    content_hash: str

    @classmethod
    def of(cls, actor: Actor, place: str, key: str, content: bytes) -> Self:
        """For the header ``Idempotency-Key`` of a request to ``place``."""
        whole = "\n".join((actor.account_id or "visitor", place, key))
        return cls(whole, hashlib.sha256(content).hexdigest())

    @classmethod
    def of_form(cls, actor: Actor, place: str, number: str, content: bytes) -> Self | None:
        """For a form, which is made with a ``number``; None if it has none.

        Sent again with the same content it is the same; with other content it is another one:
        people go back, change a word and send it again.
        """
        if not number:
            return None
        once = cls.of(actor, place, number, content)
        return cls(f"{once.key}\n{once.content_hash}", once.content_hash)

    @property
    def key_hash(self) -> str:
        """What the store knows of the key."""
        return hashlib.sha256(self.key.encode("utf-8", "replace")).hexdigest()
