"""Terms to columns."""

import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.shortterms import Ints, Keys, numbers_of, short_terms
from matcher.text import is_character
from matcher.text.batch import CHARACTER_END
from matcher.text.bulk import together
from matcher.text.lexicon import stop_words

if TYPE_CHECKING:
    from matcher.termtable import TermTable


class Vocabulary(dict[str, int]):
    """Term → column of a block; a term that is not in it hashes into the columns behind.

    What is looked up must not change any more.
    """

    def __init__(self, terms: Iterable[str] = (), hashed_bits: int = 0) -> None:
        super().__init__(zip(terms, count()))
        self.hashed_bits = hashed_bits

    def __missing__(self, term: str) -> int:
        return len(self) + zlib.crc32(term.encode()) % (1 << self.hashed_bits)

    def __getstate__(self) -> dict[str, int]:
        return {"hashed_bits": self.hashed_bits}  # the table is made again where it is needed

    @property
    def width(self) -> int:
        """Columns of a block, the hashed ones included."""
        return len(self) + (1 << self.hashed_bits)

    def columns(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """The columns of terms; for more than a few, far faster than one by one."""
        found = numbers_of(together(terms), *self._short)
        for at in (found < 0).nonzero()[0].tolist():
            found[at] = self[terms[at]]
        return found

    def words(self, lines: str) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The columns of the terms of ``Batch.lines``, and where those of each line end."""
        table, columns = self._table
        found = table.find(lines, columns)
        if len(found.spans):
            new = [self[lines[start:end]] for start, end in found.spans.tolist()]
            found.numbers[found.numbers < 0] = new
        return found.numbers, found.ends

    def characters(self, codes: NDArray[np.uint32]) -> NDArray[np.int32]:
        """The columns of single characters, by code point; as ``self[chr(code)]`` for each."""
        columns = self._by_code[codes]
        unknown = columns < 0
        if unknown.any():
            for code in np.unique(codes[unknown]).tolist():
                self._by_code[code] = self[chr(code)]
            columns = self._by_code[codes]
        return columns

    @cached_property
    def _by_code(self) -> NDArray[np.int32]:
        """Columns of the characters met so far, -1 for the others."""
        return np.full(CHARACTER_END, -1, np.int32)

    @cached_property
    def _short(self) -> tuple[Keys, Ints]:
        return short_terms(together(list(self)))

    @cached_property
    def _table(self) -> "tuple[TermTable, NDArray[np.int32]]":
        """Stop words and all terms that ``Batch.lines`` can hold, with their columns or -1."""
        from matcher.termtable import TermTable

        stop = stop_words()
        terms = [term for term in self if term not in stop and not is_character(term)]
        table = TermTable("\n".join([*stop, *terms, ""]))
        columns = {**self, **dict.fromkeys(stop, -1)}
        return table, np.array([columns[term] for term in table.terms()], np.int32)
