"""The parts of texts that may name a property beside a number: nothing else need be read."""

# mypy: disable-error-code="no-untyped-call"
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.bulk import END, PRIVATE, ends_of, table, together
from matcher.text.traced import CODES, GIVEN_CODES, INTS, Codes, Ints, growth

Flags = NDArray[np.uint8]
_FLAGS: Final = types.uint8[::1]
_SIZE: Final = 1 << 12
"""Of the table that says what characters may be, by their last bits."""
_FIGURE, _BEGINS, _UNKNOWN = (np.uint8(1 << bit) for bit in range(3))
"""What becomes a figure, what a trace may begin with, what no table can normalise."""
_BOTH: Final = np.uint8(_FIGURE | _BEGINS)
_FIGURES: Final = "0123456789零〇一二两三四五六七八九十百千万亿半"
_ENDS: Final = tuple(map(ord, "。、，"))
_COMMA, _DEGREE = map(ord, "，度")
_OPEN, _CLOSE = tuple(map(ord, "(（")), tuple(map(ord, ")）⁾₎"))
_BLANK: Final = tuple(map(ord, "\t\n\r\x85 "))
"""White space as the table of characters has it."""
_LAST_BLANK: Final = max(_BLANK)
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
    raw, wanted = together(texts), together([*traces])
    flags = np.zeros(_SIZE, np.uint8)
    flags[_from({ord(trace[0]) for trace in traces}) % _SIZE] = _BEGINS
    tables = _kinds(), flags, table().codes, *growth()
    for number, start, end in _parts(raw, ends_of(texts), *tables, wanted).tolist():
        yield number, texts[number][start:end]


@cache
def _kinds() -> Flags:
    """Which code points become figures, and which no table tells; the last is for all beyond."""
    kinds = np.where(table().codes == 0, _UNKNOWN, np.uint8(0))
    kinds[_from(map(ord, _FIGURES))] |= _FIGURE
    return kinds


def _from(codes: Iterable[int]) -> Ints:
    """By code points, these characters and all others that become one of them or hold it then."""
    return np.array([origin for code in codes for origin in (code, *_origins().get(code, ()))])


@cache
def _origins() -> Mapping[int, Sequence[int]]:
    """The other characters that become each character."""
    codes = table().codes
    found: dict[int, list[int]] = defaultdict(list)
    for code in np.flatnonzero(codes != np.arange(len(codes))).tolist():
        char = chr(codes[code])
        for part in table().grown.get(char, char):
            found[ord(part)].append(code)
    return found


@compiled(types.boolean(types.int64, GIVEN_CODES, _FLAGS))
def _counts(place: int, raw: Codes, kinds: Flags) -> bool:
    """Whether 度 may be a unit there: it follows no Chinese character but a numeral."""
    before = raw[place - 1]
    is_chinese = _CHINESE[0] <= before <= _CHINESE[1] and before not in _MORE
    return not is_chinese or bool(kinds[before] & _FIGURE)


@compiled(types.boolean[::1](GIVEN_CODES, INTS, _FLAGS))
def _ends_of(raw: Codes, ends: Ints, kinds: Flags) -> Any:  # noqa: ANN401 - flags, one a character
    """Behind which characters a part ends."""
    found = np.zeros(len(raw), np.bool_)
    far = closes = degree = len(raw) + _REACH
    for place in range(len(raw) - 1, -1, -1):
        code = raw[place]
        if _CHINESE[0] <= code <= _CHINESE[1]:
            if code == _DEGREE and place and _counts(place, raw, kinds):
                degree = place
        elif code in _ENDS:
            is_free = closes - place > _GROUP and degree - place > _REACH
            groups = code == _COMMA and place and _WIDE[0] <= raw[place - 1] <= _WIDE[1]
            found[place] = is_free and not groups
        elif code in _CLOSE:
            closes = place
        elif code in _OPEN:
            closes = far
        elif code == 0:
            closes = degree = far
    found[ends - 1] = True
    return found


@compiled(types.int64(GIVEN_CODES, GIVEN_CODES, INTS, GIVEN_CODES, CODES))
def _write(part: Codes, becomes: Codes, starts: Ints, growth: Codes, written: Codes) -> int:
    """Write what a part becomes, without white space; how much that is."""
    size = 0
    for char in part:
        code = becomes[min(char, END)]
        kind = np.uint32(code - np.uint32(PRIVATE))
        if kind < np.uint32(len(starts) - 1):
            for grown in growth[starts[kind] : starts[kind + 1]]:
                written[size] = grown
                size += grown > _LAST_BLANK or grown not in _BLANK
        else:
            written[size] = code
            size += code > _LAST_BLANK or code not in _BLANK
    return size


@compiled(types.boolean(CODES, _FLAGS, GIVEN_CODES, INTS))
def _names(written: Codes, flags: Flags, wanted: Codes, begins: Ints) -> bool:
    """Whether one of the traces is there."""
    for place in range(len(written)):
        if not flags[written[place] % _SIZE]:
            continue
        for begin in begins:
            one, at = begin, place
            while wanted[one] and at < len(written) and written[at] == wanted[one]:
                one += 1
                at += 1
            if not wanted[one]:
                return True
    return False


@compiled(INTS(GIVEN_CODES))
def _begins(wanted: Codes) -> Any:  # noqa: ANN401 - int64 (t,)
    """Where each of the traces begins."""
    begins, count = np.empty(len(wanted), np.int64), 0
    for place in range(len(wanted)):
        if place == 0 or wanted[place - 1] == 0:
            begins[count] = place
            count += 1
    return begins[:count]


@compiled(types.int64(INTS, INTS))
def _room(ends: Ints, starts: Ints) -> int:
    """The characters of the longest text if each were the one that grows most."""
    longest = grown = 1
    for number in range(len(ends)):
        longest = max(longest, ends[number] - (ends[number - 1] if number else 0))
    for kind in range(len(starts) - 1):
        grown = max(grown, starts[kind + 1] - starts[kind])
    return longest * grown


@compiled(
    types.int64[:, ::1](
        GIVEN_CODES, INTS, _FLAGS, _FLAGS, GIVEN_CODES, INTS, GIVEN_CODES, GIVEN_CODES
    )
)
def _parts(
    raw: Codes,
    ends: Ints,
    kinds: Flags,
    flags: Flags,
    becomes: Codes,
    starts: Ints,
    growth: Codes,
    wanted: Codes,
) -> Any:  # noqa: ANN401 - number of the text, start and end of each part, (m, 3)
    is_end, begins = _ends_of(raw, ends, kinds), _begins(wanted)
    parts = np.empty((np.count_nonzero(is_end), 3), np.int64)
    written = np.empty(_room(ends, starts), np.uint32)
    start = count = 0
    for number in range(len(ends)):
        first, begin, seen, every = count, start, np.uint8(0), np.uint8(0)
        for place in range(start, ends[number]):
            if place < ends[number] - 1:
                seen |= kinds[min(raw[place], END)] | flags[raw[place] % _SIZE]
            if not is_end[place]:
                continue
            # Most parts lack one or the other, so only few are normalised.
            if seen & _BOTH == _BOTH:
                size = _write(raw[begin : place + 1], becomes, starts, growth, written)
                if _names(written[:size], flags, wanted, begins):
                    parts[count] = number, begin - start, place + 1 - start
                    count += 1
            begin, seen, every = place + 1, np.uint8(0), every | seen
        if every & _UNKNOWN:
            parts[first] = number, 0, ends[number] - start
            count = first + 1
        start = ends[number]
    return parts[:count].copy()
