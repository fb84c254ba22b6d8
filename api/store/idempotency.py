"""Answers already given: a POST that comes again is told what it made the first time."""

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, delete, text

from api.store.tables import IdempotencyRow
from api.store.tables.base import Moment
from api.store.unit import Unit
from matcher.errors import KeyReused

_KEPT: Final = timedelta(days=7)
# Of two requests with one key that come at once, the second waits here until the first is kept.
_CLAIM: Final = text(
    "INSERT INTO idempotency (key_hash, content_hash, subject, at) "
    "VALUES (:key_hash, :content_hash, :subject, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=Moment))


def claim(unit: Unit, key_hash: str, content_hash: str, subject: str) -> str:
    """Note that ``subject`` is made under this key; or return what was made before.

    Belongs to the unit that makes it: both are kept or neither. Keys and contents are known by
    their hashes. Raises KeyReused if the key came with other content before.
    """
    unit.session.execute(delete(IdempotencyRow).where(IdempotencyRow.at < unit.moment - _KEPT))
    values = {"key_hash": key_hash, "content_hash": content_hash, "subject": subject}
    unit.session.execute(_CLAIM, values | {"at": unit.moment})
    row = unit.session.get_one(IdempotencyRow, key_hash, populate_existing=True)
    if row.content_hash != content_hash:
        raise KeyReused
    return row.subject
