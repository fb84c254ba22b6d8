"""The only reader of the environment: every setting is named ``HONGNIANG_…``."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the data lives and where the server listens."""

    model_config = SettingsConfigDict(env_prefix="HONGNIANG_", frozen=True)

    data: Path = Field(default=Path("var"), description="数据目录：数据库、模型包和索引")
    segmenter: Literal["rjieba", "jieba"] = Field(
        default="rjieba", description="下次训练使用的分词器"
    )
    host: str = Field(default="127.0.0.1", description="监听地址；本版没有账号，默认只允许本机")
    allow_remote: bool = Field(default=False, description="允许监听本机以外的地址")
    secret: str = Field(
        default="",
        repr=False,
        description="签名密钥，至少 32 个随机字符；为空则使用数据目录中的 secret.key（自动生成）",
    )
    build_memory: int = Field(default=1024, ge=64, description="建立大型索引时排序可用的内存（MB）")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口")

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address of the database in the data folder."""
        return f"sqlite:///{self.data.absolute() / 'hongniang.db'}"
