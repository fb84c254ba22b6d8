"""Which wanted words and characters stand in texts that are cut, names among them: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.scanning import HITS
from matcher.text.traced import GIVEN_CODES, INTS, NUMBERS, Codes, Ints, Numbers
from matcher.text.wanted import CHARACTER_ROW, WANTED, length_at, row

_WORD, _CHARACTER = 0, 1
_FLAGS: Final = types.boolean[::1]
INSIDE: Final = frozenset((2, 3))
"""Of so many characters are the words that are found inside of longer ones."""

_MOST: Final = len(INSIDE) + 2
"""Terms that may begin at one place: words, and a character."""


@compiled(
    types.Tuple((HITS, INTS))(
        GIVEN_CODES, *WANTED, _FLAGS, GIVEN_CODES, HITS, INTS, NUMBERS, NUMBERS
    )
)
def standing(
    codes: Codes,
    wanted: Codes,
    begins: Ints,
    firsts: Numbers,
    nexts: Numbers,
    is_known: NDArray[np.bool_],
    words: Codes,
    hits: Numbers,
    bounds: Ints,
    starts: Numbers,
    lasts: Numbers,
) -> Any:  # noqa: ANN401 - int32 (p, 4), int64 (n + 1,)
    """Places (p,) in order: terms, kinds, and starts and ends in the originals; the first of texts.

    ``words``, a gap behind each, are the runs of ``scanned``, cut, and ``hits`` what else it found;
    ``is_known`` (t,) says which terms are words inside of longer ones too. ``bounds``, ``starts``
    and ``lasts`` are those of ``Traced``.
    """
    found = np.empty((_MOST * len(hits), 4), np.int32)
    of_texts = np.zeros(len(bounds), np.int64)
    count = word = text = stop = length = 0
    for hit in range(len(hits)):
        name, at, place, end = hits[hit, 0], hits[hit, 1], hits[hit, 2], hits[hit, 3]
        while bounds[text + 1] <= place:
            text += 1
            of_texts[text] = count
        if name >= 0:
            found[count, 0], found[count, 1] = name, at
            found[count, 2], found[count, 3] = starts[place], lasts[end - 1] + 1
            count += 1
            continue
        term = firsts[row(codes[place], codes[place + 1], len(firsts))]
        while term >= 0:
            size = length_at(codes, place, wanted, begins[term])
            if size > 1:
                while stop <= at:
                    length = 0
                    while words[word + length]:
                        length += 1
                    word += length + 1
                    stop += length
                if size <= stop - at and (size == length or is_known[term]):
                    found[count, 0], found[count, 1] = term, _WORD
                    found[count, 2], found[count, 3] = starts[place], lasts[place + size - 1] + 1
                    count += 1
            term = nexts[term]
        term = firsts[row(codes[place], CHARACTER_ROW, len(firsts))]
        while term >= 0:
            if codes[place] == wanted[begins[term]] and not wanted[begins[term] + 1]:
                found[count, 0], found[count, 1] = term, _CHARACTER
                found[count, 2], found[count, 3] = starts[place], lasts[place] + 1
                count += 1
            term = nexts[term]
    of_texts[text + 1 :] = count
    return found[:count].copy(), of_texts
