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

    ``spellings`` gives terms as they are written in the text.
    """
    longest_first = sorted(terms, key=lambda term: (-len(term.term), -term.share, term.term))
    groups: dict[str, list[TermShare]] = {}
    heads = ""  # all of them in one string: most terms are in none, and one look tells
    for term in longest_first:
        home = term.term
        if home in heads:
            home = next((head for head in groups if _is_part(term, head)), home)
        if home not in groups:
            groups[home] = []
            heads += f"\n{home}"
        groups[home].append(term)
    phrases = [
        Phrase(
            spellings.get(head, head), sum(t.share for t in members), tuple(t.term for t in members)
        )
        for head, members in groups.items()
    ]
    return tuple(sorted(phrases, key=lambda phrase: (-phrase.share, phrase.text)))


def _is_part(term: TermShare, head: str) -> bool:
    """Whether a term lies inside another: PVDF in PVDF-HFP, but not AI in rail."""
    if term.kind == "latin":
        return term.term in re.split(r"[^a-z0-9]+", head)
    return term.term in head
