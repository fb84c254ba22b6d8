"""Text to tokens: quantities, Latin words and model numbers first, then runs of Han characters."""

import re
from collections.abc import Container, Set
from functools import cache
from typing import Final, Literal, NamedTuple

from matcher.text.lexicon import stop_words, units
from matcher.text.normalise import normalise
from matcher.text.segment import segmenter

Kind = Literal["word", "character", "latin", "quantity"]

_HAN: Final = r"\u4e00-\u9fd5"
"""What the segmenters know as Han; beyond it they disagree, so rarer characters are not cut."""
_RARE: Final = r"\u3005-\u3007\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PART: Final = rf"[^\W_{_HAN}{_RARE}]+"
_PATTERN: Final = re.compile(
    rf"""
      (?P<escape>\\[nrt](?![a-z]))                 # a line break that somebody escaped twice
    | (?P<quantity>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?\s?
        (?:{"|".join(map(re.escape, units()))})(?![a-z0-9]|-[a-z])) # 5 t/h, 1,000 mg/L; not 5G-A
    | (?P<latin>{_PART}(?:[-+./'&·]{_PART})*[+\#]*) # Fe3O4, COVID-19, C++, PVDF-HFP, 3.5
    | (?P<han>[{_HAN}]+)
    | (?P<rare>[{_RARE}])
    """,
    re.VERBOSE,
)
_WORD: Final = "word"
_CHAR: Final = "character"
_CHARACTER: Final = re.compile(rf"[{_HAN}{_RARE}]")
_PARTS: Final = re.compile(_PART)


class Token(NamedTuple):
    """A term and where it stands: ``[start, end)`` counts characters of the original text."""

    term: str
    kind: Kind
    start: int
    end: int


class Tokenizer:
    """Turns text into terms. Characters are terms of their own beside the words that they form.

    Terms are normalised; a Han word has at least two characters, so a single one is always a
    ``character``. Hyphenated names yield the whole and their parts. Stop words are left out.
    """

    def __init__(self, segmenter_name: str = "rjieba") -> None:
        self._segmenter = segmenter(segmenter_name)
        self._stop = stop_words()

    def terms(self, text: str) -> list[str]:
        """The terms of ``text`` without offsets: the same as those of ``tokens``, but faster."""
        found: list[str] = []
        for match in _PATTERN.finditer(normalise(text).text):
            kind, surface = match.lastgroup, match.group()
            if kind == "han":
                found.extend(word for word in self._segmenter.words(surface) if len(word) > 1)
                found.extend(surface)
            elif kind == "rare":
                found.append(surface)
            elif kind == "quantity":
                found.append(_quantity(surface))
            elif kind == "latin":
                found.extend(part for part, _, _ in _latin(surface))
        return [term for term in found if term not in self._stop]

    def tokens(self, text: str, only: Set[str] | None = None) -> list[Token]:
        """The tokens of ``text`` with their kinds and their places in it; of ``only``, if given."""
        wanted = _AllBut(self._stop) if only is None else only - self._stop
        normal = normalise(text)
        return [
            Token(term, kind, normal.starts[start], normal.ends[end - 1])
            for match in _PATTERN.finditer(normal.text)
            for term, kind, start, end in self._cut(match, wanted)
        ]

    def _cut(
        self, match: re.Match[str], wanted: Container[str]
    ) -> list[tuple[str, Kind, int, int]]:
        """The wanted terms of one match, with offsets into the normalised text."""
        kind, surface, base = match.lastgroup, match.group(), match.start()
        if kind == "han":
            words: list[tuple[str, Kind, int, int]] = [
                (word, _WORD, base + start, base + end)
                for word, start, end in self._segmenter.spans(surface)
                if len(word) > 1 and word in wanted
            ]
            characters: list[tuple[str, Kind, int, int]] = [
                (char, _CHAR, at, at + 1) for at, char in enumerate(surface, base) if char in wanted
            ]
            return words + characters
        return [piece for piece in _other(match) if piece[0] in wanted]


class _AllBut:
    """Contains everything except some."""

    def __init__(self, left_out: Container[str]) -> None:
        self._left_out = left_out

    def __contains__(self, term: object) -> bool:
        return term not in self._left_out


def _other(match: re.Match[str]) -> list[tuple[str, Kind, int, int]]:
    """The terms of a match that is not a run of Han characters."""
    kind, surface, base = match.lastgroup, match.group(), match.start()
    if kind == "rare":
        return [(surface, _CHAR, base, match.end())]
    if kind == "quantity":
        return [(_quantity(surface), "quantity", base, match.end())]
    if kind == "latin":
        return [(part, "latin", base + start, base + end) for part, start, end in _latin(surface)]
    return []


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


def is_character(term: str) -> bool:
    """Whether a term is a single Han character: words of Han characters have at least two."""
    return len(term) == 1 and _CHARACTER.match(term) is not None


@cache
def tokenizer(segmenter_name: str) -> Tokenizer:
    """The shared tokenizer of this segmenter: segmenters load once and cannot be pickled."""
    return Tokenizer(segmenter_name)
