"""Nothing personal in logs, whoever wrote the line."""

import re
from collections.abc import Mapping
from typing import Any, Final

MASK: Final = "***"
_PRIVATE: Final = re.compile(
    r"text|title|problem$|indicators|goal|query|phone|contact|organi[sz]ation|person|e?mail"
    r"|password|passwd|secret|token|code$|receipt|cookie|session|authori[sz]ation|api.?key"
    r"|body|params|address|client",
    re.IGNORECASE,
)
_TELLING: Final = frozenset({"time", "level", "logger", "request_id", "route", "status_code"})
"""Keys whose values are made here and are never anybody's text."""
_SHAPES: Final = re.compile(
    r"""
    (?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])   # mobile phone
    | (?<![0-9A-Za-z-])(?:0\d{2,3}[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4})(?![0-9A-Za-z])
    | (?<![0-9A-Za-z])(?:[A-Za-z2-7]{4}-?){5}[A-Za-z2-7]{4}(?![0-9A-Za-z])       # receipt code
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}                # e-mail
    | (?<![0-9A-Za-z])(?i:bearer|basic)\s+[\w.~+/=-]{8,}
    """,
    re.VERBOSE,
)


def masked_text(text: str) -> str:
    """``text`` without what looks like a phone number, a receipt code, a mailbox or a key."""
    return _SHAPES.sub(MASK, text)


def masked(value: Any, key: str = "") -> Any:  # noqa: ANN401 - whatever was logged
    """``value`` as it may be written, inside lists and mappings too."""
    if key in _TELLING:
        return value
    if key and _PRIVATE.search(key):
        return MASK
    if isinstance(value, Mapping):
        return {name: masked(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return masked_text(str(value))
