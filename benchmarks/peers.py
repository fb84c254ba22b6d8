"""The engines that benchmarks/index.py compares, each behind the same few methods.

A peer gets its queries in its own form before the clock starts, and its answers are read after it
has stopped. products.py, engines.py and roster.py have them all.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from vectors import Weights

Answer = tuple[NDArray[np.integer], NDArray[np.floating]]
"""Numbers of documents and their scores, best first."""


class Material(NamedTuple):
    """What an engine builds from: unit rows, the idf of every column, the columns of queries."""

    rows: csr_array
    idf: Weights
    asked: NDArray[np.int32]


class Peer(ABC):
    """One engine. What is built is saved to ``folder``; another process opens and searches it."""

    library: ClassVar[str]
    """The module that is imported before anything is timed."""
    exact: ClassVar[bool] = True
    """Whether its scores are meant to be our inner products."""
    note: ClassVar[str] = ""

    def __init__(self, folder: Path, k: int) -> None:
        self.folder, self.k = folder, k
        self.engine = import_module(self.library)

    @abstractmethod
    def build(self, material: Material) -> None:
        """Make the index, in memory or at once in the folder."""

    def save(self) -> None:  # noqa: B027
        """Write what ``build`` has left in memory, if anything."""

    @abstractmethod
    def open(self) -> None:
        """Read the folder, in another process than the one that built it."""

    def prepared(self, query: csr_array) -> Any:  # noqa: ANN401
        """One query in the engine's own form."""
        return query

    @abstractmethod
    def search(self, query: Any) -> Any:  # noqa: ANN401
        """The k best for a prepared query, in the engine's own form: this is timed."""

    def answer(self, found: Any) -> Answer:  # noqa: ANN401
        """What ``search`` found."""
        return found

    def many(self, queries: Sequence[Any], threads: int) -> None:
        """All of them: by the engine's own batch if it has one, else by threads outside."""
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(self.search, queries):
                pass

    def touched(self) -> dict[str, float]:
        """What the last search read, where the engine tells."""
        return {}


def best(numbers: NDArray[np.integer], scores: NDArray[np.floating], k: int) -> Answer:
    """The k greatest in order."""
    if len(scores) > k:
        kept = np.argpartition(scores, len(scores) - k)[len(scores) - k :]
        numbers, scores = numbers[kept], scores[kept]
    order = np.argsort(-scores)
    return numbers[order], scores[order]
