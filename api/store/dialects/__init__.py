"""What differs between the databases: everything else in the store is the same for all of them."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from api.store.dialects.port import Columns, Dialect, Rows
from api.store.dialects.postgresql import PostgreSQL
from api.store.dialects.sqlite import SQLite
from matcher.errors import StoreUnavailable

__all__ = ["Columns", "Dialect", "Rows", "dialect_of"]

_DRIVERS = {"sqlite": SQLite, "postgresql+psycopg": PostgreSQL}


def dialect_of(address: str) -> Dialect:
    """The database behind an address of SQLAlchemy's.

    Raises StoreUnavailable for an address that cannot be read. The message does not repeat it:
    there may be a password in it.
    """
    try:
        url = make_url(address)
        return _DRIVERS[url.drivername](url)
    except (ArgumentError, ValueError, KeyError) as error:
        raise StoreUnavailable(
            "数据库地址无法识别，请检查 HONGNIANG_DATABASE_URL，密码中的特殊字符须按网址规则转义。"
        ) from error
