"""Normalised text of many texts at once: by a table of characters."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.text.normalise import (
    NormalisedText,
    may_combine,
    normalise,
    normalise_characters,
    normalised,
)
from matcher.text.simplify import traditional

_END: Final = 0x10000
"""The first code point that the table does not cover."""
_GROWN: Final = re.compile("[\ue000-\uf8ff]")
"""Private characters, which never come out of the table otherwise, stand for what grows."""


class _Table(NamedTuple):
    """What characters become.

    ``codes`` : uint32 of shape (_END + 1,), by code point, the last entry for all beyond: the
        normalised character; a private one for a character that grows; 0 for one that may combine,
        is not printed or is traditional, for then the words around decide.
    ``grown`` : by private character, what it stands for.
    """

    codes: NDArray[np.uint32]
    grown: dict[str, str]


def normalise_all(originals: Sequence[str]) -> list[NormalisedText]:
    """``normalise`` of each: nearly as fast, where characters stay one for one."""
    texts, moved = _through_table(originals)
    return [
        normalise(original) if number in moved else NormalisedText.unmoved(text)
        for number, (original, text) in enumerate(zip(originals, texts, strict=True))
    ]


def normalised_all(originals: Sequence[str]) -> list[str]:
    """``normalised`` of each, at some 10 ns a character."""
    return _through_table(originals)[0]


def _through_table(originals: Sequence[str]) -> tuple[list[str], set[int]]:
    """The normalised texts, and the numbers of those that were not made one for one."""
    table = _table()
    encoded = "".join(originals).encode("utf-32-le", "surrogatepass")
    codes = table.codes[np.minimum(np.frombuffer(encoded, np.uint32), _END)]
    ends = np.cumsum([0, *map(len, originals)])
    together = codes.tobytes().decode("utf-32-le")
    texts = [together[start:end] for start, end in pairwise(ends.tolist())]
    grown = _texts_with((codes >= 0xE000) & (codes < 0xF900), ends)
    for number in grown:
        texts[number] = _GROWN.sub(lambda match: table.grown[match[0]], texts[number])
    others = _texts_with(codes == 0, ends)
    for number in others:
        texts[number] = normalised(originals[number])
    return texts, {*grown, *others}


def _texts_with(mask: NDArray[np.bool_], ends: NDArray[np.int64]) -> list[int]:
    """The numbers of the texts of which some character is marked."""
    found: list[int] = np.unique(np.searchsorted(ends, np.flatnonzero(mask), "right") - 1).tolist()
    return found


@cache
def _table() -> _Table:
    table = _Table(np.zeros(_END + 1, np.uint32), {})
    table.codes[ord("\n")] = ord("\n")
    covered = [c for c in range(_END) if chr(c) != "\n" and not 0xD800 <= c < 0xE000]
    normal = normalise_characters("\n".join(map(chr, covered))).split("\n")
    for code, text in zip(covered, normal, strict=True):
        if traditional().isdisjoint(text) and not may_combine(chr(code)):
            table.codes[code] = ord(text if len(text) == 1 else _private(text, table.grown))
    return table


def _private(text: str, grown: dict[str, str]) -> str:
    char = chr(0xE000 + len(grown))
    grown[char] = text
    return char
