"""What a group of demands is called: the terms that are strong in it and rare in the others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.coaching.reading import outermost_subjects
from matcher.records import Demand
from matcher.representation import TfidfRepresentation
from matcher.text import tokenizer
from matcher.text.lazy import LazyPattern
from matcher.text.lexicon import technology_terms

MOST: Final = 3
_FIELD_WEIGHTS: Final = {"keywords": 2.0, "title": 1.5, "indicators": 1.0, "problem": 0.8}
"""What a term counts by the best place at which a demand has it."""
_LONGEST: Final = 8
_TECHNICAL: Final = 1.3
_NO_NAME: Final = LazyPattern(
    r"[不没老太就了着得要的很又再被把全半几两每〔〕【】]|\A[\d.]+\Z"
    r"|\A[同一二三四五六七八九十]+[个支条台次天年月种家人样批间件]"
)
"""What speech has and names have not."""
_Weights = dict[str, float]


class Naming:
    """Names groups among ``rows``, the embeddings of all demands that were grouped."""

    def __init__(self, representation: TfidfRepresentation, rows: csr_array) -> None:
        self._representation = representation
        self._width = representation.vocabulary_.width
        self._number = rows.shape[0]
        self._having = self._counts(rows)
        self._technical = frozenset(technology_terms())

    def name(self, demands: Sequence[Demand], rows: csr_array, most: int = MOST) -> tuple[str, ...]:
        """At most ``most`` terms for a group, strongest first, none inside another; maybe none.

        ``rows`` are those of the group. A term weighs its rarity in the library, by the place where
        demands have it, times how much more of the group has it than of the others.
        """
        weights = self._weights(demands, self._counts(rows))
        chosen: list[str] = []
        for term in sorted(weights, key=lambda term: (-weights[term], term)):
            if len(chosen) == most:
                break
            if not any(_overlap(term, other) for other in chosen):
                chosen.append(term)
        return tuple(chosen)

    def _weights(self, demands: Sequence[Demand], having: NDArray[np.int64]) -> _Weights:
        total: _Weights = {}
        written: dict[str, str] = {}
        for demand in demands:
            for term, (weight, surface) in self._candidates(demand).items():
                total[term] = total.get(term, 0.0) + weight
                written.setdefault(term, surface)
        number, others = len(demands), max(self._number - len(demands), 1)
        weights: _Weights = {}
        for term, weight in total.items():
            inside, everywhere = (self._least(counts, term) for counts in (having, self._having))
            lead = inside / number - max(everywhere - inside, 0) / others
            if lead > 0:
                weights[written[term]] = weight / number * lead
        return weights

    def _candidates(self, demand: Demand) -> Mapping[str, tuple[float, str]]:
        """Terms of a demand, each with its weight and as it is written there."""
        found: dict[str, tuple[float, str]] = {}
        for field, factor in _FIELD_WEIGHTS.items():
            for term, surface in self._terms(demand, field):
                rarity = max(float(self._representation.idf_[c]) for c in self._columns(term))
                bonus = _TECHNICAL if term in self._technical else 1.0
                if term not in found:  # the fields come in the order of their weight
                    found[term] = factor * rarity * bonus, surface
        return found

    def _terms(self, demand: Demand, field: str) -> Iterator[tuple[str, str]]:
        if field == "keywords":
            whole = (word for word in demand.keywords if 1 < len(word) <= _LONGEST)
            yield from ((word.casefold(), word) for word in whole if not _NO_NAME.search(word))
            return
        text = demand.texts()[field]
        for token in outermost_subjects(tokenizer(self._representation.segmenter).tokens(text)):
            if not _NO_NAME.search(token.term):
                yield token.term, text[token.start : token.end]

    def _columns(self, term: str) -> list[int]:
        """Of the term, or of the words that it consists of."""
        vocabulary = self._representation.vocabulary_
        if term in vocabulary:
            return [vocabulary[term]]
        tokens = tokenizer(self._representation.segmenter).tokens(term)
        words = [token.term for token in tokens if token.kind != "character"]
        return [vocabulary[word] for word in words or [term]]

    def _least(self, counts: NDArray[np.int64], term: str) -> int:
        """In how many demands all of a term can be."""
        return int(min(counts[column] for column in self._columns(term)))

    def _counts(self, rows: csr_array) -> NDArray[np.int64]:
        """In how many rows each column of the vocabulary occurs, titles and texts together."""
        of = np.repeat(np.arange(rows.shape[0], dtype=np.int64), np.diff(rows.indptr))
        pairs = np.unique(of * self._width + rows.indices % self._width)
        return np.bincount(pairs % self._width, minlength=self._width)


def _overlap(one: str, other: str) -> bool:
    """Whether one is inside the other, or begins or ends as it does with half of the shorter."""
    one, other = one.casefold(), other.casefold()
    short, long = sorted((one, other), key=len)
    half = max(2, -(-len(short) // 2))
    return short in long or short[-half:] == long[-half:] or short[:half] == long[:half]
