"""Embedding and counting for large libraries, on several cores if that is wanted."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from scipy.sparse import csr_array

from matcher.frequencies import Frequencies, document_frequencies
from matcher.occurrences import FieldTexts
from matcher.representation import TfidfRepresentation, chunks
from matcher.workers import Workers

Embed = Callable[[Iterable[FieldTexts]], Iterator[csr_array]]
"""Records to rows, some at a time: memory does not grow with the number of records."""
_representation: TfidfRepresentation
"""In a worker: what it embeds with."""


@contextmanager
def embedder(representation: TfidfRepresentation, workers: int = 1) -> Iterator[Embed]:
    """``representation.transform_in_chunks``, done by so many processes while the block lasts.

    Raises WorkersLost, where rows are taken, if a process died.
    """
    if workers < 2:
        yield representation.transform_in_chunks
        return
    with Workers(workers, _hold, representation) as pool:
        yield lambda texts: pool.map(_embed, chunks(texts))


def count_terms(texts: Iterable[FieldTexts], segmenter: str, workers: int = 1) -> Frequencies:
    """Document frequencies: ``TfidfRepresentation.learn`` makes of them what ``fit`` would.

    Raises WorkersLost if a process died.
    """
    count = partial(document_frequencies, segmenter=segmenter)
    if workers < 2:
        return Frequencies.sum(map(count, chunks(texts)))
    with Workers(workers) as pool:
        return Frequencies.sum(pool.map(count, chunks(texts)))


def _hold(representation: TfidfRepresentation) -> None:
    global _representation  # sent once to each process, not with each chunk
    _representation = representation


def _embed(texts: list[FieldTexts]) -> csr_array:
    return _representation.transform(texts)
