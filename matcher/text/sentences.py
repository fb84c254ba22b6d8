"""Sentences with offsets, cut so short that one can be shown as evidence: compiled."""

# mypy: disable-error-code="no-untyped-call"
from functools import cache
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.records import Span
from matcher.text.bulk import ends_of, together
from matcher.text.traced import GIVEN_CODES, INTS, Codes, Ints

_LONGEST: Final = 80
"""Characters; a longer sentence is cut at its commas and semicolons."""
_MARK, _BREAK, _CUT, _FIGURE, _BLANK = (np.uint8(1 << bit) for bit in range(5))
"""Kinds of a code point: 。！？!?; a line break; ；;，,; a figure; white space."""
_COMMA: Final = ord(",")
_BYTES: Final = types.Array(types.uint8, 1, "C", readonly=True)
_SPANS: Final = types.int64[:, ::1]


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` as spans, blank ones left out."""
    spans, _ = sentences_of(together([text]), ends_of([text]))
    return [(start, end) for start, end in spans.tolist()]


def sentences_of(codes: Codes, ends: Ints) -> tuple[Ints, Ints]:
    """The spans (s, 2) of s sentences, and which of n texts each is in.

    ``codes`` are the characters of the texts, behind each a gap that ends before ``ends`` (n,).
    """
    spans, texts = _sentences(codes, ends, _kinds())
    return spans, texts


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kinds of every code point; beyond the first 131,072 there is none."""
    table = np.zeros(0x110000, np.uint8)
    for code, char in enumerate(map(chr, range(0x20000))):
        table[code] = _FIGURE * char.isdecimal() | _BLANK * char.isspace()
    for chars, kind in (("。！？!?", _MARK), ("\n", _BREAK), ("；;，,", _CUT)):
        table[[ord(char) for char in chars]] |= kind
    return table


@compiled(types.int64(GIVEN_CODES, _BYTES, types.int64, types.int64, types.int64, _SPANS))
def _clauses(
    codes: Codes, kinds: NDArray[np.uint8], start: int, end: int, count: int, spans: Ints
) -> int:
    """Neighbouring clauses of a long sentence joined as long as they stay within the limit."""
    before = count
    begin = place = start
    while place < end:
        if not kinds[codes[place]] & _CUT or (
            codes[place] == _COMMA
            and start < place < end - 1  # a clause does not end inside 1,000
            and kinds[codes[place - 1]] & kinds[codes[place + 1]] & _FIGURE
        ):
            place += 1
            if place < end:
                continue
        is_empty = begin == place
        while place < end and kinds[codes[place]] & _CUT:
            place += 1
        if is_empty:
            pass
        elif count > before and place - spans[count - 1, 0] <= _LONGEST:
            spans[count - 1, 1] = place
        else:
            spans[count] = begin, place
            count += 1
        begin = place
    return count


@compiled(types.Tuple((_SPANS, INTS))(GIVEN_CODES, INTS, _BYTES))
def _sentences(codes: Codes, ends: Ints, kinds: NDArray[np.uint8]) -> Any:  # noqa: ANN401 - spans and texts
    spans, texts = np.empty((len(codes), 2), np.int64), np.empty(len(codes), np.int64)
    count = first = 0
    for text in range(len(ends)):
        place, last, found = first, ends[text] - 1, count
        while place < last:
            start = place
            while place < last and not kinds[codes[place]] & (_MARK | _BREAK):
                place += 1
            is_empty = start == place
            while place < last and kinds[codes[place]] & _MARK:
                place += 1
            if is_empty:
                place += place == start
            elif place - start <= _LONGEST:
                spans[found] = start, place
                found += 1
            else:
                found = _clauses(codes, kinds, start, place, found, spans)
        for number in range(count, found):
            start, end = spans[number]
            while start < end and kinds[codes[start]] & _BLANK:
                start += 1
            while start < end and kinds[codes[end - 1]] & (_BLANK | _CUT):
                end -= 1
            if start < end:
                spans[count] = start - first, end - first
                texts[count] = text
                count += 1
        first = ends[text]
    return spans[:count].copy(), texts[:count].copy()
