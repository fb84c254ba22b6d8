"""What callers of the service may do: how much, how often, how long, and from where."""

import re
from ipaddress import ip_network
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_settings import NoDecode

_ORIGIN: Final = re.compile(
    r"\*|https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?"
)
Positive = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


def _separated(value: object) -> object:
    """A list as people type it in one variable: separated by commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separated)]


class Policy(BaseModel):
    """Limits and trust. The defaults suit a bureau of one city; 0 requests a minute means any."""

    model_config = ConfigDict(frozen=True)

    max_body: int = Field(default=2, ge=1, le=100, description="一次请求内容的上限（MB）")
    max_upload: int = Field(default=500, ge=1, le=1000, description="一次导入文件的上限（MB）")
    rate: int = Field(
        default=600,
        ge=0,
        description="每个账号或地址每分钟的请求数，0 为不限；未登录者的长内容每 8 KB 计一次",
    )
    rate_login: int = Field(default=10, ge=0, description="每个地址每分钟的登录次数，0 为不限")
    rate_submission: int = Field(
        default=20, ge=0, description="每个地址每分钟未登录填报的次数，0 为不限"
    )
    max_drafts: int = Field(
        default=20_000,
        ge=0,
        description="未登录者的草稿总数，0 为不限；每份最多 20 KB，满后新的不再保存，仍可直接提交",
    )
    max_active: int = Field(default=4, ge=1, description="每个进程同时处理的请求数，匹配除外")
    max_matching: int = Field(default=32, ge=1, description="每个进程同时处理的匹配请求数")
    max_waiting: int = Field(default=128, ge=0, description="每个进程排队等待的请求数")
    max_wait: Positive = Field(default=5.0, description="一个请求最多排队的秒数")
    request_timeout: Positive = Field(default=30.0, description="处理一个请求最多用的秒数")
    body_timeout: Positive = Field(default=20.0, description="等待请求内容到齐的秒数")
    trusted_proxies: Names = Field(
        default=(), description="反向代理的地址或网段，逗号分隔；只采信它们转告的来源地址"
    )
    https: bool = Field(default=False, description="对外只用 https：让浏览器记住并拒绝明文访问")
    cors_origins: Names = Field(
        default=(), description="允许跨源调用的网站，逗号分隔，例如 https://kjj.example"
    )
    cors_credentials: bool = Field(default=False, description="跨源调用可以带登录状态")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for name in given:
            try:
                ip_network(name, strict=False)
            except ValueError as error:
                raise ValueError(
                    f"反向代理“{name}”不是地址或网段，请写成 10.0.0.5 或 10.0.0.0/24。"
                ) from error
        return given

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for name in given:
            if not _ORIGIN.fullmatch(name):
                raise ValueError(f"跨源网站“{name}”写法不对，请写成 https://kjj.example。")
        return given

    @field_validator("cors_credentials")
    @classmethod
    def _not_for_everybody(cls, credentials: bool, info: ValidationInfo) -> bool:
        if credentials and "*" in info.data.get("cors_origins", ()):
            raise ValueError("允许任何网站跨源调用时不能带登录状态，请逐个列出网站，或关闭其一。")
        return credentials


UNLIMITED: Final = Policy(rate=0, rate_login=0, rate_submission=0)
"""No limit on how often: for programs that call the application directly."""
