"""Shares made readable: the terms of a candidate folded into phrases."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from matcher.records import Phrase, TermShare

_AS_TERMS: Final[Mapping[str, str]] = MappingProxyType({})


def fold(
    terms: Sequence[TermShare], spellings: Mapping[str, str] = _AS_TERMS
) -> tuple[Phrase, ...]:
    """Put every term under the longest shared term that contains it; shares are only moved.

    ``terms`` come strongest first; ``spellings`` gives them as they are written in the text.
    """
    members: dict[str, list[str]] = {}
    shares: dict[str, float] = {}
    heads: list[str] = []
    starts: list[int] = []
    together = ""  # all heads, where they start being kept: one look tells which has a term
    for term in sorted(terms, key=_length, reverse=True):
        name = term.term
        at = together.find(name)
        home = _home(term, heads, bisect(starts, at) - 1) if at >= 0 else name
        if home in members:
            members[home].append(name)
            shares[home] += term.share
        else:
            members[home] = [name]
            shares[home] = term.share
            heads.append(home)
            starts.append(len(together))
            together += f"{home}\n"
    phrases = [
        Phrase(spellings.get(head, head), shares[head], tuple(names))
        for head, names in members.items()
    ]
    return tuple(sorted(phrases, key=_strongest))


def _length(term: TermShare) -> int:
    return len(term.term)


def _strongest(phrase: Phrase) -> tuple[float, str]:
    return -phrase.share, phrase.text


def _home(term: TermShare, heads: Sequence[str], first: int) -> str:
    """The first head that a term is part of: PVDF of PVDF-HFP, but AI not of rail; or the term.

    ``first`` is the number of the first head that has its characters.
    """
    if term.kind != "latin":
        return heads[first]
    parts = (head for head in heads[first:] if term.term in re.split(r"[^a-z0-9]+", head))
    return next(parts, term.term)
