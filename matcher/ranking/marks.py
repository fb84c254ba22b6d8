"""Where the terms that a query shares with the records found stand in these."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.overlap import Overlap
from matcher.ranking.spelling import END, spelled
from matcher.representation import FieldTexts
from matcher.text import tokenizer
from matcher.text.places import Places
from matcher.text.traced import Ints, Numbers


@dataclass(frozen=True)
class Marks:
    """Places of terms of the query in n records that have the same f fields.

    ``terms`` (t,) are the query's, sorted, ``columns`` (t,) which of the overlap's m columns each
    has. The ``places`` are those in the n · f texts, record by record.
    """

    terms: Sequence[str]
    columns: Ints
    texts: Sequence[FieldTexts]
    names: Sequence[str]
    places: Places

    @classmethod
    def of(cls, overlap: Overlap, texts: Sequence[FieldTexts]) -> "Marks":
        """Look for the terms of an overlap's query in the texts of one or more records."""
        cut = tokenizer(overlap.representation.segmenter)
        flat = [text for record in texts for text in record.values()]
        found = cut.places(flat, overlap.numbers)
        return cls(list(overlap.numbers), overlap.term_columns, texts, list(texts[0]), found)

    def written(self) -> list[str]:
        """The normalised texts of each record, parted by NUL."""
        ends = self.places.bounds[:: len(self.names)].tolist()
        return [self.places.normal[start:end] for start, end in pairwise(ends)]

    def has(self, record: int) -> NDArray[np.bool_]:
        """Which of the terms (t,) stand in a record."""
        f, firsts = len(self.names), self.places.firsts
        found = np.zeros(len(self.terms), np.bool_)
        found[self.places.found[firsts[record * f] : firsts[record * f + f], 0]] = True
        return found

    def spelled(self, chosen: Numbers) -> list[str]:
        """The terms at places, as they are written there: COD, not cod; "" for -1."""
        at = self.places
        written = spelled(at.codes, at.gaps, at.firsts, at.found, chosen)
        texts: str = written.tobytes().decode("utf-32-le", "surrogatepass")
        return texts.split(END)[:-1]
