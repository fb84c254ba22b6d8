"""Compiled functions: how they are made, and how to have them ready before the first user comes."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(*signature: Any, **options: Any) -> Callable[[F], F]:
    """Compile a function, without the interpreter's lock, and keep the result on disk.

    With a ``signature`` it is compiled, or loaded, at once; else for each new kind of arguments.
    What is kept is made anew when the function's own file changes, not when that of a function
    which it calls does: delete ``__pycache__`` after such an edit.
    Where nothing can be kept, because no folder may be written to, every process compiles anew.
    """
    compile_with: Callable[..., Callable[[F], F]] = njit

    def decorated(function: F) -> F:
        try:
            return compile_with(*signature, nogil=True, cache=True, **options)(function)
        except RuntimeError:
            return compile_with(*signature, nogil=True, **options)(function)

    return decorated
