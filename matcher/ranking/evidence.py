"""Where to look: the best sentence of each candidate, and what to highlight on both sides."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.marks import Marks
from matcher.ranking.quoting import best
from matcher.ranking.side import Side
from matcher.records import Sentence, Span
from matcher.text.places import CHARACTER, Ints
from matcher.text.sentences import sentences_of

_ALWAYS_SHOWN: Final = frozenset({"title", "keywords"})
Highlights = dict[str, list[Span]]
"""Spans by field."""


def best_sentences(marks: Marks, shares: NDArray[np.float64]) -> list[Sentence | None]:
    """The sentence of each record whose distinct terms carry the largest share, if any is shared.

    ``shares`` (n, t) are those of the terms. Of equal sentences it is the first. Titles and
    keywords are always in sight, so they are quoted only if nothing else can be.
    """
    is_new = np.array([name not in _ALWAYS_SHOWN for name in marks.names])
    spans, texts = sentences_of(marks.codes, marks.gaps)
    of_marks = marks.records * len(marks.names) + marks.fields
    parts = (of_marks, marks.numbers, marks.starts, marks.ends)
    return [
        None if at < 0 else _sentence(marks, int(texts[at]), (int(spans[at, 0]), int(spans[at, 1])))
        for at in best(spans, texts, is_new, *parts, shares).tolist()
    ]


def _sentence(marks: Marks, text: int, span: Span) -> Sentence:
    record, field = divmod(text, len(marks.names))
    name = marks.names[field]
    return Sentence(name, span, marks.texts[record][name][slice(*span)])


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
