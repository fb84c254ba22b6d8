"""The parts of texts that may name a property beside a number: nothing else need be read."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.bulk import together
from matcher.text.traced import CODES, GIVEN_CODES, INTS, Codes, Ints, by_table

Flags = NDArray[np.uint8]
_FLAGS: Final = types.uint8[::1]
_SIZE: Final = 1 << 12
"""Of the table that says what characters may be, by their last bits."""
_NOTHING, _FIGURE, _BEGINS = (np.uint8(kind) for kind in range(3))
_FIGURES: Final = "0123456789零〇一二两三四五六七八九十百千万亿半"
_ENDS: Final = tuple(map(ord, "。、，"))
_COMMA, _DEGREE = map(ord, "，度")
_OPEN, _CLOSE = tuple(map(ord, "(（")), tuple(map(ord, ")）⁾₎"))
_BLANK: Final = tuple(map(ord, "\t\n\r\x85 "))
"""White space as the table of characters has it."""
_WIDE: Final = (ord("０"), ord("９"))
_CHINESE: Final = (0x4E00, 0x9FFF)
_MORE: Final = tuple(map(ord, "余多"))
_GROUP: Final = 21
"""What stands in parentheses closes within so many characters, if it is skipped for a name."""
_REACH: Final = 128
"""How far before 度 anything may stand that tells what it is a unit of."""


def passages(texts: Sequence[str], traces: Collection[str]) -> Iterator[tuple[int, str]]:
    """The parts that hold a figure and one of the ``traces``, with the numbers of their texts.

    A trace is what normalised text without white space has to hold. A part ends behind 。 、 or ，
    where nothing that ``quantities`` looks at reaches over it: its quantities are those that the
    text has there. A text that is not normalised character by character is one part.
    """
    if not traces:
        return
    found = by_table(texts)
    wanted = together(list(traces))
    begins = np.flatnonzero(np.append(0, wanted[:-1]) == 0)
    flags = _flags().copy()
    flags[wanted[begins] % _SIZE] |= _BEGINS
    for number, start, end in _parts(*found, flags, wanted, begins).tolist():
        yield number, texts[number][start:end]


@cache
def _flags() -> NDArray[np.uint8]:
    flags = np.zeros(_SIZE, np.uint8)
    flags[[ord(figure) % _SIZE for figure in _FIGURES]] = _FIGURE
    return flags


@compiled(types.boolean(types.int64, GIVEN_CODES, _FLAGS))
def _counts(place: int, raw: Codes, flags: Flags) -> bool:
    """Whether 度 may be a unit there: it follows no Chinese character but a numeral."""
    before = raw[place - 1]
    is_chinese = _CHINESE[0] <= before <= _CHINESE[1] and before not in _MORE
    return not is_chinese or bool(flags[before % _SIZE] & _FIGURE)


@compiled(types.boolean[::1](GIVEN_CODES, _FLAGS))
def _ends_of(raw: Codes, flags: Flags) -> Any:  # noqa: ANN401 - flags, one a character
    """Behind which characters a part ends."""
    found = np.zeros(len(raw), np.bool_)
    closes = degree = len(raw) + _REACH
    for place in range(len(raw) - 1, -1, -1):
        code = raw[place]
        if code in _ENDS:
            is_free = closes - place > _GROUP and degree - place > _REACH
            groups = code == _COMMA and place and _WIDE[0] <= raw[place - 1] <= _WIDE[1]
            found[place] = is_free and not groups
        elif code in _CLOSE:
            closes = place
        elif code in _OPEN:
            closes = len(raw) + _REACH
        elif code == _DEGREE and place and _counts(place, raw, flags):
            degree = place
        elif code == 0:
            closes = degree = len(raw) + _REACH
    return found


@compiled(types.boolean(types.int64, CODES, GIVEN_CODES, INTS))
def _names(place: int, codes: Codes, wanted: Codes, begins: Ints) -> bool:
    """Whether a trace begins there, white space left out."""
    for begin in begins:
        at, one = place, begin
        while wanted[one]:
            if codes[at] == wanted[one]:
                one += 1
            elif codes[at] not in _BLANK:
                break
            at += 1
        if wanted[one] == 0:
            return True
    return False


@compiled(
    types.int64[:, ::1](
        CODES, INTS, INTS, types.boolean[::1], GIVEN_CODES, INTS, _FLAGS, GIVEN_CODES, INTS
    )
)
def _parts(
    codes: Codes,
    bounds: Ints,
    firsts: Ints,
    is_open: NDArray[np.bool_],
    raw: Codes,
    ends: Ints,
    flags: Flags,
    wanted: Codes,
    begins: Ints,
) -> Any:  # noqa: ANN401 - number of the text, start and end of each part, (m, 3)
    parts, count = np.empty((len(raw), 3), np.int64), 0
    is_end, start = _ends_of(raw, flags), 0
    for number in range(len(ends)):
        begin, seen, named = 0, _NOTHING, is_open[number]
        for at in range(bounds[number], bounds[number + 1]):
            seen |= flags[codes[at] % _SIZE]
            if flags[codes[at] % _SIZE] & _BEGINS and not named:
                named = _names(at, codes, wanted, begins)
            end = firsts[at] + 1
            if start + end == ends[number] or (is_end[start + firsts[at]] and not is_open[number]):
                if named and (seen & _FIGURE or is_open[number]):
                    parts[count] = number, begin, end
                    count += 1
                begin, seen, named = end, _NOTHING, False
        start = ends[number]
    return parts[:count].copy()
