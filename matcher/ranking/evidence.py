"""Where to look: the best sentence of each candidate, and what to highlight on both sides."""

from collections.abc import Sequence
from itertools import pairwise, repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.joining import joined
from matcher.ranking.marks import Marks
from matcher.ranking.quoting import best
from matcher.ranking.side import Side
from matcher.records import Sentence, Span
from matcher.text.places import CHARACTER
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
    found = best(spans, texts, is_new, *parts, shares)
    records = np.flatnonzero(found >= 0)
    sentences: list[Sentence | None] = [None] * len(found)
    chosen = (part[found[records]].tolist() for part in (texts, spans))
    for record, text, (start, end) in zip(records.tolist(), *chosen, strict=True):
        name = marks.names[text % len(marks.names)]
        sentences[record] = Sentence(name, (start, end), marks.texts[record][name][start:end])
    return sentences


def item_highlights(marks: Marks, is_shared: NDArray[np.bool_]) -> list[Highlights]:
    """Where shared terms (n, t) stand in each record, neighbours joined.

    Shared words are marked; single characters only if no word is shared, for then they are all
    the evidence that there is.
    """
    bounds = np.searchsorted(marks.records, np.arange(len(is_shared) + 1))
    is_word = marks.kinds != CHARACTER
    places = (marks.fields, marks.numbers, is_word, marks.starts, marks.ends)
    return _joined(marks.names, is_shared, bounds[:-1], bounds[1:], *places)


def query_highlights(
    query: Side, numbers: dict[str, int], is_shared: NDArray[np.bool_]
) -> list[Highlights]:
    """The same in the query, for each record; ``numbers`` are those of its terms."""
    found = query.flat
    if not found:
        return [{} for _ in is_shared]
    terms, kinds, *spans = zip(*found, strict=True)
    p, n = len(found), len(is_shared)
    known = np.fromiter(map(numbers.get, terms, repeat(-1)), np.int64, p)
    is_word = np.fromiter(map("character".__ne__, kinds), np.bool_, p)
    starts, ends = (np.fromiter(span, np.int64, p) for span in spans)
    fields = np.repeat(np.arange(len(query.tokens)), list(map(len, query.tokens.values())))
    order = np.lexsort((starts, fields))
    order = order[known[order] >= 0]
    places = (part[order] for part in (fields, known, is_word, starts, ends))
    bounds = (np.zeros(n, np.int64), np.full(n, len(order)))
    return _joined(list(query.tokens), is_shared, *bounds, *places)


def _joined(
    names: Sequence[str], is_shared: NDArray[np.bool_], *places: NDArray[Any]
) -> list[Highlights]:
    """The spans that ``joined`` finds, by field."""
    (starts, ends), bounds = joined(is_shared, len(names), *places)
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    found = [spans[a:b] for a, b in pairwise(bounds.tolist())]
    f = len(names)
    return [
        {name: some for name, some in zip(names, found[i : i + f], strict=True) if some}
        for i in range(0, len(found), f)
    ]
