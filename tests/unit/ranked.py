"""Queries beside candidates, given as texts; and the same worked out from counts of words."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from matcher import TfidfRepresentation
from matcher.ranking.overlap import COVERAGE_WEIGHT, Overlap
from matcher.ranking.side import side
from matcher.text import tokenizer
from matcher.text.sentences import sentences

Texts = Mapping[str, str]
Weights = dict[str, float]


def overlapping(
    representation: TfidfRepresentation, query: Texts, candidates: Sequence[Texts]
) -> Overlap:
    rows = representation.transform(candidates)
    return Overlap.of(representation, side(representation, query), rows)


class Naive:
    """What ranking says, from the definitions: dictionaries of words, one pair at a time."""

    def __init__(self, representation: TfidfRepresentation) -> None:
        self.representation = representation
        self.cut = tokenizer(representation.segmenter)

    def counts(self, texts: Texts) -> Counter[str]:
        return Counter(term for text in texts.values() for term in self.cut.terms(text))

    def idf(self, term: str) -> float:
        return float(self.representation.idf_[self.representation.vocabulary_[term]])

    def weights(self, counts: Mapping[str, int]) -> Weights:
        k = self.representation.saturation
        return {t: n * (k + 1) / (n + k) * self.idf(t) for t, n in counts.items()}

    def whole(self, texts: Texts) -> Weights:
        return self.weights(self.counts(texts))

    def title(self, texts: Texts) -> Weights:
        named = self.weights(Counter(self.cut.terms(texts.get("title", ""))))
        return named or self.whole(texts)

    def sentence_weights(self, texts: Texts) -> list[Weights]:
        parts = (text[start:end] for text in texts.values() for start, end in sentences(text))
        return [self.weights(Counter(self.cut.terms(part))) for part in parts]

    def units(self, texts: Texts) -> set[str]:
        """Terms that stand somewhere without a longer term around them.

        Of several in one place, such as the 1 and the 2 in ½, the first.
        """
        units = set()
        for text in texts.values():
            tokens = list({(t.start, t.end): t for t in self.cut.tokens(text)[::-1]}.values())
            for token in tokens:
                around = [
                    other
                    for other in tokens
                    if other.start <= token.start and token.end <= other.end and other != token
                ]
                if not around:
                    units.add(token.term)
        return units

    def coverage(self, query: Texts, candidate: Texts) -> float:
        k, counts = self.representation.saturation, self.counts(candidate)
        length = sum(counts.values()) / self.representation.average_length_
        norm = k * (0.25 + 0.75 * length)
        units = self.units(query)
        if not units:
            return 0.0
        gained = sum(self.idf(u) * counts[u] / (counts[u] + norm) for u in units)
        return gained / sum(map(self.idf, units))

    def similarity(self, query: Texts, candidate: Texts) -> float:
        weight = self.representation.title_weight
        titles = cosine(self.title(query), self.title(candidate))
        wholes = cosine(self.whole(query), self.whole(candidate))
        return (weight * titles + wholes) / (1 + weight)

    def score(self, query: Texts, candidate: Texts) -> float:
        parts = self.similarity(query, candidate), self.coverage(query, candidate)
        return (parts[0] + COVERAGE_WEIGHT * parts[1]) / (1 + COVERAGE_WEIGHT)


def cosine(one: Weights, other: Weights) -> float:
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return sum(w * other.get(t, 0.0) for t, w in one.items()) / lengths if lengths else 0.0
