"""Text to tokens: quantities, Latin words and model numbers first, then runs of Han characters."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import repeat
from typing import TYPE_CHECKING, Final, NamedTuple

from matcher.text.batch import Batch, cut_all
from matcher.text.bulk import normalise_short
from matcher.text.lexicon import stop_words
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


_GAP: Final = " "
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
        normal, stop = normalise_short(text), self._stop
        pieces = [piece for piece in self._pieces(prepared(normal.text)) if piece[0] not in stop]
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

    def _pieces(self, text: str) -> list[Piece]:
        """The terms of normalised text; all of its runs of Han characters are cut at once."""
        matches = list(PIECE.finditer(text))
        runs = [match[0] for match in matches if match.lastgroup == "han"]
        words, at = iter(self._segmenter.spans(_GAP.join(runs))), 0
        pieces: list[Piece] = []
        for match in matches:
            kind, start, end = match.lastgroup, *match.span()
            if kind == "han":
                moved = start - at
                for word, first, last in words:
                    if word == _GAP:
                        break
                    if last - first > 1:
                        pieces.append((word, "word", first + moved, last + moved))
                at += end - start + 1
                pieces += zip(
                    match[0], repeat("character"), range(start, end), range(start + 1, end + 1)
                )
            elif kind == "rare":
                pieces.append((match[0], "character", start, end))
            else:
                pieces += name_pieces(match)
        return pieces


@cache
def tokenizer(segmenter_name: str) -> Tokenizer:
    """The shared tokenizer of this segmenter: segmenters load once and cannot be pickled."""
    return Tokenizer(segmenter_name)
