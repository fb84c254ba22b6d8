"""Text to tokens: quantities, Latin words and model numbers first, then runs of Han characters."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from matcher.text.batch import Batch, cut_all
from matcher.text.lexicon import stop_words
from matcher.text.normalise import normalise
from matcher.text.scripts import PIECE, Kind, Piece, name_pieces, prepared
from matcher.text.segment import segmenter

if TYPE_CHECKING:
    from matcher.text.places import Places


class Token(NamedTuple):
    """A term and where it stands: ``[start, end)`` counts characters of the original text."""

    term: str
    kind: Kind
    start: int
    end: int


_token: Final[Callable[[Piece], Token]] = partial(tuple.__new__, Token)
"""A token without the call in Python that its class would make."""


class Tokenizer:
    """Turns text into terms. Characters are terms of their own beside the words that they form.

    Terms are normalised; a Han word has at least two characters, so a single one is always a
    ``character``. Hyphenated names yield the whole and their parts. Stop words are left out.
    """

    def __init__(self, segmenter_name: str = "rjieba") -> None:
        self._segmenter = segmenter(segmenter_name)
        self._stop = stop_words()

    def batch(self, texts: Sequence[str]) -> Batch:
        """The terms of many texts, without offsets: those of ``tokens``, but ten times faster."""
        return cut_all(self._segmenter, texts)

    def terms(self, text: str) -> list[str]:
        """The terms of one text, as often as they occur, the single characters behind the others.

        Whoever needs their order asks for ``tokens``.
        """
        return self.batch([text]).terms()

    def tokens(self, text: str) -> list[Token]:
        """The tokens of ``text`` with their kinds and their places in it."""
        if not text:
            return []
        normal, stop = normalise(text), self._stop
        cut = map(self._cut, PIECE.finditer(prepared(normal.text)))
        pieces = [piece for piece in chain.from_iterable(cut) if piece[0] not in stop]
        if normal.is_unmoved:
            return list(map(_token, pieces))
        return [
            _token((term, kind, normal.starts[start], normal.ends[end - 1]))
            for term, kind, start, end in pieces
        ]

    def places(self, texts: Sequence[str], wanted: Mapping[str, int]) -> "Places":
        """Where ``wanted`` terms, given with their numbers, stand in many texts."""
        from matcher.text.places import places

        return places(self._segmenter, texts, wanted)

    def _cut(self, match: re.Match[str]) -> list[Piece]:
        """The terms of one match, with offsets into the normalised text."""
        surface, base = match.group(), match.start()
        if match.lastgroup == "rare":
            return [(surface, "character", base, match.end())]
        if match.lastgroup != "han":
            return name_pieces(match)
        pieces: list[Piece] = [
            (word, "word", base + start, base + end)
            for word, start, end in self._segmenter.spans(surface)
            if end - start > 1
        ]
        pieces += [(char, "character", at, at + 1) for at, char in enumerate(surface, base)]
        return pieces


@cache
def tokenizer(segmenter_name: str) -> Tokenizer:
    """The shared tokenizer of this segmenter: segmenters load once and cannot be pickled."""
    return Tokenizer(segmenter_name)
