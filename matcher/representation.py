"""Fields to sparse TF-IDF embeddings: a scikit-learn transformer.

An embedding has two blocks of the same terms, the title and the whole text, each of unit length
before both are scaled to a joint unit length. The inner product of two embeddings is therefore the
weighted mean of two cosines, title against title and text against text, and lies in [0, 1].
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from sklearn.base import BaseEstimator, TransformerMixin

from matcher.background import document_shares
from matcher.errors import NotFitted
from matcher.frequencies import Frequencies, document_frequencies
from matcher.occurrences import (
    TITLE,
    FieldTexts,
    Occurrences,
    in_columns,
    in_texts,
)
from matcher.scratch import zeros
from matcher.sparse import rows_of
from matcher.text import is_character, tokenizer
from matcher.vocabulary import Vocabulary

__all__ = [
    "TITLE",
    "FieldTexts",
    "TfidfRepresentation",
    "Vocabulary",  # bundles on disk name it so
    "narrow",
]

WORD, CHARACTER, NAME = range(3)
"""Kinds of columns: a Han word, a single Han character, anything in Latin letters or figures."""
_LENGTH: Final = 100.0

_CHUNK: Final = 1024
"""Records that are embedded at once, which bounds the memory for their term counts."""


class TfidfRepresentation(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    r"""Embed records as L2-normalised, float32 TF-IDF rows.

    The weight of term t, which occurs :math:`tf` times (field weights applied), in one block is

    .. math:: w_t = \frac{tf\,(k + 1)}{tf + k} \cdot
              \left(1 + \ln \frac{n + b + 1}{df_t + b\,p_t + 1}\right)

    The first factor is BM25's saturation (Robertson & Zaragoza 2009), which is sublinear like
    1 + ln tf but bounded. The second is scikit-learn's smoothed idf with b background documents
    added, in a share :math:`p_t` of which the term occurs.

    Parameters
    ----------
    segmenter : "rjieba" or "jieba".
    field_weights : how much one occurrence in a field counts; 1 for a field not named.
    title_weight : weight of the titles' cosine against 1 for that of the whole texts, ≥ 0.
    character_weight : factor on single Han characters.
    saturation : k above, > 0.
    background_weight : b above, in documents, ≥ 0.
    hashed_bits : terms unknown when fitted share 2**hashed_bits columns by CRC-32, so that what is
        added later can be found by new words too.

    Attributes
    ----------
    vocabulary_ : Vocabulary, term → column of a block, sorted. The title block comes first.
    idf_ : float32 array of shape (vocabulary_.width,), character weight included; hashed columns
        carry the idf of a word that no document has.
    kinds_ : int8 array of shape (vocabulary_.width,): WORD, CHARACTER or NAME of each column.
    document_count_ : number of records fitted on.
    average_length_ : mean number of terms of a record, repetitions counted; 100 if fitted on none.
    """

    def __init__(
        self,
        segmenter: str = "rjieba",
        field_weights: Mapping[str, float] | None = None,
        title_weight: float = 1.0,
        character_weight: float = 1.2,
        saturation: float = 1.2,
        background_weight: float = 100.0,
        hashed_bits: int = 18,
    ) -> None:
        self.segmenter = segmenter
        self.field_weights = field_weights
        self.title_weight = title_weight
        self.character_weight = character_weight
        self.saturation = saturation
        self.background_weight = background_weight
        self.hashed_bits = hashed_bits

    def fit(self, X: Iterable[FieldTexts], y: object = None) -> Self:
        """Learn document frequencies. ``X`` may be empty: the background alone then speaks."""
        found = (document_frequencies(chunk, self.segmenter) for chunk in chunks(X))
        return self.learn(Frequencies.sum(found))

    def fit_transform(self, X: Iterable[FieldTexts], y: object = None) -> csr_array:
        """``fit`` and ``transform`` the same records, which may come from a generator."""
        records = list(X)
        return self.fit(records).transform(records)

    def learn(self, found: Frequencies) -> Self:
        """``fit`` from frequencies that were counted elsewhere, by several processes perhaps."""
        self.document_count_ = found.documents
        self.average_length_ = found.length / found.documents if found.length else _LENGTH
        background, b = document_shares(), self.background_weight
        terms = sorted(found.by_term.keys() | background.keys())
        self.vocabulary_ = Vocabulary(terms, self.hashed_bits)
        expected = np.ones(self.vocabulary_.width)  # unknown terms: df = p = 0
        share, frequency = background.get, found.by_term.get
        expected[: len(terms)] += b * np.array([share(term, 0.0) for term in terms])
        expected[: len(terms)] += [frequency(term, 0) for term in terms]
        idf = 1.0 + np.log((self.document_count_ + b + 1.0) / expected)
        kinds = np.zeros(self.vocabulary_.width, dtype=np.int8)
        kinds[: len(terms)] = _kinds(terms)
        idf[kinds == CHARACTER] *= self.character_weight
        self.kinds_: NDArray[np.int8] = kinds
        self.idf_: NDArray[np.float32] = idf.astype(np.float32)
        self.__dict__.pop("highest_idf", None)
        return self

    def transform(self, X: Iterable[FieldTexts]) -> csr_array:
        """Embed records: a float32 CSR array of shape (len(X), 2 * vocabulary_.width), sorted.

        A record without a single term is a row of zeros. Raises NotFitted before ``fit``.
        """
        return stacked(self.transform_in_chunks(X), self.width)

    def transform_in_chunks(self, X: Iterable[FieldTexts]) -> Iterator[csr_array]:
        """The rows of ``transform``, some at a time."""
        self._check_fitted()
        cut = tokenizer(self.segmenter)
        return (self._rows(in_texts(chunk, cut, self.vocabulary_)) for chunk in chunks(X))

    def columns(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """The columns of terms within a block."""
        self._check_fitted()
        return self.vocabulary_.columns(terms)

    def row(self, columns: NDArray[np.int32], sizes: Mapping[str, int]) -> csr_array:
        """``transform`` for one record: the columns of its terms, and how many each field has."""
        return self._rows(in_columns(columns, sizes))

    @cached_property
    def highest_idf(self) -> float:
        """The idf of the rarest terms: looked for once."""
        return float(self.idf_.max())

    @property
    def width(self) -> int:
        """Columns of a row. Raises NotFitted before ``fit``."""
        self._check_fitted()
        return 2 * self.vocabulary_.width

    def _check_fitted(self) -> None:
        if not hasattr(self, "idf_"):
            raise NotFitted("还没有训练过的模型，请先运行 hongniang fit。")

    def _rows(self, found: Occurrences) -> csr_array:
        from matcher.counting import weighted_rows

        with zeros(self.vocabulary_.width, np.float32) as counts:
            columns, weights, bounds = weighted_rows(
                found.numbers,
                found.runs,
                found.records,
                found.factors(self.field_weights or {}),
                found.titles,
                np.asarray(self.idf_),
                self.saturation,
                math.sqrt(self.title_weight),  # the inner product squares it
                counts,
            )
        return rows_of(weights, columns, bounds, self.width)


def chunks(records: Iterable[FieldTexts]) -> Iterator[list[FieldTexts]]:
    """Records as lists of a bounded length."""
    remaining = iter(records)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def stacked(parts: Iterable[csr_array], width: int) -> csr_array:
    """Rows below each other; none of ``width`` columns if there are no parts."""
    empty = csr_array((0, width), dtype=np.float32)
    return narrow(csr_array(vstack([empty, *parts], format="csr", dtype=np.float32)))


def narrow(rows: csr_array) -> csr_array:
    """The same rows with indices of 32 bits if they fit: half the memory traffic."""
    if rows.nnz <= np.iinfo(np.int32).max and rows.indices.dtype != np.int32:
        rows.indices = rows.indices.astype(np.int32)
        rows.indptr = rows.indptr.astype(np.int32)
    return rows


def _kinds(terms: Sequence[str]) -> list[int]:
    han = {first for first in {term[0] for term in terms} if is_character(first)}
    return [(CHARACTER if len(term) == 1 else WORD) if term[0] in han else NAME for term in terms]
