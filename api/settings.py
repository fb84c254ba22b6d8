"""The only reader of the environment: every setting is named ``HONGNIANG_…``.

A setting may also be the content of a file of that name in lower case, as container engines and
systemd hand over secrets; a variable of the environment goes before it.
"""

import os
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from api.policy import Names, Policy
from api.smtp import Smtp

_POSTGRESQL = re.compile(r"^postgres(ql)?://")
_MOUNTED = Path("/run/secrets")
"""Where containers find their secrets, a file for each."""
_CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where services of systemd find theirs."""


class Settings(BaseSettings, Policy, Smtp):
    """Where the data lives, where the server listens, and what callers may do."""

    model_config = SettingsConfigDict(
        env_prefix="HONGNIANG_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    data: Path = Field(default=Path("var"), description="数据目录：数据库、模型包和索引")
    database_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL 的地址；空为数据目录中的 SQLite"
    )
    segmenter: Literal["rjieba", "jieba"] = Field(
        default="rjieba", description="下次训练使用的分词器"
    )
    host: str = Field(default="127.0.0.1", description="监听地址，默认只监听本机")
    hosts: Names = Field(default=(), description="允许的访问主机名，逗号分隔；为空时只允许本机")
    workers: int = Field(default=1, ge=1, le=64, description="服务进程数")
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="签名密钥，至少 32 个随机字符；为空则使用数据目录中的 secret.key（自动生成）",
    )
    build_memory: int = Field(default=1024, ge=64, description="建立大型索引时排序可用的内存（MB）")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="日志的详细程度"
    )
    log_json: bool | None = Field(
        default=None,
        description="日志每行一个 JSON，或为便于阅读的文字；不设则只在终端用文字",
    )
    backups: Path | None = Field(
        default=None, description="存放备份的目录；设置后 doctor 检查最近一次备份的时间"
    )

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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as pydantic calls it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given goes before the environment, and the environment before files."""
        given = os.environ.get(_CREDENTIALS)
        folders = [folder for folder in (_MOUNTED, given and Path(given)) if folder]
        present = [folder for folder in folders if folder.is_dir()]
        return init_settings, env_settings, SecretsSettingsSource(settings_cls, present)

    @property
    def database(self) -> str:
        """SQLAlchemy's address of the database; there may be a password in it."""
        given = self.database_url.get_secret_value()
        if given:
            return _POSTGRESQL.sub("postgresql+psycopg://", given)
        return f"sqlite:///{self.data.absolute() / 'hongniang.db'}"
