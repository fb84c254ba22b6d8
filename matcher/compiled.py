"""Compiled functions: how they are made, and kept on disk so that only the first process waits."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit
from numba.core.caching import (
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

F = TypeVar("F", bound=Callable[..., Any])


def compiled(*signature: Any, **options: Any) -> Callable[[F], F]:
    """Compile a function, without the interpreter's lock, and keep the result on disk.

    With a ``signature`` it is compiled, or loaded, at once; else for each new kind of arguments.
    What is kept is made anew when a file of the same folder changes, for constants are part of it
    too. What is of another folder must be neither called nor named, but handed over: nobody would
    notice a change.
    Where nothing can be kept, because no folder may be written to, every process compiles anew.
    """
    compile_with: Callable[..., Callable[[F], F]] = njit

    def decorated(function: F) -> F:
        try:
            return compile_with(*signature, nogil=True, cache=True, **options)(function)
        except RuntimeError:
            return compile_with(*signature, nogil=True, **options)(function)

    return decorated


class _Together:
    """Stamps what is kept with all files of which something may be part of it.

    Numba stamps it with the function's own file alone.
    """

    _py_file: str

    def get_source_stamp(self) -> str:
        return _stamp(Path(self._py_file).parent)


@cache
def _stamp(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(folder.glob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()


class GivenFolder(_Together, UserProvidedCacheLocator):
    """Kept where ``NUMBA_CACHE_DIR`` says."""


class BesideSource(_Together, InTreeCacheLocator):
    """Kept beside the source."""


class OfUser(_Together, UserWideCacheLocator):
    """Kept in the user's cache."""


config.CACHE_LOCATOR_CLASSES = ",".join(  # type: ignore[attr-defined]
    f"{__name__}.{kind.__name__}" for kind in (GivenFolder, BesideSource, OfUser)
)
