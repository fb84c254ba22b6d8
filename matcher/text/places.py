"""Where wanted terms stand in many texts at once: what the tokenizer would find, as arrays."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.text import bulk
from matcher.text.names import names
from matcher.text.scanning import word_runs
from matcher.text.scripts import Kind, prepared
from matcher.text.segment import Segmenter
from matcher.text.signs import signs
from matcher.text.standing import INSIDE, standing
from matcher.text.traced import Codes, traced
from matcher.text.wanted import Wanted

KINDS: Final[tuple[Kind, ...]] = ("word", "character", "latin", "quantity")
CHARACTER: Final = KINDS.index("character")
Ints = NDArray[np.int64]


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
    """Find the ``terms``, none of them a stop word, which are numbered in order."""
    wanted, normal = Wanted.of(terms), traced(texts)
    together, codes = prepared(normal.text), normal.codes
    if together is not normal.text:
        codes = np.frombuffer(bytearray(together.encode("utf-32-le")), np.uint32)
    sign = signs()
    # First the names: quantities are blanked out of ``codes``.
    named = names(codes, sign.kinds, sign.units, sign.firsts, *wanted)
    runs, origins = word_runs(codes, *wanted)
    words = segmenter.cut(runs.tobytes().decode("utf-32-le"))
    of_texts, numbers, of_kinds, firsts, lasts = standing(
        codes,
        *wanted,
        np.array([len(term) in INSIDE and segmenter.knows(term) for term in terms], np.bool_),
        bulk.together(words),
        origins,
        named,
        normal.bounds,
        normal.firsts,
        normal.lasts,
    )
    return Places(of_texts, numbers, of_kinds, firsts, lasts, *normal[-4:])
