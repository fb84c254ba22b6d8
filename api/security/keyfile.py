"""The secret of this installation, which signs cookies and forms."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from matcher.errors import StoreUnavailable

_NAME: Final = "secret.key"
SHORTEST: Final = 32
"""Characters of a secret that is given as a setting."""


def secret_of(folder: Path, given: str) -> bytes:
    """The secret that was given, or else the one in the data folder, made if there is none.

    Raises StoreUnavailable if it cannot be read or written, or is too short to be one.
    """
    if given:
        return _checked(given.encode(), "设置 HONGNIANG_SECRET")
    path = folder / _NAME
    try:
        if not path.exists():
            _make(path)
        return _checked(path.read_bytes().strip(), f"文件 {path} ")
    except OSError as error:
        raise StoreUnavailable(
            f"无法读写密钥文件 {path}（{error.strerror}），请检查权限。"
        ) from error


def _make(path: Path) -> None:
    """Written beside and linked: of two processes that start together, both read the first's."""
    handle, name = tempfile.mkstemp(prefix=f".{_NAME}.", dir=path.parent)  # readable by us alone
    beside = Path(name)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _checked(secret: bytes, place: str) -> bytes:
    if len(secret) < SHORTEST:
        raise StoreUnavailable(f"{place}太短，请改用至少 {SHORTEST} 个随机字符，或删除后重新生成。")
    return secret


def keyfile(folder: Path) -> Path:
    """Where the secret of a data folder is, if none was given."""
    return folder / _NAME
