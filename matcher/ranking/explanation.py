"""Why a candidate was found: shares, phrases, the best sentence, and what to highlight."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.ranking.evidence import best_sentence, fold, highlights
from matcher.ranking.overlap import Overlap
from matcher.ranking.shares import term_shares
from matcher.ranking.side import Cut
from matcher.records import Phrase, Sentence, Span, TermShare


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of one score, and where the shared terms stand on each side."""

    terms: tuple[TermShare, ...]
    phrases: tuple[Phrase, ...]
    fields: Mapping[str, float]
    sentence: Sentence | None
    query_highlights: Mapping[str, list[Span]]
    item_highlights: Mapping[str, list[Span]]


def explain(overlap: Overlap, number: int, item: Cut) -> Explanation:
    """Take the score of candidate ``number``, which is ``item``, apart."""
    terms = term_shares(overlap, number, item.tokens)
    shares = {term.term: term.share for term in terms}
    fields: Counter[str] = Counter()
    for term in terms:
        fields.update(term.by_field)
    return Explanation(
        terms=terms,
        phrases=fold(terms, _spellings(item, shares)),
        fields=dict(fields.most_common()),
        sentence=best_sentence(item.texts, item.tokens, shares),
        query_highlights=highlights(overlap.query.tokens, shares),
        item_highlights=highlights(item.tokens, shares),
    )


def _spellings(item: Cut, shared: Mapping[str, float]) -> dict[str, str]:
    """Each shared term as the item first writes it: COD, not cod."""
    spellings: dict[str, str] = {}
    for field, tokens in item.tokens.items():
        for token in tokens:
            if token.term in shared and token.term not in spellings:
                spellings[token.term] = item.texts[field][token.start : token.end]
    return spellings
