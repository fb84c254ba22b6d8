"""Why two records were paired: shares, phrases, the best sentence, and what to highlight."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.sparse import csr_array

from matcher.ranking.evidence import best_sentence, fold, highlights
from matcher.ranking.shares import term_shares
from matcher.records import Phrase, Sentence, Span, TermShare
from matcher.representation import FieldTexts, TfidfRepresentation
from matcher.text import Token, tokenizer


@dataclass(frozen=True, slots=True)
class Side:
    """One record with what explaining needs: its tokens by field and its embedding (one row)."""

    texts: FieldTexts
    tokens: Mapping[str, list[Token]]
    row: csr_array

    @property
    def terms(self) -> set[str]:
        """Every term of the record."""
        return {token.term for tokens in self.tokens.values() for token in tokens}


def sides(representation: TfidfRepresentation, records: Sequence[FieldTexts]) -> list[Side]:
    """Cut and embed records, all at once because embedding many costs little more than one."""
    cut = tokenizer(representation.segmenter)
    tokens = [{name: cut.tokens(text) for name, text in texts.items()} for texts in records]
    if not tokens:
        return []
    terms = [{name: [t.term for t in found] for name, found in side.items()} for side in tokens]
    rows = representation.embed(terms)
    return [Side(records[i], tokens[i], rows[[i]]) for i in range(len(records))]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of one score, and where the shared terms stand on each side."""

    terms: tuple[TermShare, ...]
    phrases: tuple[Phrase, ...]
    fields: Mapping[str, float]
    sentence: Sentence | None
    query_highlights: Mapping[str, list[Span]]
    item_highlights: Mapping[str, list[Span]]


def explain(representation: TfidfRepresentation, query: Side, item: Side) -> Explanation:
    """Take the score of ``item`` for ``query`` apart."""
    terms = term_shares(representation, query.row, item.row, query.terms, item.tokens)
    shares = {term.term: term.share for term in terms}
    fields: Counter[str] = Counter()
    for term in terms:
        fields.update(term.by_field)
    return Explanation(
        terms=terms,
        phrases=fold(terms, _spellings(item)),
        fields=dict(fields.most_common()),
        sentence=best_sentence(item.texts, item.tokens, shares),
        query_highlights=highlights(query.tokens, shares),
        item_highlights=highlights(item.tokens, shares),
    )


def _spellings(item: Side) -> dict[str, str]:
    """Each term as the item first writes it: COD, not cod."""
    return {
        token.term: item.texts[field][token.start : token.end]
        for field, tokens in reversed(list(item.tokens.items()))
        for token in reversed(tokens)
    }
