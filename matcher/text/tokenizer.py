"""Text to tokens: quantities, Latin words and model numbers first, then runs of Han characters."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from matcher.text.batch import CUT, TERM, Batch, cut_all, marks
from matcher.text.bulk import normalise_short
from matcher.text.lexicon import stop_words
from matcher.text.scripts import NAME, Kind, name_pieces, prepared
from matcher.text.segment import segmenter

if TYPE_CHECKING:
    from matcher.text.places import Places


class Token(NamedTuple):
    """A term and where it stands: ``[start, end)`` counts characters of the original text."""

    term: str
    kind: Kind
    start: int
    end: int


class Written(NamedTuple):
    """What t tokens are made of, each a sequence (t,): names and words, then single characters."""

    terms: Sequence[str] = ()
    kinds: Sequence[Kind] = ()
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

    def tokens(self) -> list[Token]:
        """The tokens themselves."""
        return list(map(Token, *self))


_GAP: Final = np.uint32(ord(" "))
_CHARACTER: Final[Kind] = "character"


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
        return self.written(text).tokens()

    def written(self, text: str) -> Written:
        """The same, without an object for each."""
        if not text:
            return Written()
        normal = normalise_short(text)
        found = self._found(prepared(normal.text))
        if normal.is_unmoved:
            return found
        starts = [normal.starts[start] for start in found.starts]
        return found._replace(starts=starts, ends=[normal.ends[end - 1] for end in found.ends])

    def places(self, texts: Sequence[str], wanted: Mapping[str, int]) -> "Places":
        """Where ``wanted`` terms, given with their numbers, stand in many texts."""
        from matcher.text.places import places

        return places(self._segmenter, texts, wanted)

    def _found(self, text: str) -> Written:
        """What is in normalised text; all between its names is cut at once, in its place."""
        stop, names = self._stop, list(NAME.finditer(text))
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        marked = marks()[codes]
        for match in names:
            marked[match.start() : match.end()] = 0
        runs = np.where(marked & CUT, codes, _GAP).tobytes().decode("utf-32-le")
        pieces = [
            (word, "word", start, end)
            for word, start, end in self._segmenter.spans(runs)
            if end - start > 1 and word not in stop
        ]
        for match in names:
            at = bisect(pieces, match.start(), key=itemgetter(2))
            pieces[at:at] = [piece for piece in name_pieces(match) if piece[0] not in stop]
        terms, kinds, starts, ends = zip(*pieces, strict=True) if pieces else Written()
        places = np.flatnonzero(marked & TERM).tolist()
        return Written(
            [*terms, *map(text.__getitem__, places)],
            [*kinds, *repeat(_CHARACTER, len(places))],
            [*starts, *places],
            [*ends, *(place + 1 for place in places)],
        )


@cache
def tokenizer(segmenter_name: str) -> Tokenizer:
    """The shared tokenizer of this segmenter: segmenters load once and cannot be pickled."""
    return Tokenizer(segmenter_name)
