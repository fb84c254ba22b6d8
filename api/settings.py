"""The only reader of the environment: every setting is named ``HONGNIANG_…``."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.policy import Names, Policy

_POSTGRESQL = re.compile(r"^postgres(ql)?://")


class Settings(BaseSettings, Policy):
    """Where the data lives, where the server listens, and what callers may do."""

    model_config = SettingsConfigDict(
        env_prefix="HONGNIANG_", frozen=True, hide_input_in_errors=True
    )

    data: Path = Field(default=Path("var"), description="数据目录：数据库、模型包和索引")
    database_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL 的地址；空为数据目录中的 SQLite"
    )
    segmenter: Literal["rjieba", "jieba"] = Field(
        default="rjieba", description="下次训练使用的分词器"
    )
    host: str = Field(default="127.0.0.1", description="监听地址；本版没有账号，默认只允许本机")
    hosts: Names = Field(
        default=(), description="访问本服务可用的域名，逗号分隔；为空时，只监听本机则只认本机名"
    )
    allow_remote: bool = Field(default=False, description="允许监听本机以外的地址")
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="签名密钥，至少 32 个随机字符；为空则使用数据目录中的 secret.key（自动生成）",
    )
    build_memory: int = Field(default=1024, ge=64, description="建立大型索引时排序可用的内存（MB）")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="日志的详细程度"
    )
    log_json: bool = Field(default=True, description="日志每行一个 JSON；false 为便于阅读的文字")

    @field_validator("database_url")
    @classmethod
    def _known_kind(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value().strip()
        if given and not _POSTGRESQL.match(given):
            raise ValueError(
                "HONGNIANG_DATABASE_URL 应以 postgresql:// 开头，"
                "例如 postgresql://用户:密码@主机/库名；留空则使用数据目录中的 SQLite。"
            )
        return SecretStr(given)

    @property
    def database(self) -> str:
        """SQLAlchemy's address of the database; there may be a password in it."""
        given = self.database_url.get_secret_value()
        if given:
            return _POSTGRESQL.sub("postgresql+psycopg://", given)
        return f"sqlite:///{self.data.absolute() / 'hongniang.db'}"
