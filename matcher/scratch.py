"""Large arrays of zeros that are used again and again.

A new one is zeroed page by page as it is touched, and given back to the system at once: for a few
hundred terms strewn over a vocabulary that takes longer than what is done with them.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

_free: Final[defaultdict[Any, deque[NDArray[Any]]]] = defaultdict(deque)


@contextmanager
def zeros(size: int, kind: DTypeLike) -> Iterator[NDArray[Any]]:
    """An array of shape (size,) for the length of the block, which leaves it all zeros again.

    Threads get one each. After an error it is not used again.
    """
    free = _free[kind]
    try:
        whole = free.pop()
    except IndexError:
        whole = np.zeros(size, kind)
    if len(whole) < size:
        whole = np.zeros(size, kind)
    yield whole[:size]
    free.append(whole)
