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
    ``sizes`` : int64 of the same shape, by normalised character, how many it stands for.
    """

    codes: NDArray[np.uint32]
    grown: dict[str, str]
    sizes: NDArray[np.int64]


class _Found(NamedTuple):
    """What became of n texts.

    ``texts`` : normalised.
    ``grown`` : by number of those in which some character grew, how many characters each became.
    ``others`` : the numbers of those in which what surrounds a character decides what it becomes.
    """

    texts: list[str]
    grown: dict[int, NDArray[np.int64]]
    others: set[int]


def normalise_all(originals: Sequence[str]) -> list[NormalisedText]:
    """``normalise`` of each: nearly as fast, unless what surrounds a character matters."""
    found = _through_table(originals)
    return [
        normalise(originals[number]) if number in found.others else _placed(found, number)
        for number in range(len(originals))
    ]


def normalised_all(originals: Sequence[str]) -> list[str]:
    """``normalised`` of each, at some 10 ns a character."""
    return _through_table(originals).texts


def squeezed_all(originals: Sequence[str]) -> list[str | None]:
    """Each normalised and without white space.

    None for a text of which a part, taken by itself, might become something else.
    """
    found = _through_table(originals)
    return [
        None if number in found.others else "".join(text.split())
        for number, text in enumerate(found.texts)
    ]


def _placed(found: _Found, number: int) -> NormalisedText:
    text, sizes = found.texts[number], found.grown.get(number)
    if sizes is None:
        return NormalisedText.unmoved(text)
    starts = np.repeat(np.arange(len(sizes)), sizes)
    return NormalisedText(text, starts.tolist(), (starts + 1).tolist())


def _through_table(originals: Sequence[str]) -> _Found:
    table = _table()
    encoded = "".join(originals).encode("utf-32-le", "surrogatepass")
    codes = table.codes[np.minimum(np.frombuffer(encoded, np.uint32), _END)]
    ends = np.cumsum([0, *map(len, originals)])
    together = codes.tobytes().decode("utf-32-le")
    texts = [together[start:end] for start, end in pairwise(ends.tolist())]
    sizes = table.sizes[np.minimum(codes, _END)]
    grown = {at: sizes[ends[at] : ends[at + 1]] for at in _texts_with(sizes != 1, ends)}
    for number in grown:
        texts[number] = _GROWN.sub(lambda match: table.grown[match[0]], texts[number])
    others = _texts_with(codes == 0, ends)
    for number in others:
        texts[number] = normalised(originals[number])
    return _Found(texts, grown, set(others))


def _texts_with(mask: NDArray[np.bool_], ends: NDArray[np.int64]) -> list[int]:
    """The numbers of the texts of which some character is marked."""
    found: list[int] = np.unique(np.searchsorted(ends, np.flatnonzero(mask), "right") - 1).tolist()
    return found


@cache
def _table() -> _Table:
    table = _Table(np.zeros(_END + 1, np.uint32), {}, np.ones(_END + 1, np.int64))
    table.codes[ord("\n")] = ord("\n")
    covered = [c for c in range(_END) if chr(c) != "\n" and not 0xD800 <= c < 0xE000]
    normal = normalise_characters("\n".join(map(chr, covered))).split("\n")
    for code, text in zip(covered, normal, strict=True):
        if traditional().isdisjoint(text) and not may_combine(chr(code)):
            table.codes[code] = ord(text if len(text) == 1 else _private(text, table.grown))
    for char, text in table.grown.items():
        table.sizes[ord(char)] = len(text)
    return table


def _private(text: str, grown: dict[str, str]) -> str:
    char = chr(0xE000 + len(grown))
    grown[char] = text
    return char
