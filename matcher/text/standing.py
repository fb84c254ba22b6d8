"""Which wanted words and characters stand in texts that are cut, names among them: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.scripts import RARE_CODES
from matcher.text.traced import CODES, GIVEN_CODES, INTS, Codes, Ints
from matcher.text.wanted import CHARACTER_ROW, NUMBERS, WANTED, Numbers, length_at, row

_WORD, _CHARACTER = 0, 1
_FIRST_CHARACTER: Final = RARE_CODES[0].start
_FLAGS: Final = types.boolean[::1]
_ROWS: Final = types.int64[:, ::1]
INSIDE: Final = range(2, 4)
"""Of so many characters are the words that are found inside of longer ones."""

_MOST: Final = len(INSIDE) + 1
"""Words that may begin at one place."""


@compiled(_ROWS(CODES, *WANTED, _FLAGS, GIVEN_CODES, NUMBERS, _ROWS, INTS, INTS, INTS))
def standing(
    codes: Codes,
    wanted: Codes,
    begins: Ints,
    firsts: Numbers,
    nexts: Numbers,
    is_known: NDArray[np.bool_],
    words: Codes,
    origins: Numbers,
    names: Ints,
    bounds: Ints,
    starts: Ints,
    lasts: Ints,
) -> Any:  # noqa: ANN401 - int64 (5, p)
    """Places (p,) in order: the texts, terms and kinds, and starts and ends in the originals.

    ``words``, a gap behind each, are what stands at ``origins``, cut; ``is_known`` (t,) says which
    terms are words inside of longer ones too. ``names`` (q, 4) are terms, kinds, starts and ends in
    ``codes``. ``bounds``, ``starts`` and ``lasts`` are those of ``Traced``.
    """
    room = len(codes) + _MOST * len(origins) + len(names)
    found = np.empty((5, room), np.int64)
    count = name = at = word = text = stop = length = 0
    for place in range(len(codes)):
        before = count
        while name < len(names) and names[name, 2] == place:
            found[1, count], found[2, count] = names[name, 0], names[name, 1]
            found[4, count] = names[name, 3]
            count += 1
            name += 1
        if at < len(origins) and origins[at] == place:
            at += 1
            if place >= stop:
                length = 0
                while words[word + length]:
                    length += 1
                word += length + 1
                stop = place + length
            term = -1
            if place + 1 < stop:
                term = firsts[row(codes[place], codes[place + 1], len(firsts))]
            while term >= 0:
                size = length_at(codes, place, wanted, begins[term])
                if 0 < size <= stop - place and (size == length or is_known[term]):
                    found[1, count], found[2, count] = term, _WORD
                    found[4, count] = place + size
                    count += 1
                term = nexts[term]
        if codes[place] >= _FIRST_CHARACTER:
            term = firsts[row(codes[place], CHARACTER_ROW, len(firsts))]
            while term >= 0:
                if codes[place] == wanted[begins[term]] and not wanted[begins[term] + 1]:
                    found[1, count], found[2, count] = term, _CHARACTER
                    found[4, count] = place + 1
                    count += 1
                term = nexts[term]
        if count > before:
            while bounds[text + 1] <= place:
                text += 1
            for number in range(before, count):
                found[0, number] = text
                found[3, number] = starts[place]
                found[4, number] = lasts[found[4, number] - 1] + 1
    return found[:, :count].copy()
