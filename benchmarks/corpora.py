"""Vectors for benchmarks/index.py, drawn from topics; mixture.py has those of real abstracts."""

from collections.abc import Sequence
from typing import Final

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from vectors import Columns, Corpus, Weights, stacked, weighted

_WIDTH: Final = 300_000
_TOPICS: Final = (2000, 800)
"""How many topics, and how many terms in each."""
_NEIGHBOURS: Final = 4
"""A document's second topic is one of so many behind its first, as fields of technology touch."""
_BACKGROUND: Final = 0.45
"""Share of words that come from the background, which all topics have in common."""
_SKEWS: Final = (1.03, 0.95)
"""Exponents of Zipf's law in the background and within a topic."""
_WORDS: Final = (110, 0.35)
"""Median and logarithmic spread of the words of a document: some 100 distinct terms."""
_LONGEST: Final = 1200
_AT_ONCE: Final = 50_000


def topical(documents: int, terms: Sequence[int], queries: int, seed: int = 7) -> Corpus:
    """Documents of two topics each and a background, in no order; queries are drawn like them."""
    topics = _topics(np.random.default_rng(seed))
    sizes = [min(_AT_ONCE, documents - start) for start in range(0, documents, _AT_ONCE)]
    chunks = [_drawn(size, topics, _WORDS[0], seed + 1 + i) for i, size in enumerate(sizes)]
    rows = stacked(chunks, _WIDTH)
    del chunks
    frequencies = np.bincount(rows.indices, minlength=_WIDTH)
    idf = (1.0 + np.log((documents + 1.0) / (frequencies + 1.0))).astype(np.float32)
    _weigh(rows.data, rows.indices, rows.indptr, idf)
    asked = {}
    for length in terms:
        drawn = stacked([_drawn(queries, topics, max(_WORDS[0], 2 * length), seed - 1)], _WIDTH)
        asked[length] = weighted(_cut(drawn, length, seed), idf)
    return Corpus(rows, asked, idf)


def _topics(generator: np.random.Generator) -> Columns:
    """Each topic's terms, its commonest first; words common in general are in many topics."""
    return (generator.random(_TOPICS) ** 3 * _WIDTH).astype(np.int32)


def _drawn(size: int, topics: Columns, median: float, seed: int) -> tuple[NDArray, ...]:
    """Counts, columns and lengths of so many documents."""
    columns = np.empty(size * _LONGEST, np.int32)  # touched only as far as it is filled
    counts, lengths = np.empty(size * _LONGEST, np.float32), np.empty(size, np.int32)
    end = _draw(columns, counts, lengths, topics, median, seed)
    return counts[:end].copy(), columns[:end].copy(), lengths


@numba.njit(cache=True)
def _draw(
    columns: Columns, counts: Weights, lengths: Columns, topics: Columns, median: float, seed: int
) -> int:
    np.random.seed(seed)
    words, end = np.empty(_LONGEST, np.int32), 0
    for document in range(len(lengths)):
        wanted = int(median * np.exp(_WORDS[1] * np.random.standard_normal()))
        several = np.sort(_words(words[: min(max(wanted, 10), _LONGEST)], topics))
        begin = end
        for word in several:
            if end > begin and columns[end - 1] == word:
                counts[end - 1] += 1.0
            else:
                columns[end], counts[end] = word, 1.0
                end += 1
        lengths[document] = end - begin
    return end


@numba.njit(cache=True)
def _words(words: Columns, topics: Columns) -> Columns:
    """Fill ``words``: background, a main topic, a second one."""
    main = np.random.randint(len(topics))
    second = (main + 1 + np.random.randint(_NEIGHBOURS)) % len(topics)
    for i in range(len(words)):
        if np.random.random() < _BACKGROUND:
            words[i] = _zipf(_WIDTH, _SKEWS[0])
        else:
            topic = main if np.random.random() < 0.75 else second
            words[i] = topics[topic, _zipf(topics.shape[1], _SKEWS[1])]
    return words


@numba.njit(cache=True)
def _zipf(size: int, skew: float) -> int:
    """A rank from 0, by inverting the integral of 1 / rank ** skew."""
    power = 1.0 - skew
    return int(((float(size + 1) ** power - 1.0) * np.random.random() + 1.0) ** (1.0 / power)) - 1


@numba.njit(cache=True)
def _weigh(data: Weights, indices: Columns, indptr: Columns, idf: Weights) -> None:
    """Counts to saturated counts times idf, each row of unit length, in place."""
    for row in range(len(indptr) - 1):
        squares = 0.0
        for i in range(indptr[row], indptr[row + 1]):
            data[i] *= 2.2 / (data[i] + 1.2) * idf[indices[i]]
            squares += data[i] * data[i]
        for i in range(indptr[row], indptr[row + 1]):
            data[i] /= np.sqrt(squares)


def _cut(rows: csr_array, length: int, seed: int) -> csr_array:
    """Of each row ``length`` terms at random, or all where there are fewer."""
    generator = np.random.default_rng(seed)
    ends = zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
    kept = [generator.permutation(rows.indices[a:b])[:length] for a, b in ends]
    columns = [np.sort(row) for row in kept]
    lengths = np.array([len(row) for row in columns], np.int32)
    flat = np.concatenate(columns)
    return stacked([(np.ones(len(flat), np.float32), flat, lengths)], rows.shape[1])
