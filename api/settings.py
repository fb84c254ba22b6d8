"""The only reader of the environment: every setting is named ``HONGNIANG_…``."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.policy import Names, Policy


class Settings(BaseSettings, Policy):
    """Where the data lives, where the server listens, and what callers may do."""

    model_config = SettingsConfigDict(env_prefix="HONGNIANG_", frozen=True)

    data: Path = Field(default=Path("var"), description="数据目录：数据库、模型包和索引")
    segmenter: Literal["rjieba", "jieba"] = Field(
        default="rjieba", description="下次训练使用的分词器"
    )
    host: str = Field(default="127.0.0.1", description="监听地址；本版没有账号，默认只允许本机")
    hosts: Names = Field(
        default=(), description="访问本服务可用的域名，逗号分隔；为空时，只监听本机则只认本机名"
    )
    allow_remote: bool = Field(default=False, description="允许监听本机以外的地址")
    build_memory: int = Field(default=1024, ge=64, description="建立大型索引时排序可用的内存（MB）")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="日志的详细程度"
    )
    log_json: bool = Field(default=True, description="日志每行一个 JSON；false 为便于阅读的文字")

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address of the database in the data folder."""
        return f"sqlite:///{self.data.absolute() / 'hongniang.db'}"
