"""Checks of the settings for letters. Nothing is sent."""

from collections.abc import Iterator

from api.services.findings import Finding, bad, good
from api.services.posting import greet
from api.smtp import Smtp
from matcher.errors import MailUnsent

_SUBJECT = "邮件"
_HERE = ("localhost", "127.0.0.1", "::1")


def finding(smtp: Smtp) -> Finding:
    """Whether letters can leave, or are not wanted."""
    if not smtp.smtp_host:
        return good(_SUBJECT, "没有设置邮件服务器，订阅只在页面和订阅源中通知。")
    problem = next(_problems(smtp), None)
    if problem is not None:
        return bad(_SUBJECT, problem)
    try:
        greet(smtp)
    except MailUnsent as reason:
        where = f"{smtp.smtp_host}:{smtp.mail_port}（{smtp.smtp_security}）"
        return bad(_SUBJECT, f"{where}：{reason}请检查 HONGNIANG_SMTP_ 开头的各项设置。")
    return good(
        _SUBJECT, f"{smtp.smtp_host}:{smtp.mail_port} 可以使用，发一封试试：hongniang mail test。"
    )


def _problems(smtp: Smtp) -> Iterator[str]:
    if not smtp.smtp_from:
        yield "设置了邮件服务器而没有发件人，请设置 HONGNIANG_SMTP_FROM。"
    if not smtp.public_url:
        yield "邮件中的链接需要对外的地址，请设置 HONGNIANG_PUBLIC_URL，例如 https://kjj.example。"
    has_password = bool(smtp.smtp_password.get_secret_value())
    if has_password != bool(smtp.smtp_user):
        yield "HONGNIANG_SMTP_USER 和 HONGNIANG_SMTP_PASSWORD 应同时设置，或都不设置。"
    if has_password and smtp.smtp_security == "none" and smtp.smtp_host not in _HERE:
        yield "密码会不加密地传给邮件服务器，请把 HONGNIANG_SMTP_SECURITY 设为 starttls 或 tls。"
