"""Where the terms that a query shares with the records found stand in these."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.overlap import Overlap
from matcher.representation import FieldTexts
from matcher.text import tokenizer
from matcher.text.places import Ints


@dataclass(frozen=True)
class Marks:
    """Places of terms of the query in n records that have the same f fields.

    ``terms`` (t,) are the query's, sorted, ``columns`` (t,) which of the overlap's m columns each
    has. The arrays of shape (p,) are in order of record, field and start: ``records``, ``fields``
    and ``numbers`` (of the term), ``kinds`` (of ``text.places``), ``starts`` and ``ends``.
    The n · f texts are there as in ``text.places``: ``normal`` with ``bounds``, ``codes`` with
    ``gaps``.
    """

    terms: Sequence[str]
    columns: Ints
    texts: Sequence[FieldTexts]
    names: Sequence[str]
    records: Ints
    fields: Ints
    numbers: Ints
    kinds: Ints
    starts: Ints
    ends: Ints
    normal: str
    bounds: Ints
    codes: NDArray[np.uint32]
    gaps: Ints

    @classmethod
    def of(cls, overlap: Overlap, texts: Sequence[FieldTexts]) -> "Marks":
        """Look for the terms of an overlap's query in the texts of one or more records."""
        names = list(texts[0])
        cut = tokenizer(overlap.representation.segmenter)
        flat = [text for record in texts for text in record.values()]
        found = cut.places(flat, overlap.numbers)
        records, fields = np.divmod(found.texts, len(names))
        terms, columns = list(overlap.numbers), overlap.term_columns
        return cls(terms, columns, texts, names, records, fields, *found[1:])

    def written(self, record: int) -> str:
        """The normalised texts of a record, parted by NUL."""
        f = len(self.names)
        return self.normal[self.bounds[record * f] : self.bounds[(record + 1) * f]]

    @cached_property
    def last_kinds(self) -> NDArray[np.int8]:
        """The kind (n, t) of each term in each record where it stands last; -1 where it is not."""
        kinds = np.full((len(self.texts), len(self.terms)), -1, np.int8)
        kinds[self.records, self.numbers] = self.kinds
        return kinds

    def spelled(self, places: Ints) -> list[str]:
        """The terms at places, as they are written there: COD, not cod; "" for -1."""
        if not len(self.records):
            return [""] * len(places)
        flat = [text for record in self.texts for text in record.values()]
        texts = self.records[places] * len(self.names) + self.fields[places]
        columns = (texts, self.starts[places], np.where(places < 0, 0, self.ends[places]))
        spans = zip(*(column.tolist() for column in columns), strict=True)
        return [flat[text][start:end] for text, start, end in spans]
