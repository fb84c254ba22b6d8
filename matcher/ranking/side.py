"""One record as ranking and explaining look at it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scipy.sparse import csr_array

from matcher.representation import FieldTexts, TfidfRepresentation
from matcher.text import Token, tokenizer


@dataclass(frozen=True)
class Cut:
    """A record's texts and its tokens by field."""

    texts: FieldTexts
    tokens: Mapping[str, list[Token]]

    @property
    def terms(self) -> set[str]:
        """Every term of the record."""
        return {token.term for tokens in self.tokens.values() for token in tokens}

    @cached_property
    def units(self) -> set[str]:
        """The terms that nothing longer contains: what a reader would count as its words."""
        return {unit for tokens in self.tokens.values() for unit in _outermost(tokens)}


@dataclass(frozen=True)
class Side(Cut):
    """The same with the embedding (one row)."""

    row: csr_array


def side(representation: TfidfRepresentation, texts: FieldTexts) -> Side:
    """Cut and embed a record."""
    tokens = cut(representation, texts).tokens
    terms = {name: [token.term for token in found] for name, found in tokens.items()}
    return Side(texts, tokens, representation.embed([terms]))


def cut(representation: TfidfRepresentation, texts: FieldTexts) -> Cut:
    """Cut a record into its tokens."""
    tokenize = tokenizer(representation.segmenter).tokens
    return Cut(texts, {name: tokenize(text) for name, text in texts.items()})


def _outermost(tokens: Sequence[Token]) -> Iterator[str]:
    """Longest first where two begin together, so a token that ends no later lies inside."""
    covered = 0
    for token in sorted(tokens, key=lambda token: (token.start, -token.end)):
        if token.end > covered:
            covered = token.end
            yield token.term
