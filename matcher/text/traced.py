"""Many texts normalised at once, and for every character of them where it came from: compiled."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.bulk import END, GAP, PRIVATE, ends_of, table, together
from matcher.text.normalise import NormalisedText, normalise

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
CODES: Final = types.uint32[::1]
GIVEN_CODES: Final = types.Array(types.uint32, 1, "C", readonly=True)
INTS: Final = types.int64[::1]
NUMBERS: Final = types.int32[::1]


class Traced(NamedTuple):
    """n texts one behind the other, each followed by a gap: c characters in all.

    ``codes`` : (c,), the normalised texts as numbers.
    ``firsts``, ``lasts`` : (c,), the first and the last character in its own original text of what
        each came from.
    ``text`` : the normalised texts.
    ``bounds`` : (n + 1,), where each begins, and the end.
    ``raw`` : the original texts as numbers.
    ``ends`` : (n,), where each of these ends, its gap included.
    """

    codes: Codes
    firsts: Numbers
    lasts: Numbers
    text: str
    bounds: Ints
    raw: Codes
    ends: Ints


def traced(originals: Sequence[str]) -> Traced:
    """``normalise`` of each text."""
    raw = together(originals)
    ends = ends_of(originals)
    codes, bounds, firsts, is_open = _through(raw, ends, table().codes, *growth())
    text = codes.tobytes().decode("utf-32-le")
    found = Traced(codes, firsts, firsts, text, bounds, raw, ends)
    return _pieced(originals, found, is_open) if is_open.any() else found


def _pieced(originals: Sequence[str], found: Traced, is_open: NDArray[np.bool_]) -> Traced:
    """With those taken one by one in which what surrounds a character decides what it becomes."""
    texts: list[str] = []
    firsts: list[Numbers] = []
    lasts: list[Numbers] = []
    for number, (start, end) in enumerate(pairwise(found.bounds.tolist())):
        text, first, last = found.text[start:end], found.firsts[start:end], found.lasts[start:end]
        if is_open[number]:
            one = normalise(originals[number])
            text, first, last = (
                one.text + GAP,
                _origins(one.starts, one),
                _origins(one.ends, one) - 1,
            )
        texts.append(text)
        firsts.append(first)
        lasts.append(last)
    joined = "".join(texts)
    return found._replace(
        codes=np.frombuffer(joined.encode("utf-32-le"), np.uint32),
        firsts=np.concatenate(firsts),
        lasts=np.concatenate(lasts),
        text=joined,
        bounds=np.cumsum([0, *map(len, texts)]),
    )


def _origins(places: Sequence[int], one: NormalisedText) -> Numbers:
    return np.array([*places[: len(one.text)], 0], np.int32)


@cache
def growth() -> tuple[Ints, Codes]:
    """What grown characters become: where each begins in the characters of all."""
    grown = list(table().grown.values())
    starts = np.cumsum([0, *map(len, grown)])
    return starts, np.frombuffer("".join(grown).encode("utf-32-le"), np.uint32)


@compiled(
    types.Tuple((CODES, INTS, NUMBERS, types.boolean[::1]))(
        GIVEN_CODES, INTS, GIVEN_CODES, INTS, GIVEN_CODES
    )
)
def _through(raw: Codes, ends: Ints, becomes: Codes, starts: Ints, growth: Codes) -> Any:  # noqa: ANN401 - characters, bounds, firsts, and which texts are not told by a table
    longest = 1
    for grown in range(len(starts) - 1):
        longest = max(longest, starts[grown + 1] - starts[grown])
    # What is not written to costs nothing.
    codes, firsts = np.empty(longest * len(raw), np.uint32), np.empty(longest * len(raw), np.int32)
    bounds, is_open = np.zeros(len(ends) + 1, np.int64), np.zeros(len(ends), np.bool_)
    at = begin = 0
    for text in range(len(ends)):
        for place in range(begin, ends[text]):
            code = becomes[min(raw[place], END)]
            kind = np.uint32(code - np.uint32(PRIVATE))
            if kind < np.uint32(len(starts) - 1):
                for part in range(starts[kind], starts[kind + 1]):
                    codes[at], firsts[at] = growth[part], place - begin
                    at += 1
                continue
            if code == 0 and place < ends[text] - 1:
                is_open[text] = True
            codes[at], firsts[at] = code, place - begin
            at += 1
        begin = ends[text]
        bounds[text + 1] = at
    return codes[:at].copy(), bounds, firsts[:at].copy(), is_open
