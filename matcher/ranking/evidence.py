"""Where to look: the best sentence of each candidate, and what to highlight on both sides."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.marks import Marks
from matcher.ranking.side import Side
from matcher.records import Sentence, Span
from matcher.text.places import CHARACTER, Ints
from matcher.text.sentences import sentences

_ALWAYS_SHOWN: Final = frozenset({"title", "keywords"})
Highlights = dict[str, list[Span]]
"""Spans by field."""


def best_sentences(marks: Marks, shares: NDArray[np.float64]) -> list[Sentence | None]:
    """The sentence of each record whose distinct terms carry the largest share, if any is shared.

    ``shares`` (n, t) are those of the terms. Of equal sentences it is the first. Titles and
    keywords are always in sight, so they are quoted only if nothing else can be.
    """
    texts = list(chain.from_iterable(record.values() for record in marks.texts))
    spans = [sentences(text) for text in texts]
    weights = _weights(marks, spans, shares)
    of_texts = np.repeat(np.arange(len(texts)), list(map(len, spans)))
    records, fields = np.divmod(of_texts, len(marks.names))
    is_new = np.array([name not in _ALWAYS_SHOWN for name in marks.names])[fields]
    found = np.flatnonzero(weights)
    worst_first = found[np.lexsort((-found, weights[found], is_new[found], records[found]))]
    flat = list(chain.from_iterable(spans))
    best: list[Sentence | None] = [None] * len(marks.texts)
    last = np.flatnonzero(np.diff(records[worst_first], append=-1))
    for at in worst_first[last].tolist():
        best[records[at]] = _sentence(marks.names[fields[at]], texts[of_texts[at]], flat[at])
    return best


def _weights(
    marks: Marks, spans: Sequence[Sequence[Span]], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The shares of the distinct terms inside each sentence of all texts."""
    counts = [len(found) for found in spans]
    bounds = np.array(list(chain.from_iterable(spans)), np.int64).reshape(-1, 2)
    texts = np.repeat(np.arange(len(spans)), counts)
    length = max(bounds.max(initial=0), marks.ends.max(initial=0)) + 1
    of_marks = marks.records * len(marks.names) + marks.fields
    starts = of_marks * length + marks.starts
    sentence = np.searchsorted(texts * length + bounds[:, 0], starts, "right") - 1
    ends = (texts * length + bounds[:, 1])[sentence] if len(bounds) else starts
    is_inside = (sentence >= 0) & (of_marks * length + marks.ends <= ends)
    t = len(marks.terms)
    inside = np.unique(sentence[is_inside] * t + marks.numbers[is_inside])
    sentence, term = np.divmod(inside, max(t, 1))
    of_marked = shares[texts[sentence] // len(marks.names), term]
    weights: NDArray[np.float64] = np.bincount(sentence, of_marked, len(bounds)).astype(np.float64)
    return weights


def _sentence(field: str, text: str, span: Span) -> Sentence:
    return Sentence(field, span, text[slice(*span)])


def item_highlights(marks: Marks, is_shared: NDArray[np.bool_]) -> list[Highlights]:
    """Where shared terms (n, t) stand in each record, neighbours joined.

    Shared words are marked; single characters only if no word is shared, for then they are all
    the evidence that there is.
    """
    shared, is_word = is_shared[marks.records, marks.numbers], marks.kinds != CHARACTER
    with_words = np.zeros(len(marks.texts), np.bool_)
    with_words[marks.records[shared & is_word]] = True
    kept = shared & (is_word | ~with_words[marks.records])
    parts = (marks.records, marks.fields, marks.starts, marks.ends)
    return _joined(len(marks.texts), marks.names, *(part[kept] for part in parts))


def query_highlights(
    query: Side, numbers: dict[str, int], is_shared: NDArray[np.bool_]
) -> list[Highlights]:
    """The same in the query, for each record; ``numbers`` are those of its terms."""
    names = list(query.tokens)
    rows = [
        (field, numbers[token.term], token.kind != "character", token.start, token.end)
        for field, name in enumerate(names)
        for token in query.tokens[name]
        if token.term in numbers
    ]
    rows.sort(key=lambda row: (row[0], row[3]))
    fields, terms, words, starts, ends = np.array(rows, np.int64).reshape(-1, 5).T
    shared, is_word = is_shared[:, terms], words.astype(np.bool_)
    with_words = (shared & is_word).any(axis=1, keepdims=True)
    records, at = np.nonzero(shared & (is_word | ~with_words))
    return _joined(len(is_shared), names, records, fields[at], starts[at], ends[at])


def _joined(
    n: int, names: Sequence[str], records: Ints, fields: Ints, starts: Ints, ends: Ints
) -> list[Highlights]:
    """The unions of spans in order of record, field and start; those that touch are one."""
    found: list[Highlights] = [{} for _ in range(n)]
    if not len(starts):
        return found
    offsets = (records * len(names) + fields) * (ends.max() + 2)  # texts do not touch
    reached = np.maximum.accumulate(offsets + ends)
    is_first = np.ones(len(starts), np.bool_)
    is_first[1:] = (offsets + starts)[1:] > reached[:-1]
    first = np.flatnonzero(is_first)
    lasts = reached[np.append(first[1:] - 1, len(starts) - 1)] - offsets[first]
    parts = (records[first], fields[first], starts[first], lasts)
    for record, field, start, end in zip(*(part.tolist() for part in parts), strict=True):
        found[record].setdefault(names[field], []).append((start, end))
    return found
