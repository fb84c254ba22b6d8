"""The terms that a query shares with its candidates, as dense arrays that features are made of."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.entries import Entries, Matrix
from matcher.ranking.side import Side
from matcher.representation import TfidfRepresentation

COVERAGE_WEIGHT: Final = 0.88
"""Of the coverage in a score, against 1 for the similarity; measured, docs/decisions/0006."""
_LENGTH_WEIGHT: Final = 0.75
"""BM25's b (Robertson & Zaragoza 2009)."""


@dataclass(frozen=True)
class Overlap:
    """A query against n candidates in the m terms of the query.

    ``columns`` (m,) are the query's columns within a block, sorted. ``title`` and ``whole`` are
    float32 arrays of shape (n, m): the candidates' weights in the two blocks of their rows, all of
    whose entries ``title_entries`` and ``whole_entries`` hold. ``rows`` are the n embeddings.
    """

    representation: TfidfRepresentation
    query: Side
    rows: csr_array
    columns: NDArray[np.int64]
    title_entries: Entries
    whole_entries: Entries
    title: Matrix
    whole: Matrix

    @classmethod
    def of(cls, representation: TfidfRepresentation, query: Side, rows: csr_array) -> "Overlap":
        """Look up the query's columns in all rows at once."""
        width = representation.vocabulary_.width
        columns = np.unique(query.row.indices.astype(np.int64) % width)
        place = np.zeros(width, dtype=np.int32)  # zeroed lazily by the system, so cheap
        place[columns] = np.arange(1, len(columns) + 1)
        entries = Entries.split(rows, width)
        blocks = (block.dense(place, len(columns)) for block in entries)
        return cls(representation, query, rows, columns, *entries, *blocks)

    @cached_property
    def terms(self) -> set[str]:
        """The terms of the query."""
        return self.query.terms

    @cached_property
    def query_title(self) -> Matrix:
        """The query's weights (m,) in the block of the title."""
        title, _ = self._dense_query
        return title

    @cached_property
    def query_whole(self) -> Matrix:
        """The query's weights (m,) in the block of the whole text."""
        _, whole = self._dense_query
        return whole

    @cached_property
    def _dense_query(self) -> tuple[Matrix, Matrix]:
        width, row = self.representation.vocabulary_.width, self.query.row
        block, column = np.divmod(row.indices.astype(np.int64), width)
        dense = np.zeros((2, len(self.columns)), dtype=np.float32)
        dense[block, np.searchsorted(self.columns, column)] = row.data
        return dense[0], dense[1]

    @cached_property
    def idf(self) -> Matrix:
        """The weight (m,) of each term of the query."""
        return self.representation.idf_[self.columns]

    @cached_property
    def similarity(self) -> Matrix:
        """The inner products (n,) of the embeddings, in [0, 1]."""
        return self.title @ self.query_title + self.whole @ self.query_whole

    @cached_property
    def cover(self) -> Matrix:
        """What each term (n, m) adds to the coverage of the query; the sum is in [0, 1).

        BM25 over the query's units: saturated, length-normalised occurrences in the candidate,
        weighted by idf, in parts of what a perfect candidate would reach. Words inside of words
        and characters inside of words are no units, so a long word counts once.
        """
        vocabulary = self.representation.vocabulary_
        units = np.isin(self.columns, [vocabulary[unit] for unit in self.query.units])
        weights: Matrix = np.where(units, self.idf, 0.0).astype(np.float32)
        cover: Matrix = self._saturated * (weights / max(float(weights.sum()), 1e-9))
        return cover

    @cached_property
    def shares(self) -> tuple[Matrix, Matrix]:
        """What each term (n, m) adds to the score: in the title's block, and in the whole text.

        The two add up to the score: the mean of similarity and coverage, weighted.
        """
        part = np.float32(1.0 / (1.0 + COVERAGE_WEIGHT))
        title: Matrix = self.title * (self.query_title * part)
        whole: Matrix = self.whole * (self.query_whole * part)
        return title, whole + self.cover * np.float32(1.0 - part)

    @cached_property
    def score(self) -> Matrix:
        """By what candidates (n,) are ranked when nothing has been learned, in [0, 1]."""
        title, whole = self.shares
        total: Matrix = title.sum(axis=1) + whole.sum(axis=1)
        return np.minimum(total, np.float32(1.0))  # float32 rounds up

    @property
    def _divisors(self) -> Matrix:
        """idf, infinite where a term counts nothing: such terms are in no row but as zeros."""
        idf = self.representation.idf_
        return idf if self.representation.character_weight else np.where(idf, idf, np.inf)

    @cached_property
    def lengths_by_kind(self) -> NDArray[np.float64]:
        """The lengths of the candidates' whole texts in words, characters and names: (n, 3)."""
        entries = self.whole_entries
        kinds = self.representation.kinds_[entries.columns]
        groups = entries.records * 3 + kinds
        squares = np.bincount(groups, entries.weights * entries.weights, minlength=entries.n * 3)
        lengths: NDArray[np.float64] = np.sqrt(squares.reshape(entries.n, 3))
        return lengths

    @cached_property
    def _saturated(self) -> Matrix:
        """Tf / (tf + k (1 - b + b length / average)) for each term (n, m), in [0, 1).

        A row holds s · tf (k+1) / (tf + k) · idf with one s for the whole row. Nearly every text
        has a term that occurs once, for which the saturation is 1; so the least weight over idf is
        s, and the occurrences follow.
        """
        k, entries = self.representation.saturation, self.whole_entries
        weights = entries.weights / self._divisors[entries.columns]
        scale = entries.least(weights)
        counts = _occurrences(weights / scale[entries.records], k)
        length = entries.sums(counts) / self.representation.average_length_
        norm = (k * (1.0 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length)).astype(np.float32)
        shared = _occurrences(self.whole / self._divisors[self.columns] / scale[:, None], k)
        saturated: Matrix = shared / (shared + norm[:, None] + np.float32(1e-9))
        return saturated


def _occurrences(saturated: Matrix, k: float) -> Matrix:
    """Tf from tf (k + 1) / (tf + k); 0 stays 0."""
    occurrences: Matrix = k * saturated / np.maximum(k + 1.0 - saturated, 1e-3)
    return occurrences
