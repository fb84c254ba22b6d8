"""Which way a search of a segment goes: by block, by term, or among the few that pass a filter."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.index import kernel
from matcher.index.coarse import Coarse
from matcher.index.forward import Forward, picked
from matcher.index.lists import Lists, search_lists
from matcher.index.narrowing import Mask, Narrowed, members
from matcher.index.postings import Floats, Found, Ints, Longs, Postings, Rows, Words
from matcher.index.refining import search_coarse
from matcher.index.rows import gather
from matcher.index.shelf import read_only

SMALL: Final = 1 << 23
"""Postings up to which what takes 6 or 8 bytes for each is kept beside them without much ado."""
_LISTED: Final = 3 << 24
"""Postings up to which they are kept by term as well, for long queries: 6 bytes each."""
_LONG: Final = 32
"""Terms from which on a query is long: for a shorter one no large segment is listed."""
_LOOKUP: Final = 30
"""To find a term in a block takes as long as to go through this many postings; measured."""
_BLOCK: Final = 2500
"""So does to score a block, as a rule; measured."""
_COARSER: Final = 4
"""So does to go through this many codes; measured."""
_FEWEST: Final = 40
"""Blocks that a search by block looks at in any case, and three more for each document wanted."""


class _Asked(NamedTuple):
    """Terms that occur here, ascending, their weights, and how many documents are wanted."""

    terms: Ints
    weights: Floats
    k: int


def is_coarser(postings: int) -> bool:
    """Whether a segment of so many postings has them by term as bytes."""
    return SMALL < postings <= _LISTED


@dataclass(slots=True)
class Search:
    """Searches the postings of a segment, and remembers what made it faster."""

    postings: Postings
    columns: NDArray[np.int32]
    """As those of the segment; the next three too."""
    frequencies: NDArray[np.int32]
    sizes: NDArray[np.uint16]
    ranks: NDArray[np.int32]
    lists: Lists | None = None
    """All postings by term, once they were needed …"""
    coarse: Coarse | None = None
    """… or, in a large segment, as bytes …"""
    forward: Forward | None = None
    """… and by document; those that are stored are found beside the others."""
    narrowed: tuple[Mask, ...] = ()
    """The filters that have lists of their own."""

    def best(self, query: csr_array, k: int, passing: Words, mask: Mask | None = None) -> Found:
        """The k best of the documents in ``passing`` and in the mask too; ties by rank."""
        asked, postings = self._asked(query, k)
        if mask is None:
            return self._best(asked, postings, read_only(passing))[0]
        passing, narrowed = read_only(passing & mask.words), mask.narrowed
        if narrowed is not None:
            return narrowed.best(*asked, passing, self.postings.scales)
        found, spent = self._best(asked, postings, passing)
        mask.spent += spent
        share = mask.documents / max(1, len(self.sizes))
        if mask.is_worn and share * len(self.postings.weights) <= SMALL:
            self._narrow(mask)
        return found

    def rows(self, documents: Longs) -> Rows:
        """The rows of some documents: where they begin, terms, weights."""
        if self.forward is not None:
            return picked(documents, *self.forward)
        return gather(documents, self.sizes[documents].astype(np.int64), *self.postings)

    def every_way(self, query: csr_array, passing: Words) -> None:
        """Search by block, by term and among a few, so that all of it is compiled."""
        asked, _ = self._asked(query, 1)
        passing, blocks = read_only(passing), len(passing)
        kernel.search(*asked, passing, self.ranks, blocks, *self.postings)
        search_lists(*asked, passing, self.ranks, self.postings.scales, *Lists.of(self.postings))
        coarse, forward = Coarse.of(self.postings, self.frequencies), self._forward()
        known = self.ranks, self.columns
        search_coarse(*asked, passing, *known, *coarse, *forward, *self.postings)
        picked(np.zeros(1, np.int64), *forward)
        narrowed = self._among(members(Mask.of(passing), len(self.sizes)))
        narrowed.best(*asked, passing, self.postings.scales)

    def _asked(self, query: csr_array, k: int) -> tuple[_Asked, int]:
        """What of a query occurs here, and how many postings all of it has."""
        given = np.asarray(query.indices, np.int32), np.asarray(query.data, np.float32)
        terms, weights, postings = kernel.terms_of(self.columns, self.frequencies, *given)
        return _Asked(terms, weights, min(k, len(self.sizes))), postings

    def _among(self, numbers: Ints) -> Narrowed:
        """These documents, with lists of their own."""
        sizes = self.sizes[numbers].astype(np.int64)
        return Narrowed.of(self.postings, numbers, sizes, self.ranks)

    def _best(self, asked: _Asked, postings: int, passing: Words) -> tuple[Found, int]:
        """By block or by term, whichever takes less time; and how much, counted in postings.

        ``postings`` are those of all these terms.
        """
        most = len(passing)
        if self._may_go_by_term(len(asked.terms)):
            most = (postings + len(self.sizes)) // max(1, _LOOKUP * len(asked.terms))
        if most >= min(_FEWEST + 3 * asked.k, len(passing)):
            found = Found(*kernel.search(*asked, passing, self.ranks, most, *self.postings))
            if found.blocks >= 0:
                return found, found.blocks * _BLOCK
        return self._by_term(asked, passing)

    def _by_term(self, asked: _Asked, passing: Words) -> tuple[Found, int]:
        """By term, in small segments exactly; and how much time that took, counted in postings."""
        postings = self.postings
        if len(postings.weights) > SMALL:
            coarse = self.coarse = self.coarse or Coarse.of(postings, self.frequencies)
            forward = self.forward = self.forward or self._forward()
            known = self.ranks, self.columns
            found = Found(*search_coarse(*asked, passing, *known, *coarse, *forward, *postings))
            return found, found.postings // _COARSER + found.blocks * _BLOCK
        lists = self.lists = self.lists or Lists.of(postings)
        found = Found(*search_lists(*asked, passing, self.ranks, postings.scales, *lists))
        return found, found.postings

    def _may_go_by_term(self, terms: int) -> bool:
        """Whether postings by term are there, or may be made for a query of so many terms."""
        most = SMALL if terms < _LONG else _LISTED
        is_there = self.lists is not None or self.coarse is not None
        return is_there or len(self.postings.weights) <= most

    def _forward(self) -> Forward:
        return Forward.of(self.postings, self.sizes)

    def _narrow(self, mask: Mask) -> None:
        """Gather the documents that pass; of all filters together not too many."""
        numbers = members(mask, len(self.sizes))
        wanted = int(self.sizes[numbers].sum(dtype=np.int64))
        kept = [len(other.narrowed.weights) for other in self.narrowed if other.narrowed]
        if wanted + sum(kept) > SMALL:
            for other in self.narrowed:
                other.forget()
            self.narrowed = ()
        mask.narrowed = self._among(numbers)
        self.narrowed += (mask,)
