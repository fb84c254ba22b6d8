"""Shares made readable: the terms of a candidate folded into phrases."""

import re
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
    heads = ""  # all of them in one string: most terms are in none, and one look tells
    for term in sorted(terms, key=_length, reverse=True):
        home = name = term.term
        if name in heads:
            home = next((head for head in members if _is_part(term, head)), name)
        if home in members:
            members[home].append(name)
            shares[home] += term.share
        else:
            members[home] = [name]
            shares[home] = term.share
            heads += f"\n{home}"
    phrases = [
        Phrase(spellings.get(head, head), shares[head], tuple(names))
        for head, names in members.items()
    ]
    return tuple(sorted(phrases, key=_strongest))


def _length(term: TermShare) -> int:
    return len(term.term)


def _strongest(phrase: Phrase) -> tuple[float, str]:
    return -phrase.share, phrase.text


def _is_part(term: TermShare, head: str) -> bool:
    """Whether a term lies inside another: PVDF in PVDF-HFP, but not AI in rail."""
    if term.kind == "latin":
        return term.term in re.split(r"[^a-z0-9]+", head)
    return term.term in head
