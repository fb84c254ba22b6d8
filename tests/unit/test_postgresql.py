"""PostgreSQL: its sessions, its outages, and what it says when it cannot be used."""

import logging
import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text

from api.settings import Settings
from api.store import Database, achievements
from api.store.dialects import dialect_of
from api.store.dialects import postgresql as dialect
from api.store.dialects import postgresql_errors as sentences
from matcher.errors import StoreUnavailable
from tests.databases import Server

PASSWORD = "geheim-geheim"
PLACE = "PostgreSQL 数据库 x（db）"


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    opened = Database(postgresql_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def outage() -> Iterator[Server]:
    """A server of this module's own, to stop and to refuse with."""
    server = Server()
    with server.connected() as connection:
        connection.execute(f"CREATE ROLE stranger LOGIN PASSWORD '{PASSWORD}'")
    yield server
    server.remove()


def setting(database: Database, name: str, writing: bool = False) -> str:
    with database.writing() if writing else database.reading() as session:
        return str(session.scalar(text(f"SHOW {name}")))


def refusal(address: str) -> str:
    with pytest.raises(StoreUnavailable) as refused:
        Database(Settings(database_url=address).database)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "reading", "writing"),
    [
        ("transaction_isolation", "repeatable read", "read committed"),
        ("transaction_read_only", "on", "off"),
        ("application_name", "hongniang", "hongniang"),
        ("statement_timeout", "30s", "30s"),
        ("lock_timeout", "10s", "10s"),
        ("timezone", "UTC", "UTC"),
        ("client_encoding", "UTF8", "UTF8"),
    ],
)
def test_sessions_are_set_up_for_what_they_do(
    database: Database, name: str, reading: str, writing: str
) -> None:
    for _ in range(2):  # the connection goes back to the pool in between
        assert setting(database, name) == reading
        assert setting(database, name, writing=True) == writing


def test_the_address_can_set_what_the_program_sets(postgresql_url: str) -> None:
    more = "&application_name=other&options=-c%20statement_timeout%3D7s"
    database = Database(postgresql_url + more)
    assert setting(database, "application_name") == "other"
    assert setting(database, "statement_timeout") == "7s"
    assert setting(database, "lock_timeout") == "10s"
    database.close()


def test_a_statement_that_takes_too_long_is_ended(postgresql_url: str) -> None:
    database = Database(f"{postgresql_url}&options=-c%20statement_timeout%3D50")
    with pytest.raises(StoreUnavailable, match="正忙"), database.reading() as session:
        session.execute(text("SELECT pg_sleep(60)"))
    database.close()


def test_a_writer_of_the_same_row_is_told_that_the_database_is_busy(postgresql_url: str) -> None:
    one = Database(postgresql_url)
    other = Database(f"{postgresql_url}&options=-c%20lock_timeout%3D50")
    statement = text("UPDATE alembic_version SET version_num = version_num")
    with one.writing() as session:
        session.execute(statement)
        with pytest.raises(StoreUnavailable, match="正忙"), other.writing() as second:
            second.execute(statement)
    with other.writing() as session:
        session.execute(statement)
    one.close()
    other.close()


def test_a_pool_without_a_free_connection_is_busy(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.05}
    monkeypatch.setattr(dialect, "_POOL", small)
    database = Database(postgresql_url)
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(StoreUnavailable, match="正忙"), database.reading() as second:
            second.execute(text("SELECT 1"))
    assert setting(database, "timezone") == "UTC"
    database.close()


def test_migrations_wait_for_each_other(empty_postgresql_url: str) -> None:
    kind = dialect_of(f"{empty_postgresql_url}&options=-c%20lock_timeout%3D50")
    engine = kind.engine()
    opened: list[str] = []
    late = threading.Thread(target=lambda: opened.append(_opened(empty_postgresql_url)))
    with kind.migrating(engine) as connection:
        connection.execute(text("CREATE TABLE made_first (a integer)"))
        late.start()
        late.join(0.3)  # longer than a lock may be waited for otherwise
        assert opened == []
    late.join(60)
    assert opened == [empty_postgresql_url]
    engine.dispose()


def _opened(url: str) -> str:
    Database(f"{url}&options=-c%20lock_timeout%3D50").close()
    return url


def test_a_connection_that_was_ended_is_replaced(database: Database, postgresql: Server) -> None:
    assert achievements(database).count() == 0
    with postgresql.connected() as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        assert connection.execute(ended, ["hongniang"]).fetchall()
    assert achievements(database).count() == 0


def test_a_server_that_goes_away_is_unavailable_until_it_comes_back(outage: Server) -> None:
    database = Database(Settings(database_url=outage.address()).database)
    offers = achievements(database)
    assert offers.count() == 0
    outage.stop()
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="请确认数据库正在运行"):
            offers.count()
        with pytest.raises(StoreUnavailable, match="请确认数据库正在运行"):
            _write(database)
    outage.start()
    assert offers.count() == 0
    _write(database)
    database.close()


def _write(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))


def test_a_server_that_goes_away_in_the_middle_of_a_transaction_keeps_none_of_it(
    outage: Server,
) -> None:
    database = Database(Settings(database_url=outage.address()).database)

    def write() -> None:
        with database.writing() as session:
            session.execute(text("CREATE TABLE half (a integer)"))
            outage.stop()
            outage.start()
            session.execute(text("INSERT INTO half VALUES (1)"))

    with pytest.raises(StoreUnavailable, match="请确认数据库正在运行"):
        write()
    with database.reading() as session:
        assert session.scalar(text("SELECT to_regclass('half')")) is None
    database.close()


@pytest.mark.parametrize(
    ("changed", "advice"),
    [
        (lambda a: a.replace("/postgres?", "/missing?"), "请先建立它"),
        (lambda a: a.replace("postgres@", f"nobody:{PASSWORD}@"), "用户名和密码"),
        (lambda a: a.split("host=")[0] + "host=/nowhere", "请确认数据库正在运行"),
        (lambda a: a + "&colour=red", "不认识的参数"),
        (lambda _: f"postgresql://u:{PASSWORD}@127.0.0.1:1/x", "127.0.0.1:1"),
        (lambda _: f"postgresql://u:{PASSWORD}@db.invalid/x", "db.invalid"),
        (lambda _: f"postgresql://u:{PASSWORD}@db:port/x", "转义"),
        (lambda _: f"postgresql://u:{PASSWORD}/more@db/x", ""),
        (lambda _: f"postgresql://db.invalid/x?user=u&password={PASSWORD}", "db.invalid"),
    ],
)
def test_a_database_that_cannot_be_opened_says_why_without_its_password(
    outage: Server,
    caplog: pytest.LogCaptureFixture,
    changed: Callable[[str], str],
    advice: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    message = refusal(changed(outage.address()))
    assert advice in message
    assert message.endswith("。")
    assert PASSWORD not in message + caplog.text


def test_a_user_without_rights_is_told_what_is_missing(outage: Server) -> None:
    outage.create("guarded")
    with outage.connected("guarded") as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    address = outage.address("guarded").replace("postgres@", f"stranger:{PASSWORD}@")
    assert "权限不足" in refusal(address)


def test_a_database_of_another_encoding_is_refused(outage: Server) -> None:
    with outage.connected() as connection:
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' ")
    assert "UTF8" in refusal(outage.address("latin"))


def test_the_place_is_named_without_user_and_password() -> None:
    for address, place in {
        f"postgresql://ann:{PASSWORD}@db:5433/x": "PostgreSQL 数据库 x（db:5433）",
        f"postgresql://ann:{PASSWORD}@/x?host=/run/pg": "PostgreSQL 数据库 x（/run/pg）",
        f"postgresql:///x?user=ann&password={PASSWORD}": "PostgreSQL 数据库 x（本机）",
    }.items():
        assert dialect_of(Settings(database_url=address).database).place == place


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("08006", "请确认数据库正在运行"),
        ("22001", "过长"),
        ("23505", "冲突"),
        ("25006", "只读"),
        ("28P01", "密码"),
        ("40P01", "正忙"),
        ("53100", "已满"),
        ("53300", "max_connections"),
        ("55P03", "正忙"),
        ("57P01", "请确认数据库正在运行"),
        ("57014", "正忙"),
        ("XX001", "XX001"),
    ],
)
def test_errors_become_a_sentence_by_their_code(code: str, advice: str) -> None:
    class Failure(psycopg.Error):
        sqlstate = code

    sentence = sentences.explained(Failure(f"Key (title)=({PASSWORD}) already exists"), PLACE)
    assert advice in sentence
    assert PASSWORD not in sentence
    assert sentence.endswith("。")
    assert "{" not in sentence


def test_what_is_refused_is_not_quoted(database: Database) -> None:
    def insert() -> None:
        with database.writing() as session:
            statement = text("INSERT INTO alembic_version VALUES (:value)")
            session.execute(statement, {"value": PASSWORD * 10})

    with pytest.raises(StoreUnavailable) as refused:
        insert()
    assert PASSWORD not in str(refused.value)


def test_texts_with_nul_find_nothing_and_break_nothing(database: Database) -> None:
    offers = achievements(database)
    assert offers.get_many(["a\0b", "\0"]) == {}
    assert offers.by_external_id(["a\0b", "\0"]) == {}
    assert offers.page(5, where={"region": "江\0苏"}, text="\0").total == 0


def test_every_part_of_the_configuration_is_one_that_the_library_knows() -> None:
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    assert dialect._ARGUMENTS.keys() <= known
