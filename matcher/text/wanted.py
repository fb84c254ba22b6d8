"""Terms to look for, sorted by how they are found."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.text.scanning import pair
from matcher.text.scripts import HAN_CODES, is_character
from matcher.text.traced import Ints


class Wanted(NamedTuple):
    """Terms to look for.

    ``characters`` : (2, c), single characters and their numbers.
    ``words``, ``names`` : the numbers of the others. ``begins_word``, ``begins_name`` say of pairs
        of characters, as ``_pair`` numbers them, whether one of them may begin so.
    """

    characters: Ints
    words: dict[str, int]
    names: dict[str, int]
    begins_word: NDArray[np.bool_]
    begins_name: NDArray[np.bool_]

    @classmethod
    def of(cls, terms: Mapping[str, int]) -> "Wanted":
        """Sort the terms by how they are found."""
        characters, words, names = [], {}, {}
        for term, number in terms.items():
            if len(term) > 1 and ord(term[0]) in HAN_CODES:
                words[term] = number
            elif is_character(term):
                characters.append((ord(term), number))
            else:
                names[term] = number
        pairs = [(ord(term[0]), ord(term[1])) for term in words]
        single = np.array(characters, np.int64).reshape(-1, 2).T.copy()
        return cls(single, words, names, _flags(pairs), _flags(_beginnings(names)))


def _beginnings(names: Collection[str]) -> list[tuple[int, int]]:
    """The first two characters of names; of quantities too as they may be written: 5 t, 1,000 t."""
    found = [(ord(name[0]), ord(name[1]) if len(name) > 1 else 0) for name in names]
    figures = {ord(name[0]) for name in names if name[0].isdecimal()}
    return found + [(figure, ord(other)) for figure in figures for other in " ,"]


def _flags(pairs: Collection[tuple[int, int]]) -> NDArray[np.bool_]:
    begins = np.zeros(1 << 16, np.bool_)
    begins[[pair(first, second) for first, second in pairs]] = True
    return begins
