"""Shares made readable: phrases, the best sentence, and what to highlight."""

import re
from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import Final

from matcher.records import Phrase, Sentence, Span, TermShare
from matcher.text import Token
from matcher.text.sentences import sentences

_AS_TERMS: Final[Mapping[str, str]] = MappingProxyType({})
_ALWAYS_SHOWN: Final = frozenset({"title", "keywords"})


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


def best_sentence(
    texts: Mapping[str, str], tokens: Mapping[str, Sequence[Token]], shares: Mapping[str, float]
) -> Sentence | None:
    """The sentence whose distinct terms carry the largest share; None if no term is shared.

    Titles and keywords are always in sight, so they are quoted only if nothing else can be.
    """
    return _best_sentence(texts.keys() - _ALWAYS_SHOWN, texts, tokens, shares) or _best_sentence(
        texts.keys() & _ALWAYS_SHOWN, texts, tokens, shares
    )


def _best_sentence(
    fields: Set[str],
    texts: Mapping[str, str],
    tokens: Mapping[str, Sequence[Token]],
    shares: Mapping[str, float],
) -> Sentence | None:
    best: tuple[float, str, Span] | None = None
    for field, text in texts.items():
        if field not in fields:
            continue
        for start, end in sentences(text):
            inside = {t.term for t in tokens[field] if start <= t.start and t.end <= end}
            weight = sum(shares.get(term, 0.0) for term in inside)
            if weight > 0.0 and (best is None or weight > best[0]):
                best = (weight, field, (start, end))
    if best is None:
        return None
    _, field, (start, end) = best
    return Sentence(field, (start, end), texts[field][start:end])


def highlights(
    tokens: Mapping[str, Sequence[Token]], shares: Mapping[str, float]
) -> dict[str, list[Span]]:
    """Where shared terms stand, neighbours joined.

    Shared words are marked; single characters only if no word is shared, for then they are all
    the evidence that there is.
    """
    shared = {
        field: [token for token in field_tokens if token.term in shares]
        for field, field_tokens in tokens.items()
    }
    words = {
        field: [token for token in found if token.kind != "character"]
        for field, found in shared.items()
    }
    marked = words if any(words.values()) else shared
    return {field: _joined(found) for field, found in marked.items() if found}


def _joined(tokens: Sequence[Token]) -> list[Span]:
    """The union of the tokens' spans."""
    joined: list[Span] = []
    for start, end in sorted((token.start, token.end) for token in tokens):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
