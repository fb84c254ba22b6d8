"""Addresses of this server, Chinese left as it is: browsers encode it, and pages stay small."""

from collections.abc import Iterable
from urllib.parse import quote


def address(path: str, **asked: str) -> str:
    """``path`` with what is asked; what is empty is left out."""
    return joined(path, asked.items())


def joined(path: str, items: Iterable[tuple[str, str]]) -> str:
    """The same, for what may be asked several times."""
    asked = query(items)
    return f"{path}?{asked}" if asked else path


def query(items: Iterable[tuple[str, str]]) -> str:
    """What is asked, as it stands behind the question mark."""
    return "&".join(f"{_written(name)}={_written(value)}" for name, value in items if value)


def _written(value: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-._、" else quote(sign) for sign in value)
