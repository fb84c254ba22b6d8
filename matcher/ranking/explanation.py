"""Why candidates were found: shares, phrases, the best sentence, and what to highlight."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matcher.ranking.evidence import best_sentences, item_highlights, query_highlights
from matcher.ranking.marks import Marks
from matcher.ranking.overlap import Overlap
from matcher.ranking.phrases import fold
from matcher.ranking.shares import shares
from matcher.records import Phrase, Sentence, Span, TermShare
from matcher.representation import FieldTexts
from matcher.steps import Steps, in_one_go


class Explanation(NamedTuple):
    """The parts of one score, and where the shared terms stand on each side.

    ``written`` are the candidate's texts, normalised, parted by NUL.
    """

    terms: Sequence[TermShare]
    phrases: Sequence[Phrase]
    fields: Mapping[str, float]
    sentence: Sentence | None
    query_highlights: Mapping[str, list[Span]]
    item_highlights: Mapping[str, list[Span]]
    written: str


def explaining(
    overlap: Overlap, candidates: Sequence[int], texts: Sequence[FieldTexts]
) -> Steps[list[Explanation]]:
    """Take the scores of some candidates apart, whose texts are given."""
    if not texts:
        return []
    marks = Marks.of(overlap, texts)
    yield
    found = shares(overlap, candidates, marks)
    parts = zip(
        found.terms(),
        fold(found, marks),
        found.of_fields(),
        best_sentences(marks, found.of_terms),
        query_highlights(overlap.query, overlap.numbers, found),
        item_highlights(marks, found.of_terms),
        marks.written(),
        strict=True,
    )
    return list(map(Explanation._make, parts))


explain = in_one_go(explaining)
