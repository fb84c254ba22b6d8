"""Where to look: the best sentence of each candidate, and what to highlight on both sides."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.joining import covered, joined
from matcher.ranking.marks import Marks
from matcher.ranking.quoting import best
from matcher.ranking.shares import Shares
from matcher.ranking.side import Side
from matcher.records import Sentence, Span
from matcher.representation import FieldTexts
from matcher.text.scripts import KINDS
from matcher.text.sentences import sentences_of
from matcher.text.traced import Ints

_CHARACTER: Final = KINDS.index("character")
_ALWAYS_SHOWN: Final = frozenset({"title", "keywords"})
Highlights = dict[str, list[Span]]
"""Spans by field."""


def best_sentences(marks: Marks, shares: NDArray[np.float64]) -> list[Sentence | None]:
    """The sentence of each record whose distinct terms carry the largest share, if any is shared.

    ``shares`` (n, t) are those of the terms. Of equal sentences it is the first. Titles and
    keywords are always in sight, so they are quoted only if nothing else can be.
    """
    names, places = marks.names, marks.places
    is_new = np.array([name not in _ALWAYS_SHOWN for name in names])
    parts = sentences_of(places.codes, places.gaps)
    found = best(*parts, is_new, places.firsts, places.found, shares)
    return [
        _sentence(names[text % len(names)], texts, start, end) if text >= 0 else None
        for texts, (text, start, end) in zip(marks.texts, found.tolist(), strict=True)
    ]


def _sentence(name: str, texts: FieldTexts, start: int, end: int) -> Sentence:
    return Sentence(name, (start, end), texts[name][start:end])


def item_highlights(marks: Marks, shares: NDArray[np.float64]) -> list[Highlights]:
    """Where the terms that have shares (n, t) stand in each record, neighbours joined.

    Shared words are marked; single characters only if no word is shared, for then they are all
    the evidence that there is.
    """
    places = marks.places
    return _by_field(marks.names, *joined(shares, places.firsts, places.found, _CHARACTER))


def query_highlights(query: Side, numbers: dict[str, int], shares: Shares) -> list[Highlights]:
    """The same in the query, for each record; ``numbers`` are those of its terms."""
    terms, kinds, *_ = query.written
    if not terms:
        return [{} for _ in shares.sums]
    of_tokens = np.array([numbers.get(term, -1) for term in terms], np.int64)
    is_word = np.array([kind != "character" for kind in kinds], np.bool_)
    tokens = (of_tokens, is_word, *query.spans, query.ends)
    parts = covered(shares.bounds, shares.parts, len(numbers), *tokens)
    return _by_field(list(query.fields), *parts)


def _by_field(names: Sequence[str], spans: Ints, bounds: Ints) -> list[Highlights]:
    """The spans (s, 2) of records, those of each field between two bounds."""
    every, ends, f = list(zip(*spans.T.tolist(), strict=True)), bounds.tolist(), len(names)
    return [
        {
            name: every[a:b]
            for name, a, b in zip(names, ends[i : i + f], ends[i + 1 : i + f + 1], strict=True)
            if b > a
        }
        for i in range(0, len(bounds) - 1, f)
    ]
