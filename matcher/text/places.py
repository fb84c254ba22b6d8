"""Where wanted terms stand in many texts at once: what the tokenizer would find, as arrays."""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.text.batch import CHARACTER_END, CUT, marks
from matcher.text.bulk import normalise_all
from matcher.text.normalise import NormalisedText
from matcher.text.scripts import NAME, Kind, is_character, name_pieces, name_terms, prepared
from matcher.text.segment import Segmenter

KINDS: Final[tuple[Kind, ...]] = ("word", "character", "latin", "quantity")
CHARACTER: Final = KINDS.index("character")
_GAP: Final = "\0"
"""Parts the texts: no term, number or unit reaches over it."""
Ints = NDArray[np.int64]


class Places(NamedTuple):
    """Places of terms, in order of text and start; all arrays have the shape (p,).

    ``texts`` : the number of the text.
    ``terms`` : the number of the term.
    ``kinds`` : its kind, as an index of ``KINDS``.
    ``starts``, ``ends`` : characters of the original text.
    ``normal`` : all texts, normalised.
    """

    texts: Ints
    terms: Ints
    kinds: Ints
    starts: Ints
    ends: Ints
    normal: list[str]


def places(segmenter: Segmenter, texts: Sequence[str], wanted: Mapping[str, int]) -> Places:
    """Find the terms ``wanted``, none of them a stop word, each given with its number."""
    normal = normalise_all(texts)
    together = _GAP.join([*(prepared(one.text) for one in normal), ""])
    codes = np.frombuffer(together.encode("utf-32-le"), np.uint32).copy()
    names = _names(together, codes, wanted)
    found = np.concatenate([names, _words(segmenter, codes, wanted), _characters(codes, wanted)])
    found = found[np.argsort(found[:, 2], kind="stable")]
    terms, kinds, starts, ends = found.T
    bounds = np.array([0, *accumulate(len(one.text) + 1 for one in normal)])
    numbers = np.searchsorted(bounds, starts, "right") - 1
    firsts, lasts = _origins(normal, bounds)
    plain = [one.text for one in normal]
    return Places(numbers, terms, kinds, firsts[starts], lasts[ends - 1], plain)


def _names(together: str, codes: NDArray[np.uint32], wanted: Mapping[str, int]) -> Ints:
    """Names and quantities as rows of term, kind, start, end; they are blanked out of ``codes``."""
    found = []
    spans = [0]
    for match in NAME.finditer(together):
        start, end = match.span()
        spans += start, end
        if not wanted.keys().isdisjoint(name_terms(match)):
            found += [
                (wanted[term], KINDS.index(kind), first, last)
                for term, kind, first, last in name_pieces(match)
                if term in wanted
            ]
    sizes = np.diff(np.array([*spans, len(codes)]))
    codes[np.repeat(np.arange(len(sizes)) % 2 == 1, sizes)] = 0
    return np.array(found, np.int64).reshape(-1, 4)


def _words(segmenter: Segmenter, codes: NDArray[np.uint32], wanted: Mapping[str, int]) -> Ints:
    """Words of the runs of Han characters that may hold wanted ones, all cut at once."""
    words = {term: number for term, number in wanted.items() if len(term) > 1}
    is_cut = _promising(codes, (marks()[codes] & CUT).astype(bool), words)
    kept = is_cut.copy()
    kept[1:] |= is_cut[:-1]  # of a gap, what follows a run
    runs = np.where(is_cut, codes, np.uint32(ord(" ")))[kept].tobytes().decode("utf-32-le")
    spans = segmenter.spans(runs)
    found = [(words[word], 0, start, end - 1) for word, start, end in spans if word in words]
    rows = np.array(found, np.int64).reshape(-1, 4)
    rows[:, 2:] = np.flatnonzero(kept)[rows[:, 2:]]
    rows[:, 3] += 1
    return rows


def _promising(
    codes: NDArray[np.uint32], is_cut: NDArray[np.bool_], words: Collection[str]
) -> NDArray[np.bool_]:
    """The runs that have the first two characters of some word: to cut takes the most time."""
    begins = np.zeros(1 << 16, np.bool_)
    begins[[_pair(ord(word[0]), ord(word[1])) for word in words]] = True
    at = np.flatnonzero(is_cut[1:] & is_cut[:-1] & begins[_pair(codes[:-1], codes[1:])])
    run = np.cumsum(is_cut[1:] & ~is_cut[:-1])
    run = np.append(0, run)
    is_promising = np.zeros(run[-1] + 1, np.bool_)
    is_promising[run[at]] = True
    kept: NDArray[np.bool_] = is_cut & is_promising[run]
    return kept


def _pair(first: Any, second: Any) -> Any:  # noqa: ANN401 - numbers or arrays of them
    """A number of 16 bits for two code points."""
    return (first * 31 + second) & 0xFFFF


def _characters(codes: NDArray[np.uint32], wanted: Mapping[str, int]) -> Ints:
    """Single characters."""
    numbers = np.zeros(CHARACTER_END + 1, np.int32)  # zeroed lazily by the system, so cheap
    for term, number in wanted.items():
        if is_character(term):
            numbers[ord(term)] = number + 1
    found = numbers[np.minimum(codes, CHARACTER_END)].astype(np.int64)
    at = np.flatnonzero(found)
    return np.column_stack([found[at] - 1, np.full(len(at), CHARACTER), at, at + 1])


def _origins(normal: Sequence[NormalisedText], bounds: Ints) -> tuple[Ints, Ints]:
    """Of every character of all texts, where the original characters behind it begin and end."""
    firsts = np.arange(bounds[-1]) - np.repeat(bounds[:-1], np.diff(bounds))
    lasts = firsts + 1
    for one, begin in zip(normal, bounds.tolist(), strict=False):
        if not isinstance(one.starts, range):
            firsts[begin : begin + len(one.text)] = one.starts
            lasts[begin : begin + len(one.text)] = one.ends
    return firsts, lasts
