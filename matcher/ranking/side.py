"""One record as ranking and explaining look at it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scipy.sparse import csr_array

from matcher.representation import FieldTexts, TfidfRepresentation
from matcher.text import Token, tokenizer


@dataclass(frozen=True, slots=True)
class Side:
    """A record's texts, its tokens by field and its embedding (one row)."""

    texts: FieldTexts
    tokens: Mapping[str, list[Token]]
    row: csr_array

    @property
    def terms(self) -> set[str]:
        """Every term of the record."""
        return {token.term for tokens in self.tokens.values() for token in tokens}

    @property
    def units(self) -> set[str]:
        """The terms that nothing longer contains: what a reader would count as its words."""
        return {unit for tokens in self.tokens.values() for unit in _outermost(tokens)}


def sides(representation: TfidfRepresentation, records: Sequence[FieldTexts]) -> list[Side]:
    """Cut and embed records, all at once because embedding many costs little more than one."""
    cut = tokenizer(representation.segmenter)
    tokens = [{name: cut.tokens(text) for name, text in texts.items()} for texts in records]
    if not tokens:
        return []
    terms = [{name: [t.term for t in found] for name, found in side.items()} for side in tokens]
    rows = representation.embed(terms)
    return [Side(records[i], tokens[i], rows[[i]]) for i in range(len(records))]


def _outermost(tokens: Sequence[Token]) -> Iterator[str]:
    """Longest first where two begin together, so a token that ends no later lies inside."""
    covered = 0
    for token in sorted(tokens, key=lambda token: (token.start, -token.end)):
        if token.end > covered:
            covered = token.end
            yield token.term
