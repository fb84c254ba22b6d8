"""Addresses in charts, Chinese left as it is: browsers encode it, and pages stay small."""

from urllib.parse import quote


def address(path: str, **asked: str) -> str:
    """``path`` with what is asked; what is empty is left out."""
    query = "&".join(f"{name}={_written(value)}" for name, value in asked.items() if value)
    return f"{path}?{query}" if query else path


def _written(value: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-._、" else quote(sign) for sign in value)
