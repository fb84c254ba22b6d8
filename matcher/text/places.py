"""Where wanted terms stand in many texts at once: what the tokenizer would find, as arrays."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.text.scanning import kinds, name_runs, single_characters, word_runs
from matcher.text.scripts import NAME, Kind, name_pieces, name_terms, prepared
from matcher.text.segment import Segmenter
from matcher.text.traced import Codes, traced
from matcher.text.wanted import Wanted

KINDS: Final[tuple[Kind, ...]] = ("word", "character", "latin", "quantity")
CHARACTER: Final = KINDS.index("character")
Ints = NDArray[np.int64]
_Rows = list[tuple[int, int, int, int]]


class Places(NamedTuple):
    """Places of terms, in order of text and start; the arrays have the shape (p,).

    ``texts`` : the number of the text.
    ``terms`` : the number of the term.
    ``kinds`` : its kind, as an index of ``KINDS``.
    ``starts``, ``ends`` : characters of the original text.
    ``normal`` : the n texts one behind the other, normalised, each with a NUL behind it.
    ``bounds`` : (n + 1,), where each of them begins.
    ``codes`` : the characters of the original texts, behind each of them a gap.
    ``gaps`` : (n,), where each of these gaps ends.
    """

    texts: Ints
    terms: Ints
    kinds: Ints
    starts: Ints
    ends: Ints
    normal: str
    bounds: Ints
    codes: Codes
    gaps: Ints


def places(segmenter: Segmenter, texts: Sequence[str], terms: Mapping[str, int]) -> Places:
    """Find the ``terms``, none of them a stop word, each given with its number."""
    wanted, normal = Wanted.of(terms), traced(texts)
    together, codes = prepared(normal.text), normal.codes
    if together is not normal.text:
        codes = np.frombuffer(bytearray(together.encode("utf-32-le")), np.uint32)
    names = _names(together, codes, wanted)  # first of all: they are blanked out of ``codes``
    numbers, at = single_characters(codes, wanted.characters)
    words = _words(segmenter, wanted, *word_runs(codes, kinds(), wanted.begins_word))
    rows = np.array(names + words, np.int64).reshape(-1, 4)
    characters = np.column_stack([numbers, np.full(len(at), CHARACTER), at, at + 1])
    found = np.concatenate([rows, characters])
    found = found[np.argsort(found[:, 2], kind="stable")]
    numbers, of_kinds, starts, ends = found.T
    of_texts = np.searchsorted(normal.bounds, starts, "right") - 1
    firsts, lasts = normal.firsts[starts], normal.lasts[ends - 1]
    return Places(of_texts, numbers, of_kinds, firsts, lasts, *normal[-4:])


def _names(together: str, codes: Codes, wanted: Wanted) -> _Rows:
    """Names and quantities; the Han characters of these are blanked out of ``codes``."""
    found: _Rows = []
    for first, last in name_runs(codes, kinds(), wanted.begins_name).tolist():
        for match in NAME.finditer(together, first, last):
            if match.lastgroup == "quantity":
                codes[match.start() : match.end()] = 0
            if not wanted.names.keys().isdisjoint(name_terms(match)):
                found += [
                    (wanted.names[term], KINDS.index(kind), start, end)
                    for term, kind, start, end in name_pieces(match)
                    if term in wanted.names
                ]
    return found


def _words(segmenter: Segmenter, wanted: Wanted, runs: Codes, origins: Ints) -> _Rows:
    """Words of runs of Han characters; ``origins`` say where each of their characters stood."""
    numbers, places = wanted.words, origins.tolist()
    return [
        (numbers[word], 0, places[start], places[end - 1] + 1)
        for word, start, end in segmenter.spans(runs.tobytes().decode("utf-32-le"))
        if word in numbers
    ]
