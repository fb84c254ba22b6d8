"""In how many records each term occurs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.occurrences import FieldTexts, in_texts
from matcher.text import tokenizer
from matcher.text.batch import CHARACTER_END
from matcher.text.lexicon import stop_words


@dataclass(slots=True)
class Frequencies:
    """``documents`` : how many records; ``length`` : their terms together, repetitions counted."""

    documents: int = 0
    length: int = 0
    by_term: Counter[str] = field(default_factory=Counter)

    @classmethod
    def sum(cls, parts: Iterable["Frequencies"]) -> Self:
        """The frequencies in all the parts together."""
        total = cls()
        for part in parts:
            total.documents += part.documents
            total.length += part.length
            total.by_term.update(part.by_term)
        return total


def document_frequencies(records: Sequence[FieldTexts], segmenter: str) -> Frequencies:
    """The frequencies of all terms of the records."""
    from matcher import counting

    numbering = _Numbering()
    found = in_texts(records, tokenizer(segmenter), numbering)
    width = CHARACTER_END + len(numbering.terms)
    counts = counting.document_frequencies(found.numbers, found.runs, found.records, width)
    by_term = dict(zip(numbering.terms, counts[CHARACTER_END:].tolist(), strict=True))
    for word in stop_words():
        by_term.pop(word, None)
    present = np.flatnonzero(counts[:CHARACTER_END])
    by_term.update(zip(map(chr, present.tolist()), counts[present].tolist(), strict=True))
    length = len(found.numbers) - numbering.stopped
    return Frequencies(len(records), length, Counter(by_term))


class _Numbering:
    """Numbers in order of appearance; that of a single character is its code point."""

    def words(self, lines: str) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        from matcher.termtable import TermTable

        table = TermTable(lines)
        self.terms, stop = table.terms(), stop_words()
        counts = np.bincount(table.found.numbers, minlength=len(self.terms))
        self.stopped = int(counts[[term in stop for term in self.terms]].sum())
        return table.found.numbers + np.int32(CHARACTER_END), table.found.ends

    def characters(self, codes: NDArray[np.uint32]) -> NDArray[np.int32]:
        return codes.astype(np.int32)
