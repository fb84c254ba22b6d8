"""Fields to sparse TF-IDF embeddings: a scikit-learn transformer.

An embedding has two blocks of the same terms, the title and the whole text, each of unit length
before both are scaled to a joint unit length. The inner product of two embeddings is therefore the
weighted mean of two cosines, title against title and text against text, and lies in [0, 1].
"""

import math
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count, islice, repeat
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack
from sklearn.base import BaseEstimator, TransformerMixin

from matcher.background import document_shares
from matcher.errors import NotFitted
from matcher.text import is_character, tokenizer

FieldTexts = Mapping[str, str]
"""The texts of one record by field name; the field ``title`` may be missing or empty."""
FieldTerms = Mapping[str, Sequence[str]]
"""The same, each text cut into its terms, repetitions kept."""
TITLE: Final = "title"
WORD, CHARACTER, NAME = range(3)
"""Kinds of columns: a Han word, a single Han character, anything in Latin letters or figures."""
_LENGTH: Final = 100.0

_CHUNK: Final = 4096
"""Records that are embedded at once, which bounds the memory for their term counts."""


class Vocabulary(dict[str, int]):
    """Term → column of a block; a term that is not in it hashes into the columns behind."""

    def __init__(self, terms: Iterable[str] = (), hashed_bits: int = 0) -> None:
        super().__init__(zip(terms, count()))
        self.hashed_bits = hashed_bits

    def __missing__(self, term: str) -> int:
        return len(self) + zlib.crc32(term.encode()) % (1 << self.hashed_bits)

    @property
    def width(self) -> int:
        """Columns of a block, the hashed ones included."""
        return len(self) + (1 << self.hashed_bits)


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
        frequencies: Counter[str] = Counter()
        self.document_count_ = length = 0
        for record in map(self._cut, X):
            terms = list(chain.from_iterable(record.values()))
            frequencies.update(set(terms))
            self.document_count_ += 1
            length += len(terms)
        self.average_length_ = length / self.document_count_ if length else _LENGTH
        self._learn(frequencies)
        return self

    def fit_transform(self, X: Iterable[FieldTexts], y: object = None) -> csr_array:
        """``fit`` and ``transform`` the same records, which may come from a generator."""
        records = list(X)
        return self.fit(records).transform(records)

    def _learn(self, frequencies: Counter[str]) -> None:
        background, b = document_shares(), self.background_weight
        terms = sorted(frequencies.keys() | background.keys())
        self.vocabulary_ = Vocabulary(terms, self.hashed_bits)
        expected = np.ones(self.vocabulary_.width)  # unknown terms: df = p = 0
        share, frequency = background.get, frequencies.get
        expected[: len(terms)] += b * np.array([share(term, 0.0) for term in terms])
        if frequencies:
            expected[: len(terms)] += [frequency(term, 0) for term in terms]
        idf = 1.0 + np.log((self.document_count_ + b + 1.0) / expected)
        kinds = np.zeros(self.vocabulary_.width, dtype=np.int8)
        kinds[: len(terms)] = _kinds(terms)
        idf[kinds == CHARACTER] *= self.character_weight
        self.kinds_: NDArray[np.int8] = kinds
        self.idf_: NDArray[np.float32] = idf.astype(np.float32)

    def transform(self, X: Iterable[FieldTexts]) -> csr_array:
        """Embed records: a float32 CSR array of shape (len(X), 2 * vocabulary_.width), sorted.

        A record without a single term is a row of zeros. Raises NotFitted before ``fit``.
        """
        records = iter(X)
        chunks = [csr_array((0, self.width), dtype=np.float32)]
        while chunk := list(islice(records, _CHUNK)):
            chunks.append(self.embed([self._cut(texts) for texts in chunk]))
        return narrow(csr_array(vstack(chunks, format="csr", dtype=np.float32)))

    def embed(self, records: Sequence[FieldTerms]) -> csr_array:
        """``transform`` for one or more records whose texts have been cut into terms before."""
        self._check_fitted()
        # A record without a title is compared by its whole text in both blocks.
        titles = [{TITLE: terms[TITLE]} if terms.get(TITLE) else terms for terms in records]
        scale = math.sqrt(self.title_weight)  # the inner product squares it
        blocks = [self._weighted(titles) * scale, self._weighted(records)]
        return narrow(_unit_length(csr_array(hstack(blocks, format="csr", dtype=np.float32))))

    @property
    def width(self) -> int:
        """Columns of a row. Raises NotFitted before ``fit``."""
        self._check_fitted()
        return 2 * self.vocabulary_.width

    def _check_fitted(self) -> None:
        if not hasattr(self, "idf_"):
            raise NotFitted("还没有训练过的模型，请先运行 hongniang fit。")

    def _cut(self, texts: FieldTexts) -> FieldTerms:
        cut = tokenizer(self.segmenter)
        return {name: cut.terms(text) for name, text in texts.items()}

    def _weighted(self, records: Sequence[FieldTerms]) -> csr_array:
        """One block: saturated, idf-weighted, each row of unit length."""
        counts, k = self._counts(records), self.saturation
        counts.data = counts.data * (k + 1.0) / (counts.data + k) * self.idf_[counts.indices]
        return _unit_length(counts)

    def _counts(self, records: Sequence[FieldTerms]) -> csr_array:
        factors, column = self.field_weights or {}, self.vocabulary_.__getitem__
        columns, weights, ends = array("i"), array("f"), [0]
        for by_field in records:
            for name, terms in by_field.items():
                columns.extend(map(column, terms))
                weights.extend(repeat(factors.get(name, 1.0), len(terms)))
            ends.append(len(columns))
        shape = (len(records), self.vocabulary_.width)
        counts = csr_array((np.array(weights), np.array(columns), ends), shape=shape)
        counts.sum_duplicates()
        counts.eliminate_zeros()  # fields whose weight is 0
        return counts


def _unit_length(rows: csr_array) -> csr_array:
    """Rows scaled in place to unit length, empty ones left; free of scikit-learn's checks."""
    numbers = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    squares = np.bincount(numbers, rows.data * rows.data, minlength=rows.shape[0])
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0))  # weights of 0 leave zeros
    rows.data = (rows.data / lengths[numbers]).astype(np.float32)
    return rows


def narrow(rows: csr_array) -> csr_array:
    """The same rows with indices of 32 bits if they fit: half the memory traffic."""
    if rows.nnz <= np.iinfo(np.int32).max and rows.indices.dtype != np.int32:
        rows.indices = rows.indices.astype(np.int32)
        rows.indptr = rows.indptr.astype(np.int32)
    return rows


def _kinds(terms: Sequence[str]) -> list[int]:
    han = {first for first in {term[0] for term in terms} if is_character(first)}
    return [(CHARACTER if len(term) == 1 else WORD) if term[0] in han else NAME for term in terms]
