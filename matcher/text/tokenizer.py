"""Text to tokens: quantities, Latin words and model numbers first, then runs of Han characters."""

import re
from collections.abc import Container, Mapping, Sequence, Set
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

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

    def tokens(self, text: str, only: Set[str] | None = None) -> list[Token]:
        """The tokens of ``text`` with their kinds and their places in it; of ``only``, if given."""
        wanted = _AllBut(self._stop) if only is None else only - self._stop
        normal = normalise(text)
        return [
            Token(term, kind, normal.starts[start], normal.ends[end - 1])
            for match in PIECE.finditer(prepared(normal.text))
            for term, kind, start, end in self._cut(match, wanted)
        ]

    def places(self, texts: Sequence[str], wanted: Mapping[str, int]) -> "Places":
        """Where ``wanted`` terms, given with their numbers, stand in many texts."""
        from matcher.text.places import places

        return places(self._segmenter, texts, wanted)

    def _cut(self, match: re.Match[str], wanted: Container[str]) -> list[Piece]:
        """The wanted terms of one match, with offsets into the normalised text."""
        surface, base = match.group(), match.start()
        if match.lastgroup == "rare":
            pieces: list[Piece] = [(surface, "character", base, match.end())]
        elif match.lastgroup == "han":
            pieces = [
                (word, "word", base + start, base + end)
                for word, start, end in self._segmenter.spans(surface)
                if len(word) > 1
            ]
            pieces += [(char, "character", at, at + 1) for at, char in enumerate(surface, base)]
        else:
            pieces = name_pieces(match)
        return [piece for piece in pieces if piece[0] in wanted]


class _AllBut:
    """Contains everything except some."""

    def __init__(self, left_out: Container[str]) -> None:
        self._left_out = left_out

    def __contains__(self, term: object) -> bool:
        return term not in self._left_out


@cache
def tokenizer(segmenter_name: str) -> Tokenizer:
    """The shared tokenizer of this segmenter: segmenters load once and cannot be pickled."""
    return Tokenizer(segmenter_name)
