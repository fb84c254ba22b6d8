"""Which wanted words and characters stand in texts that are cut, names among them: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types

from matcher.compiled import compiled
from matcher.text.scanning import HITS
from matcher.text.scripts import KINDS
from matcher.text.traced import GIVEN_CODES, INTS, NUMBERS, Codes, Ints, Numbers
from matcher.text.wanted import CHARACTER_ROW, WANTED, length_at, row

_WORD, _CHARACTER = map(KINDS.index, ("word", "character"))
_INSIDE: Final = 3
"""Of so many characters at most are the words that are found inside of longer ones."""
_MOST: Final = 4
"""Terms that may begin at one place: two such words, the longer one, and a character."""


@compiled(
    types.Tuple((HITS, INTS, INTS))(GIVEN_CODES, *WANTED, GIVEN_CODES, HITS, INTS, NUMBERS, NUMBERS)
)
def standing(
    codes: Codes,
    wanted: Codes,
    begins: Ints,
    firsts: Numbers,
    nexts: Numbers,
    words: Codes,
    hits: Numbers,
    bounds: Ints,
    starts: Numbers,
    lasts: Numbers,
) -> Any:  # noqa: ANN401 - int32 (p, 4), int64 (n + 1,), int64 (q,)
    """Places (p,) in order, the first of each text, and those inside of longer words.

    They are terms, kinds, and starts and ends in the originals; the last (q,) count only if the
    segmenter knows them. ``words``, a gap behind each, are the runs of ``scanned``, cut, and
    ``hits`` what else it found; ``bounds``, ``starts`` and ``lasts`` are those of ``Traced``.
    """
    found = np.empty((_MOST * len(hits), 4), np.int32)
    of_texts, inside = np.zeros(len(bounds), np.int64), np.empty(len(found), np.int64)
    count = asked = word = text = stop = length = 0
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
                if size <= stop - at and (size == length or size <= _INSIDE):
                    inside[asked] = count
                    asked += size < length
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
    return found[:count].copy(), of_texts, inside[:asked].copy()
