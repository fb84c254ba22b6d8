"""One record as ranking and explaining look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, compress

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.outermost import outermost
from matcher.representation import FieldTexts, TfidfRepresentation
from matcher.text import tokenizer
from matcher.text.tokenizer import Written
from matcher.text.traced import Ints


@dataclass(frozen=True)
class Cut:
    """A record's texts and its tokens by field.

    Of all t tokens, one field after the other, there are arrays of shape (t,).
    """

    texts: FieldTexts
    fields: Mapping[str, Written]

    @cached_property
    def written(self) -> Written:
        """All t tokens."""
        found = [written for written in self.fields.values() if written.terms]
        if len(found) == 1:
            return found[0]
        return Written(*(list(chain.from_iterable(column)) for column in zip(*found, strict=True)))

    @property
    def terms(self) -> set[str]:
        """Every term of the record."""
        return set(self.written.terms)

    @cached_property
    def units(self) -> set[str]:
        """The terms that nothing longer contains: what a reader would count as its words."""
        return set(compress(self.written.terms, self.is_unit.tolist()))

    @cached_property
    def is_unit(self) -> NDArray[np.bool_]:
        """Which tokens nothing longer contains."""
        found: NDArray[np.bool_] = outermost(*self.spans)
        return found

    @cached_property
    def ends(self) -> Ints:
        """Where the text of each field (f,) ends, put one after the other with a gap behind."""
        return np.array([*accumulate(len(self.texts[name]) + 1 for name in self.fields)], np.int64)

    @cached_property
    def spans(self) -> tuple[Ints, Ints]:
        """Where each token begins and ends in these."""
        starts, ends = (np.array(places, np.int64) for places in self.written[2:])
        begins = [0, *self.ends.tolist()][:-1]
        sizes = [len(written.terms) for written in self.fields.values()]
        before = np.repeat(np.array(begins, np.int64), sizes)
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
    columns = representation.columns(cut.written.terms)
    sizes = {name: len(written.terms) for name, written in cut.fields.items() if written.terms}
    found = Side(cut.texts, cut.fields, columns, representation.row(columns, sizes))
    vars(found).update(vars(cut))  # what was worked out of it by now
    return found


def cut(representation: TfidfRepresentation, texts: FieldTexts) -> Cut:
    """Cut a record into its tokens."""
    written = tokenizer(representation.segmenter).written
    return Cut(texts, {name: written(text) for name, text in texts.items()})
