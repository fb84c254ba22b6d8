"""Many rows, without holding them all."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

_AT_ONCE: Final = 1000


def streamed(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a query as they come; whoever stops early leaves no cursor open."""
    with session.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
        yield from rows
