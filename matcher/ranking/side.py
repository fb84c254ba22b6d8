"""One record as ranking and explaining look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, compress

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.outermost import Ints, outermost
from matcher.representation import FieldTexts, TfidfRepresentation
from matcher.text import Token, tokenizer


@dataclass(frozen=True)
class Cut:
    """A record's texts and its tokens by field.

    Of all t tokens, one field after the other, there are arrays of shape (t,).
    """

    texts: FieldTexts
    tokens: Mapping[str, list[Token]]

    @cached_property
    def flat(self) -> list[Token]:
        """All t tokens."""
        return list(chain.from_iterable(self.tokens.values()))

    @property
    def terms(self) -> set[str]:
        """Every term of the record."""
        return {token.term for token in self.flat}

    @cached_property
    def units(self) -> set[str]:
        """The terms that nothing longer contains: what a reader would count as its words."""
        return set(compress((token.term for token in self.flat), self.is_unit.tolist()))

    @cached_property
    def is_unit(self) -> NDArray[np.bool_]:
        """Which tokens nothing longer contains."""
        found: NDArray[np.bool_] = outermost(*self.spans)
        return found

    @cached_property
    def ends(self) -> Ints:
        """Where the text of each field (f,) ends, put one after the other with a gap behind."""
        return np.array([*accumulate(len(self.texts[name]) + 1 for name in self.tokens)], np.int64)

    @cached_property
    def spans(self) -> tuple[Ints, Ints]:
        """Where each token begins and ends in these."""
        starts = np.array([token.start for token in self.flat], np.int64)
        ends = np.array([token.end for token in self.flat], np.int64)
        before = np.repeat(np.append(0, self.ends)[:-1], [*map(len, self.tokens.values())])
        return starts + before, ends + before


@dataclass(frozen=True)
class Side(Cut):
    """The same with the ``columns`` of its tokens within a block, and the embedding (one row)."""

    columns: NDArray[np.int32]
    row: csr_array


def side(representation: TfidfRepresentation, texts: FieldTexts) -> Side:
    """Cut and embed a record."""
    return embedded(representation, cut(representation, texts))


def embedded(representation: TfidfRepresentation, cut: Cut) -> Side:
    """Embed a record that has been cut: the only time that its terms are looked up."""
    columns = representation.columns([token.term for token in cut.flat])
    sizes = {name: len(tokens) for name, tokens in cut.tokens.items()}
    return Side(cut.texts, cut.tokens, columns, representation.row(columns, sizes))


def cut(representation: TfidfRepresentation, texts: FieldTexts) -> Cut:
    """Cut a record into its tokens."""
    tokenize = tokenizer(representation.segmenter).tokens
    return Cut(texts, {name: tokenize(text) for name, text in texts.items()})
