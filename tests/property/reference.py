"""The embedding by its formula, one dictionary after another: slow, and easy to check by eye."""

import math
from collections import Counter
from collections.abc import Mapping

from matcher import TfidfRepresentation
from matcher.text import tokenizer

Weights = dict[int, float]


def embedded(model: TfidfRepresentation, texts: Mapping[str, str]) -> Weights:
    """Column → weight, of one record."""
    cut = tokenizer(model.segmenter).tokens
    terms = {name: [token.term for token in cut(text)] for name, text in texts.items()}
    title = {"title": terms["title"]} if terms.get("title") else terms
    width, scale = model.vocabulary_.width, math.sqrt(model.title_weight)
    row = {column: weight * scale for column, weight in block(model, title).items()}
    row |= {width + column: weight for column, weight in block(model, terms).items()}
    return of_unit_length(row)


def block(model: TfidfRepresentation, terms: Mapping[str, list[str]]) -> Weights:
    counts: Counter[int] = Counter()
    for field, found in terms.items():
        for term in found:
            counts[model.vocabulary_[term]] += (model.field_weights or {}).get(field, 1.0)
    k = model.saturation
    return of_unit_length(
        {c: n * (k + 1) / (n + k) * float(model.idf_[c]) for c, n in counts.items() if n}
    )


def of_unit_length(row: Weights) -> Weights:
    length = math.sqrt(sum(weight * weight for weight in row.values())) or 1.0
    return {column: weight / length for column, weight in row.items()}
