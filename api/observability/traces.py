"""Errors as data: what kind, where, and why, but not what somebody had typed."""

import traceback
from typing import Any, Final

from api.observability.masking import masked_text
from matcher.errors import BundleError, IndexDamaged, StoreUnavailable

_TELLING: Final = (
    OSError,
    ImportError,
    NameError,
    AttributeError,
    StoreUnavailable,
    BundleError,
    IndexDamaged,
)
"""Kinds whose messages speak of the program or the machine. Those of others, such as ValueError
or the errors of a database, may quote the value that they stumbled over."""
_DEEPEST: Final = 5
_FRAMES: Final = 40


def trace(error: BaseException) -> list[dict[str, Any]]:
    """The error and its causes, outermost first; of each its innermost frames."""
    chain: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < _DEEPEST:
        chain.append(_one(current))
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return chain


def _one(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    found: dict[str, Any] = {"kind": name}
    if isinstance(error, _TELLING):
        found["message"] = masked_text(str(error))
    return found | {"frames": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}
