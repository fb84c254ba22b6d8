"""Many texts to terms at once, without offsets: what the tokenizer does, for libraries.

No string is made of a single character, and none is kept of a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.text.bulk import normalised_all
from matcher.text.lexicon import stop_words
from matcher.text.scripts import HAN_CODES, NAME, RARE_CODES, name_terms, prepared
from matcher.text.segment import Segmenter

CHARACTER_END: Final = RARE_CODES[-1].stop
"""No character that is a term has this code point or a higher one."""
_GAP: Final = " "
CUT, TERM = np.uint8(1), np.uint8(2)
"""Marks of a code point: it goes to the segmenter; it is a term by itself."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The terms of n texts, in two parts.

    ``lines`` : terms parted by spaces. Line i < n holds the names and quantities of text i, line
        n + i its words; among them are stop words and single Han characters, which do not count.
    ``characters`` : uint32, the code points of all single characters that are terms.
    ``ends`` : int64 of shape (n + 1,), where the characters of each text begin and end.
    """

    lines: str
    characters: NDArray[np.uint32]
    ends: NDArray[np.int64]

    def terms(self) -> list[str]:
        """All terms of all texts."""
        others = [term for term in self.lines.split() if term not in _left_out()]
        return [*others, *map(chr, self.characters.tolist())]


def cut_all(segmenter: Segmenter, texts: Sequence[str]) -> Batch:
    """Normalise texts and cut them into terms."""
    names: list[str] = []
    rest: list[str] = []

    def take_out(match: re.Match[str]) -> str:
        names.extend(name_terms(match))
        return _GAP

    for text in normalised_all(texts):
        rest.append(NAME.sub(take_out, prepared(text)))
        names.append("\n")
    runs, characters, ends = _han(rest)
    return Batch(" ".join([*names, *segmenter.words(runs)]), characters, ends)


def _han(texts: Sequence[str]) -> tuple[str, NDArray[np.uint32], NDArray[np.int64]]:
    """Runs of Han characters, a line a text and a space a gap; characters that are terms, ends."""
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le"), np.uint32)
    bounds = np.cumsum([0, *(len(text) + 1 for text in texts)])
    marked = marks()[codes]
    is_cut, is_term = (marked & CUT).astype(bool), (marked & TERM).astype(bool)
    kept = is_cut.copy()
    kept[1:] |= is_cut[:-1]  # of a gap, what follows a run
    kept[bounds[1:] - 1] = True
    runs = np.where(is_cut, codes, np.uint32(ord(_GAP)))
    runs[bounds[1:] - 1] = ord("\n")
    ends = np.searchsorted(np.flatnonzero(is_term), bounds)
    return runs[kept].tobytes().decode("utf-32-le"), codes[is_term], ends


@cache
def marks() -> NDArray[np.uint8]:
    """``CUT`` and ``TERM`` of every code point."""
    table = np.zeros(0x110000, np.uint8)
    for codes in RARE_CODES:
        table[codes.start : codes.stop] = TERM
    table[HAN_CODES.start : HAN_CODES.stop] = CUT | TERM
    table[[ord(word) for word in stop_words() if len(word) == 1]] &= ~TERM
    return table


@cache
def _left_out() -> frozenset[str]:
    """Stop words, and what the segmenter returns beside words of at least two characters."""
    return stop_words() | {*map(chr, HAN_CODES)}
