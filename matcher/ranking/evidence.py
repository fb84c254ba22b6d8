"""Shares made readable: phrases, the best sentence, and what to highlight."""

from collections.abc import Mapping, Sequence
from typing import Final

from matcher.records import Phrase, Sentence, Span, TermShare
from matcher.text import Token
from matcher.text.sentences import sentences

_NOTABLE: Final = 0.05
"""A single character is shown on its own only if it carries this part of the score."""


def fold(terms: Sequence[TermShare]) -> tuple[Phrase, ...]:
    """Put every term under the longest shared term that contains it; shares are only moved."""
    longest_first = sorted(terms, key=lambda term: (-len(term.term), -term.share, term.term))
    groups: dict[str, list[TermShare]] = {}
    for term in longest_first:
        home = next((head for head in groups if term.term in head), term.term)
        groups.setdefault(home, []).append(term)
    phrases = [
        Phrase(head, sum(t.share for t in members), tuple(t.term for t in members))
        for head, members in groups.items()
    ]
    return tuple(sorted(phrases, key=lambda phrase: (-phrase.share, phrase.text)))


def best_sentence(
    texts: Mapping[str, str], tokens: Mapping[str, Sequence[Token]], shares: Mapping[str, float]
) -> Sentence | None:
    """The sentence whose distinct terms carry the largest share; None if no term is shared."""
    best: tuple[float, str, Span] | None = None
    for field, text in texts.items():
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
    """Where shared terms stand, neighbours joined; stray single characters are left out."""
    least = _NOTABLE * sum(shares.values())
    found: dict[str, list[Span]] = {}
    for field, field_tokens in tokens.items():
        shared = [token for token in field_tokens if token.term in shares]
        notable = {t.start for t in shared if t.kind != "character" or shares[t.term] >= least}
        joined = _joined(shared)
        marked = [(start, end) for start, end in joined if end - start > 1 or start in notable]
        if marked:
            found[field] = marked
    return found


def _joined(tokens: Sequence[Token]) -> list[Span]:
    """The union of the tokens' spans."""
    joined: list[Span] = []
    for start, end in sorted((token.start, token.end) for token in tokens):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
