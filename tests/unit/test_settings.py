"""The environment, read in one place."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from api.cli.session import settings
from api.settings import Settings
from matcher.errors import InvalidInput


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HONGNIANG_{name.upper()}", raising=False)


def test_without_an_environment_only_this_machine_is_served() -> None:
    settings = Settings()
    assert (settings.host, settings.port, settings.hosts) == ("127.0.0.1", 8000, ())
    assert settings.workers == 1
    assert settings.data == Path("var")


def test_every_setting_is_read_from_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = {
        "data": str(tmp_path),
        "database_url": "postgresql://u:geheim@db/hongniang",
        "secret": "x" * 40,
        "segmenter": "jieba",
        "host": "::1",
        "port": "0",
        "workers": "4",
        "build_memory": "256",
        "hosts": "kjj.example, www.kjj.example",
        "https": "true",
        "trusted_proxies": "10.0.0.0/8,::1",
        "cors_origins": "https://a.example",
        "cors_credentials": "true",
        "max_body": "3",
        "max_upload": "50",
        "rate": "60",
        "rate_login": "5",
        "rate_submission": "6",
        "max_drafts": "7",
        "max_active": "5",
        "max_matching": "6",
        "max_waiting": "7",
        "max_wait": "0.5",
        "request_timeout": "8",
        "body_timeout": "9",
        "log_level": "error",
        "log_json": "false",
        "backups": "/var/backups/hongniang",
        "public_url": "https://kjj.example",
        "smtp_host": "mail.kjj.example",
        "smtp_port": "2525",
        "smtp_user": "hongniang",
        "smtp_password": "geheim",
        "smtp_security": "tls",
        "smtp_from": "hongniang@kjj.example",
    }
    assert given.keys() == Settings.model_fields.keys()
    for name, value in given.items():
        monkeypatch.setenv(f"HONGNIANG_{name.upper()}", value)
    expected = {
        "data": tmp_path,
        "database_url": SecretStr("postgresql://u:geheim@db/hongniang"),
        "secret": SecretStr("x" * 40),
        "segmenter": "jieba",
        "host": "::1",
        "port": 0,
        "workers": 4,
        "build_memory": 256,
        "hosts": ("kjj.example", "www.kjj.example"),
        "https": True,
        "trusted_proxies": ("10.0.0.0/8", "::1"),
        "cors_origins": ("https://a.example",),
        "cors_credentials": True,
        "max_body": 3,
        "max_upload": 50,
        "rate": 60,
        "rate_login": 5,
        "rate_submission": 6,
        "max_drafts": 7,
        "max_active": 5,
        "max_matching": 6,
        "max_waiting": 7,
        "max_wait": 0.5,
        "request_timeout": 8.0,
        "body_timeout": 9.0,
        "log_level": "error",
        "log_json": False,
        "backups": Path("/var/backups/hongniang"),
        "public_url": "https://kjj.example",
        "smtp_host": "mail.kjj.example",
        "smtp_port": 2525,
        "smtp_user": "hongniang",
        "smtp_password": SecretStr("geheim"),
        "smtp_security": "tls",
        "smtp_from": "hongniang@kjj.example",
    }
    assert Settings().model_dump() == expected
    default = Settings.model_construct()
    assert [name for name in expected if getattr(default, name) == expected[name]] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("BUILD_MEMORY", "1"),
        ("SEGMENTER", "pkuseg"),
        ("WORKERS", "0"),
        ("WORKERS", "many"),
        ("DATABASE_URL", "mysql://u:geheim@db/hongniang"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("DATABASE_URL", "postgresql+asyncpg://u:geheim@db/hongniang"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("CORS_ORIGINS", "a.example"),
        ("CORS_ORIGINS", "https://a.example/"),
        ("MAX_BODY", "0"),
        ("MAX_ACTIVE", "0"),
        ("RATE", "-1"),
        ("REQUEST_TIMEOUT", "0"),
        ("REQUEST_TIMEOUT", "nan"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_values_that_cannot_be_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"HONGNIANG_{name}", value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "geheim" not in str(refused.value)


def test_the_database_lies_in_the_data_folder_wherever_the_process_is(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).database == f"sqlite:///{tmp_path}/hongniang.db"
    assert Settings(data=Path("x")).database == f"sqlite:///{Path.cwd()}/x/hongniang.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_an_address_of_postgresql_names_its_driver(scheme: str) -> None:
    settings = Settings(database_url=f" {scheme}://u:geheim@db/hongniang\n")
    assert settings.database == "postgresql+psycopg://u:geheim@db/hongniang"


def test_settings_do_not_show_the_password_of_the_database() -> None:
    settings = Settings(database_url="postgresql://u:geheim@db/hongniang")
    assert "geheim" not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_any_site_together_with_sessions_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HONGNIANG_CORS_ORIGINS", "*")
    assert Settings().cors_origins == ("*",)
    monkeypatch.setenv("HONGNIANG_CORS_CREDENTIALS", "true")
    with pytest.raises(InvalidInput, match=r"任何网站.*不能带登录状态.*请"):
        settings()


def test_every_setting_is_described_in_chinese() -> None:
    for name, field in Settings.model_fields.items():
        assert any("一" <= c <= "鿿" for c in field.description or ""), name


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"HONGNIANG_{name.upper()}", "")
    assert Settings() == Settings.model_construct()


def test_secrets_may_be_files_and_variables_go_before_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hongniang_secret").write_text(f"{'s' * 40}\n")
    (tmp_path / "hongniang_database_url").write_text("postgresql://u:geheim@db/hongniang\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert Settings().secret.get_secret_value() == "s" * 40
    assert Settings().database == "postgresql+psycopg://u:geheim@db/hongniang"
    monkeypatch.setenv("HONGNIANG_SECRET", "e" * 40)
    assert Settings().secret.get_secret_value() == "e" * 40
    assert Settings(secret="g" * 40).secret.get_secret_value() == "g" * 40


@pytest.mark.parametrize("found", [[], ["run"], ["run", "systemd"]])
def test_secrets_are_looked_for_where_containers_and_services_have_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: list[str]
) -> None:
    monkeypatch.setattr("api.settings._MOUNTED", tmp_path / "run")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "systemd"))
    for name in found:
        (tmp_path / name).mkdir()
        (tmp_path / name / "hongniang_secret").write_text(name * 20)
    # A service has its own folder; that of the machine comes after it.
    assert Settings().secret.get_secret_value() == (found[-1] * 20 if found else "")
