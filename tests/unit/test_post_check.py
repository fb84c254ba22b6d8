"""The settings for letters: which are refused when read, and what the doctor says of the rest."""

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from api.services import post_check
from api.smtp import Smtp
from matcher.errors import MailUnsent

GOOD: dict[str, Any] = {
    "public_url": "https://kjj.example/",
    "smtp_host": "mail.kjj.example",
    "smtp_user": "hongniang",
    "smtp_password": SecretStr("geheim"),
    "smtp_from": "红娘 <hongniang@kjj.example>",
}


@pytest.fixture(autouse=True)
def greeted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every server answers."""
    monkeypatch.setattr(post_check, "greet", lambda _: None)


def test_no_server_is_no_fault() -> None:
    found = post_check.finding(Smtp())
    assert found.good
    assert not Smtp().can_mail


def test_good_settings_are_good() -> None:
    smtp = Smtp(**GOOD)
    assert post_check.finding(smtp).good
    assert smtp.can_mail
    assert smtp.public_url == "https://kjj.example"
    assert smtp.mail_domain == "kjj.example"


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_from_the_encryption(security: str, port: int) -> None:
    assert Smtp(**GOOD | {"smtp_security": security}).mail_port == port
    assert Smtp(**GOOD | {"smtp_security": security, "smtp_port": 2525}).mail_port == 2525


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"smtp_from": ""}, "HONGNIANG_SMTP_FROM"),
        ({"public_url": ""}, "HONGNIANG_PUBLIC_URL"),
        ({"smtp_user": ""}, "HONGNIANG_SMTP_USER"),
        ({"smtp_password": SecretStr("")}, "HONGNIANG_SMTP_PASSWORD"),
        ({"smtp_security": "none"}, "HONGNIANG_SMTP_SECURITY"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], named: str) -> None:
    found = post_check.finding(Smtp(**GOOD | changes))
    assert not found.good
    assert named in found.message
    assert "geheim" not in found.message


def test_a_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Smtp) -> None:
        raise MailUnsent("连接不上邮件服务器。")

    monkeypatch.setattr(post_check, "greet", fail)
    found = post_check.finding(Smtp(**GOOD))
    assert not found.good
    assert "mail.kjj.example:587" in found.message


@pytest.mark.parametrize(
    "changes",
    [
        {"public_url": "kjj.example"},
        {"public_url": "https://kjj.example/hongniang"},
        {"public_url": "javascript:alert(1)"},
        {"smtp_from": "红娘"},
        {"smtp_security": "ssl"},
        {"smtp_port": 70_000},
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Smtp(**GOOD | changes)
