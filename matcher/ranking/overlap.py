"""The terms that a query shares with its candidates, as dense arrays that features are made of."""

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.index.kept import Keep
from matcher.ranking.portions import Portions, portions
from matcher.ranking.side import Side
from matcher.ranking.sought import sought
from matcher.ranking.tally import TALLIED, Matrix, Numbers, tally
from matcher.representation import TfidfRepresentation
from matcher.scratch import zeros

COVERAGE_WEIGHT: Final = 0.88
"""Of the coverage in a score, against 1 for the similarity; measured, docs/decisions/0006."""


@dataclass(frozen=True)
class Overlap:
    """A query against n candidates in the m terms of the query.

    ``columns`` (m,) are the query's columns within a block, sorted. ``title`` and ``whole`` are
    float32 arrays of shape (n, m): the candidates' weights in the two blocks of their rows, the n
    embeddings ``rows``. ``tally`` (n, TALLIED) says what else there is to know of these.
    """

    representation: TfidfRepresentation
    query: Side
    rows: csr_array
    columns: NDArray[np.int64]
    title: Matrix
    whole: Matrix
    tally: Numbers

    @classmethod
    def of(
        cls,
        representation: TfidfRepresentation,
        query: Side,
        rows: csr_array,
        keep: Keep | None = None,
    ) -> "Overlap":
        """Look up the query's columns in all rows at once.

        ``keep`` : where what does not depend on the query is kept for the next one.
        """
        width = representation.vocabulary_.width
        first = np.searchsorted(query.row.indices, width)
        columns = query.row.indices[first:].astype(np.int64) - width  # the title's are among them
        indptr = rows.indptr.astype(np.int32, copy=False)
        indices = rows.indices.astype(np.int32, copy=False)
        with zeros(width, np.int32) as place:
            title, whole = sought(indptr, indices, rows.data, columns, place)

        def tallied(chosen: NDArray[np.int64]) -> Numbers:
            known = representation.idf_, representation.kinds_, representation.saturation
            numbers: Numbers = tally(indptr, indices, rows.data, chosen, *known)
            return numbers

        found = keep(representation, TALLIED, tallied) if keep else tallied(np.arange(len(title)))
        return cls(representation, query, rows, columns, title, whole, found)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The terms (t,) of the query that count, in order, each with its number."""
        return dict(zip(sorted(self._counting), count(), strict=False))

    @cached_property
    def term_columns(self) -> NDArray[np.int64]:
        """For each of these terms (t,) which of the columns (m,) it has."""
        columns = map(self._counting.__getitem__, self.numbers)
        return np.fromiter(columns, np.int64, len(self.numbers))

    @cached_property
    def of_tokens(self) -> NDArray[np.int64]:
        """Which of the columns (m,) each token of the query has; -1 if its field counts nothing."""
        tokens = self.query.columns
        at = self.columns.searchsorted(tokens)
        return np.where(np.concatenate((self.columns, [-1]))[at] == tokens, at, -1)

    @cached_property
    def _counting(self) -> dict[str, int]:
        """The same by term, for those that count."""
        of_tokens = zip(self.query.written.terms, self.of_tokens.tolist(), strict=True)
        return {term: at for term, at in of_tokens if at >= 0}

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
        row, first = self.query.row, len(self.query.row.indices) - len(self.columns)
        title = np.zeros(len(self.columns), dtype=np.float32)
        title[self.columns.searchsorted(row.indices[:first])] = row.data[:first]
        return title, row.data[first:]

    @cached_property
    def idf(self) -> Matrix:
        """The weight (m,) of each term of the query."""
        return self.representation.idf_[self.columns]

    @cached_property
    def kinds(self) -> NDArray[np.int8]:
        """The kind (m,) of each term of the query."""
        return self.representation.kinds_[self.columns]

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
        parts = portions(
            self.title,
            self.whole,
            self.tally,
            self.query_title,
            self.query_whole,
            self._units,
            self.idf,
            self.representation.saturation,
            self.representation.average_length_,
            np.float32(1.0 / (1.0 + COVERAGE_WEIGHT)),
        )
        return Portions(*parts)

    @property
    def _units(self) -> Matrix:
        """The idf (m,) of the terms that are units, adding up to 1; 0 for the others."""
        units = self.of_tokens[self.query.is_unit]
        is_unit = np.zeros(len(self.columns), dtype=np.float32)
        is_unit[units[units >= 0]] = 1.0
        weights = self.idf * is_unit
        return weights / max(float(weights.sum()), 1e-9)
