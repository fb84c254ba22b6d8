"""Records as tables hold them: with the id of the importer and the dates, one at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import false, select

from api.store.database import Database
from api.store.mapping import Mapped
from api.store.narrowing import EVERYTHING, Narrowed, possible
from api.store.streaming import streamed
from matcher.resources import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Exported(Generic[R]):
    """A record; ``external_id`` is the one by which an import finds it again."""

    record: R
    external_id: str
    created_at: datetime
    updated_at: datetime


def exported(
    database: Database,
    mapped: Mapped[R],
    where: Mapping[str, str],
    text: str,
    narrowed: Narrowed = EVERYTHING,
) -> Iterator[Exported[R]]:
    """Records, oldest first, without holding them all; conditions as in ``Repository.page``."""
    row = mapped.row
    query = select(row).where(row.deleted_at.is_(None)).order_by(row.id)
    query = query.where(*(narrowed.conditions(row) if possible(narrowed.texts) else [false()]))
    for name, value in where.items():
        query = query.where(getattr(row, name) == value.replace("\0", "\ufffd"))
    if text:
        query = query.where(row.title.icontains(text.replace("\0", "\ufffd"), autoescape=True))
    with database.reading() as session:
        for (one,) in streamed(session, query):
            known = one.external_id or one.id
            yield Exported(mapped.record_from(vars(one)), known, one.created_at, one.updated_at)
            session.expunge(one)
