"""The terms that a query shares with its candidates, as dense arrays that features are made of."""

from dataclasses import dataclass
from functools import cached_property
from itertools import compress, count
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.portions import Portions, portions
from matcher.ranking.side import Side
from matcher.ranking.tally import Matrix, Tally, tally
from matcher.representation import TfidfRepresentation
from matcher.scratch import zeros

COVERAGE_WEIGHT: Final = 0.88
"""Of the coverage in a score, against 1 for the similarity; measured, docs/decisions/0006."""
_LENGTH_WEIGHT: Final = 0.75
"""BM25's b (Robertson & Zaragoza 2009)."""


@dataclass(frozen=True)
class Overlap:
    """A query against n candidates in the m terms of the query.

    ``columns`` (m,) are the query's columns within a block, sorted. ``title`` and ``whole`` are
    float32 arrays of shape (n, m): the candidates' weights in the two blocks of their rows, the n
    embeddings ``rows``, of which ``tally`` says what else there is to know.
    """

    representation: TfidfRepresentation
    query: Side
    rows: csr_array
    columns: NDArray[np.int64]
    tally: Tally

    @classmethod
    def of(cls, representation: TfidfRepresentation, query: Side, rows: csr_array) -> "Overlap":
        """Look up the query's columns in all rows at once."""
        width = representation.vocabulary_.width
        columns = np.array(sorted(set((query.row.indices % width).tolist())), dtype=np.int64)
        with zeros(width, np.int32) as place:
            found = tally(
                rows.indptr.astype(np.int32, copy=False),
                rows.indices.astype(np.int32, copy=False),
                rows.data,
                columns,
                representation.idf_,
                representation.kinds_,
                representation.saturation,
                place,
            )
        return cls(representation, query, rows, columns, Tally(*found))

    @property
    def title(self) -> Matrix:
        """The weights (n, m) of the query's terms in the candidates' titles."""
        return self.tally.title

    @property
    def whole(self) -> Matrix:
        """The same in the candidates' whole texts."""
        return self.tally.whole

    @property
    def numbers(self) -> dict[str, int]:
        """The terms (t,) of the query that count, in order, each with its number."""
        return self._terms[0]

    @property
    def term_columns(self) -> NDArray[np.int64]:
        """For each of these terms (t,) which of the columns (m,) it has."""
        return self._terms[1]

    @cached_property
    def _terms(self) -> tuple[dict[str, int], NDArray[np.int64]]:
        terms = sorted(self._column)
        columns = np.fromiter(map(self._column.__getitem__, terms), np.int64, len(terms))
        at = np.searchsorted(self.columns, columns)
        counts = np.append(self.columns, -1)[at] == columns
        return dict(zip(compress(terms, counts), count())), at[counts]

    @cached_property
    def _column(self) -> dict[str, int]:
        """The columns of the query's terms, looked up once: the vocabulary is large."""
        terms = self.query.terms
        return dict(
            zip(terms, map(self.representation.vocabulary_.__getitem__, terms), strict=True)
        )

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

    @property
    def cover(self) -> Matrix:
        """What each term (n, m) adds to the coverage of the query; the sum is in [0, 1).

        BM25 over the query's units: saturated, length-normalised occurrences in the candidate,
        weighted by idf, in parts of what a perfect candidate would reach. Words inside of words
        and characters inside of words are no units, so a long word counts once.
        """
        return self._portions.cover

    @property
    def rarest(self) -> Matrix:
        """The highest idf (n,) of the terms that they share with the query; 0 if there is none."""
        return self._portions.rarest

    @property
    def shares(self) -> tuple[Matrix, Matrix]:
        """What each term (n, m) adds to the score: in the title's block, and in the whole text.

        The two add up to the score: the mean of similarity and coverage, weighted.
        """
        return self._portions.title, self._portions.whole

    @cached_property
    def score(self) -> Matrix:
        """By what candidates (n,) are ranked when nothing has been learned, in [0, 1]."""
        title, whole = self.shares
        total: Matrix = title.sum(axis=1) + whole.sum(axis=1)
        return np.minimum(total, np.float32(1.0))  # float32 rounds up

    @cached_property
    def _portions(self) -> Portions:
        found, k = self.tally, self.representation.saturation
        part = np.float32(1.0 / (1.0 + COVERAGE_WEIGHT))
        length = found.lengths / self.representation.average_length_
        norms = (k * (1.0 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length)).astype(np.float32)
        parts = portions(
            self.title,
            self.whole,
            found.scales,
            norms,
            self.query_title * part,
            self.query_whole * part,
            self._units,
            self.idf,
            k,
            1.0 - part,
        )
        return Portions(*parts)

    @property
    def _units(self) -> Matrix:
        """The idf (m,) of the terms that are units, adding up to 1; 0 for the others."""
        units = {self._column[unit] for unit in self.query.units}
        is_unit = [number in units for number in self.columns.tolist()]
        weights = self.idf * np.array(is_unit, dtype=np.float32)
        return weights / max(float(weights.sum()), 1e-9)
