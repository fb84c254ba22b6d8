"""How a process that serves for weeks holds memory: in one heap, and not what it is done with."""

import ctypes
import os
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""


def one_heap() -> None:
    """Let all threads share a heap, here and in processes that are started from now on.

    To be called before there are any others: where there are two heaps, both are used. glibc would
    give each thread one of its own, up to eight a core, and what one leaves free in its own no
    other can use. Where the C library has no such choice, nothing happens.
    """
    os.environ["MALLOC_ARENA_MAX"] = "1"
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Return to the system the pages that are free; glibc does so at the end of a heap alone."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
