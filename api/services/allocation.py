"""How a process that serves for weeks holds memory: in few heaps, and not what it is done with."""

import ctypes
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""
_ARENAS: Final = 2


def few_heaps() -> None:
    """Let all threads share two heaps; to be called before there are any others.

    glibc would give each a heap of its own, up to eight a core, and what one leaves free in its
    own no other can use. Where the C library has no such choice, nothing happens.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return to the system the pages that are free; glibc does so at the end of a heap alone."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
