"""One spelling for one word: NFKC, lower case, simplified characters, with the way back kept."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from matcher.records import Span
from matcher.text.simplify import simplify

_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]"
)
"""What leaves no trace (``_INVISIBLE``: marks inside words) or becomes a space (the others)."""
_MAY_COMBINE: Final = re.compile(
    r"[\u0300-\u036f\u0483-\u1fff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\u3131-\u318e\ua000-\uf8ff\ufb00-\ufeff\uff9e-\uffdc]"
    r"|[\U00010000-\U0001ffff\U00030000-\U0010ffff]"
)
"""Blocks with combining marks, and all that ``_UNPRINTABLE`` finds beyond ASCII and U+2000."""


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """Normalised text and, for each of its characters, where it came from.

    ``starts[i]`` and ``ends[i]`` bound the original characters behind ``text[i]``; both never
    decrease. A ``range`` stands in for the list where nothing moved.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def unmoved(cls, text: str) -> "NormalisedText":
        """A text of which each character stands for the original one in its place."""
        identity = range(len(text) + 1)
        return cls(text, identity[:-1], identity[1:])

    @property
    def is_unmoved(self) -> bool:
        """Whether it is such a text."""
        return isinstance(self.starts, range)

    def span(self, start: int, end: int) -> Span:
        """Map the half-open range ``[start, end)`` of ``text``, not empty, to the original."""
        return self.starts[start], self.ends[end - 1]


def normalise(original: str) -> NormalisedText:
    """Normalise any string, lone surrogates and control characters included; never raises."""
    if may_combine(original):
        return _normalise_by_cluster(original)
    text = normalise_characters(original)
    # Nothing here combines, so characters can only grow: equal length means one for one.
    if len(text) == len(original):
        return NormalisedText.unmoved(simplify(text))
    return _normalise_by_piece(original)


def normalised(original: str) -> str:
    """The text of ``normalise`` alone, for the many callers that need no offsets."""
    if may_combine(original):
        return _normalise_by_cluster(original).text
    return simplify(normalise_characters(original))


def may_combine(text: str) -> bool:
    """Whether what a character of this text becomes may depend on those around it."""
    return bool(_UNPRINTABLE.search(text) or _MAY_COMBINE.search(text))


def _normalise_by_piece(original: str) -> NormalisedText:
    """Normalise what stays one for one in runs, and characters that grow (℃, ㎡) by themselves."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in (*_growing().finditer(original), None):
        stop = match.start() if match else len(original)
        pieces.append(normalise_characters(original[at:stop]))
        starts.extend(range(at, stop))
        ends.extend(range(at + 1, stop + 1))
        if match:
            pieces.append(_normalise_cluster(match.group()))
            starts.extend([stop] * len(pieces[-1]))
            ends.extend([stop + 1] * len(pieces[-1]))
            at = stop + 1
    return NormalisedText(simplify("".join(pieces)), starts, ends)


@cache
def _growing() -> re.Pattern[str]:
    """The characters that normalise to more than one, or to none."""
    codes = (code for code in range(0x10000) if not 0xD800 <= code < 0xE000)
    grown = (chr(code) for code in codes if len(normalise_characters(chr(code))) != 1)
    return re.compile(f"[{re.escape(''.join(grown))}]")


def _normalise_by_cluster(original: str) -> NormalisedText:
    """Normalise base characters together with the marks that follow them, one cluster at a time."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(original):
        piece = _normalise_cluster(original[start:end])
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    return NormalisedText(simplify("".join(pieces)), starts, ends)


@lru_cache(maxsize=8192)
def _normalise_cluster(cluster: str) -> str:
    return normalise_characters(cluster)


def normalise_characters(text: str) -> str:
    """All but the simplification, for text of which nothing combines."""
    printable = _UNPRINTABLE.sub(" ", _INVISIBLE.sub("", text))
    # Σ becomes ς at the end of a word and σ elsewhere: one letter, so one spelling.
    lowered = unicodedata.normalize("NFKC", printable).lower().replace("ς", "σ")
    return unicodedata.normalize("NFKC", lowered)


def _clusters(text: str) -> list[Span]:
    """Cut before every character that cannot combine with the one before it."""
    cuts = [i for i, char in enumerate(text) if i == 0 or not _combines(char)]
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _combines(char: str) -> bool:
    """Marks, and the Hangul vowels and finals that NFKC composes with what precedes them."""
    if char < "\u0300":
        return False
    first = unicodedata.normalize("NFKC", char)[0]  # half-width marks and letters count too
    return unicodedata.combining(first) != 0 or "\u1161" <= first <= "\u11ff"
