"""The scripts of a text, and the terms that are not Han words: quantities, names, rare characters.

A regular expression that begins with a set of characters finds its place at a tenth of the cost of
one that begins with alternatives: hence the first character apart from the rest in ``_NAME``.
"""

import re
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, get_args

from matcher.text.lexicon import units

Kind = Literal["word", "character", "latin", "quantity"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""As arrays number them."""
Piece = tuple[str, Kind, int, int]
"""A term, its kind, and where it stands in normalised text."""

HAN_CODES: Final = range(0x4E00, 0x9FD6)
"""What the segmenters know as Han; beyond it they disagree, so rarer characters are not cut."""
RARE_CODES: Final = (
    range(0x3005, 0x3008),
    range(0x3400, 0x4DC0),
    range(0x9FD6, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x40000),
)
"""Han characters that are terms, but not parts of words."""
_HAN: Final = f"{chr(HAN_CODES[0])}-{chr(HAN_CODES[-1])}"
_RARE: Final = "".join(f"{chr(codes[0])}-{chr(codes[-1])}" for codes in RARE_CODES)
LETTER: Final = rf"[^\W_{_HAN}{_RARE}]"
_UNIT: Final = "|".join(
    f"{re.escape(first)}(?:{'|'.join(re.escape(unit[1:]) for unit in of_one)})"
    for first, of_one in groupby(sorted(units(), key=itemgetter(0)), itemgetter(0))
)
"""By the first character, as one comparison for each is enough; longest first among those."""
_NAME: Final = rf"""{LETTER}(?:
      (?<=\d)(?P<quantity>(?:\d{{0,2}}(?:,\d{{3}})+|\d*)(?:\.\d+)?\s?
        (?:{_UNIT})(?![a-z0-9]|-[a-z]))           # 5 t/h, 1,000 mg/L; not 5G-A
    | (?P<latin>{LETTER}*(?:[-+./'&·]{LETTER}+)*[+\#]*) # Fe3O4, COVID-19, C++, PVDF-HFP, 3.5
    )"""
NAME: Final = re.compile(_NAME, re.VERBOSE)
"""What is taken out before runs of Han characters are: a quantity (with its unit) or a name."""
_NAMES: Final = 1 << 13
"""Names of which it is remembered what they are made of: most come again, some numbers never."""
_ESCAPE: Final = re.compile(r"\\[nrt](?![a-z])")
_PARTS: Final = re.compile(rf"{LETTER}+")
_CHARACTER: Final = re.compile(rf"[{_HAN}{_RARE}]")


def prepared(normal: str) -> str:
    """Normalised text without the line breaks that somebody escaped twice; its length is kept.

    NUL, which no normalised text holds, joins nothing, not even a number and its unit.
    """
    return _ESCAPE.sub("\0\0", normal) if "\\" in normal else normal


def name_terms(match: re.Match[str]) -> tuple[str, ...]:
    """The terms of a match of ``NAME``."""
    return _terms(match[0], match.lastgroup == "quantity")


def name_pieces(match: re.Match[str]) -> list[Piece]:
    """The same with kinds and places."""
    base = match.start()
    found = _pieces(match[0], match.lastgroup == "quantity")
    return [(term, kind, base + start, base + end) for term, kind, start, end in found]


@lru_cache(maxsize=_NAMES)
def _terms(surface: str, is_quantity: bool) -> tuple[str, ...]:
    return tuple(term for term, _, _, _ in _split(surface, is_quantity))


@lru_cache(maxsize=_NAMES)
def _pieces(surface: str, is_quantity: bool) -> tuple[Piece, ...]:
    return _split(surface, is_quantity)


def _split(surface: str, is_quantity: bool) -> tuple[Piece, ...]:
    """The pieces of a name by itself."""
    if is_quantity:
        return ((_quantity(surface), "quantity", 0, len(surface)),)
    return tuple((part, "latin", start, end) for part, start, end in _latin(surface))


def is_character(term: str) -> bool:
    """Whether a term is a single Han character: words of Han characters have at least two."""
    return len(term) == 1 and _CHARACTER.match(term) is not None


def _quantity(surface: str) -> str:
    """One spelling for one quantity: ``1,000 mg`` and ``1000mg`` are the same term."""
    return "".join(surface.replace(",", "").split())


def _latin(surface: str) -> list[tuple[str, int, int]]:
    """The whole, and the parts of a compound that are long enough to mean something."""
    whole = [(surface, 0, len(surface))]
    parts = [(m.group(), *m.span()) for m in _PARTS.finditer(surface)]
    if len(parts) < 2:
        return whole
    return whole + [part for part in parts if len(part[0]) > 1 and not part[0].isdigit()]
