"""How letters leave, and under which address people reach the service from their mailbox."""

import re
from email.utils import parseaddr
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_URL: Final = re.compile(r"https?://[^\s/?#@]+")
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}


class Smtp(BaseModel):
    """A mail server and a sender. Without a host no letters are sent."""

    model_config = ConfigDict(frozen=True)

    public_url: str = Field(
        default="", description="对外的地址，用于邮件和订阅源中的链接，例如 https://kjj.example"
    )
    smtp_host: str = Field(default="", description="发送邮件的服务器；空为不发邮件")
    smtp_port: int = Field(
        default=0, ge=0, le=65535, description="邮件服务器的端口；0 为按加密方式取 587、465 或 25"
    )
    smtp_user: str = Field(default="", description="登录邮件服务器的用户名；空为不登录")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="登录邮件服务器的密码")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="与邮件服务器之间的加密方式"
    )
    smtp_from: str = Field(
        default="", description="发件人，例如 红娘 <hongniang@kjj.example>；发邮件时必填"
    )

    @field_validator("public_url")
    @classmethod
    def _address(cls, given: str) -> str:
        kept = given.strip().rstrip("/")
        if kept and not _URL.fullmatch(kept):
            raise ValueError(
                "HONGNIANG_PUBLIC_URL 应为 https:// 或 http:// 加主机名，例如 https://kjj.example。"
            )
        return kept

    @field_validator("smtp_from")
    @classmethod
    def _sender(cls, given: str) -> str:
        if given.strip() and not re.fullmatch(r"[!-~]+@[!-~]+", parseaddr(given)[1]):
            raise ValueError(
                "HONGNIANG_SMTP_FROM 应为发件人的邮箱，例如 红娘 <hongniang@kjj.example>。"
            )
        return " ".join(given.split())

    @property
    def can_mail(self) -> bool:
        """Whether letters can be sent."""
        return bool(self.smtp_host and self.smtp_from and self.public_url)

    @property
    def mail_port(self) -> int:
        """The port, chosen by the security if none was given."""
        return self.smtp_port or _PORTS[self.smtp_security]

    @property
    def mail_domain(self) -> str:
        """That of the sender: names this service to others."""
        return parseaddr(self.smtp_from)[1].partition("@")[2]
