"""Where wanted terms stand in many texts at once: what the tokenizer would find, as arrays."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from matcher.text import bulk
from matcher.text.scanning import scanned
from matcher.text.scripts import prepared
from matcher.text.segment import Segmenter
from matcher.text.signs import signs
from matcher.text.standing import standing
from matcher.text.traced import Codes, Ints, Numbers, traced
from matcher.text.wanted import Wanted


class Places(NamedTuple):
    """Where terms stand in n texts.

    ``found`` : int32 of shape (p, 4), in order of text and start: the number of the term, its kind
        as an index of ``scripts.KINDS``, start and end in the original text.
    ``firsts`` : (n + 1,), the first of them in each text.
    ``normal`` : the texts one behind the other, normalised, each with a NUL behind it.
    ``bounds`` : (n + 1,), where each of them begins.
    ``codes`` : the characters of the original texts, behind each of them a gap.
    ``gaps`` : (n,), where each of these gaps ends.
    ``wanted`` : the terms.
    """

    found: Numbers
    firsts: Ints
    normal: str
    bounds: Ints
    codes: Codes
    gaps: Ints
    wanted: Wanted


def places(segmenter: Segmenter, texts: Sequence[str], terms: Mapping[str, int]) -> Places:
    """Find the ``terms``, none of them a stop word, which are numbered in order."""
    wanted, normal = Wanted.of(terms), traced(texts)
    together, codes = prepared(normal.text), normal.codes
    if together is not normal.text:
        codes = np.frombuffer(together.encode("utf-32-le"), np.uint32)
    sign = signs()
    hits, runs = scanned(codes, sign.kinds, sign.units, sign.firsts, *wanted)
    words = segmenter.cut(runs.tobytes().decode("utf-32-le"))
    found, firsts, inside = standing(
        codes,
        *wanted,
        bulk.together(words),
        hits,
        normal.bounds,
        normal.firsts,
        normal.lasts,
    )
    if unknown := _unknown(segmenter, list(terms), found, inside):
        found = np.delete(found, unknown, axis=0)
        firsts -= np.searchsorted(unknown, firsts)
    return Places(found, firsts, *normal[-4:], wanted)


def _unknown(segmenter: Segmenter, terms: Sequence[str], found: Numbers, inside: Ints) -> list[int]:
    """Those found inside of longer words that the segmenter would not find there."""
    numbers = found[inside, 0].tolist()
    known = {number: segmenter.knows(terms[number]) for number in set(numbers)}
    return [at for at, number in zip(inside.tolist(), numbers, strict=True) if not known[number]]
