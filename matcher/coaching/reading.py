"""The texts of a demand as the criteria look at them: normalised, with what is found in them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from matcher.background import document_shares
from matcher.coaching.findings import Evidence
from matcher.coaching.lexicon import generic_words, signs
from matcher.records import Span
from matcher.text import Token, tokenizer
from matcher.text.normalise import NormalisedText, normalise
from matcher.text.quantities import Quantity, quantities

FIELDS: Final = ("title", "problem", "indicators", "goal", "keywords")
LONGEST: Final = 5_000
"""Characters of a field that are looked at, before and after normalising: ﷺ becomes eighteen."""
_LONGEST_QUOTE: Final = 20
_COMMON: Final = 0.0025
"""Share of general texts from which on a word tells nothing of a subject."""
_CLAUSE: Final = re.compile(r"[^,。;!?\n]+")
_TRIMMED: Final = " \t\r\u3000、:.·…-"


def is_subject(token: Token) -> bool:
    """Whether a word tells what a text is about."""
    term = token.term
    if token.kind not in ("word", "latin") or len(term) < 2 or term in generic_words():
        return False
    return document_shares().get(term, 0.0) < _COMMON and any(map(str.isalpha, term))


def outermost_subjects(tokens: Sequence[Token]) -> Iterator[Token]:
    """The words that tell what a text is about, but those inside another word."""
    covered = 0
    for token in sorted(tokens, key=lambda token: (token.start, -token.end)):
        if token.kind in ("word", "latin") and token.end > covered:
            covered = token.end
            if is_subject(token):
                yield token


@dataclass(frozen=True)
class Text:
    """One field: ``original`` cut to ``LONGEST``, and ``normal`` with the way back."""

    field: str
    original: str
    normal: NormalisedText

    @classmethod
    def of(cls, field: str, original: str) -> "Text":
        """Read one field."""
        kept = original[:LONGEST]
        normal = normalise(kept)
        if len(normal.text) > LONGEST:
            kept = kept[: normal.span(0, LONGEST)[1]]
            normal = normalise(kept)
        return cls(field, kept, normal)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything measured in it."""
        return tuple(quantities(self.original))

    @cached_property
    def clauses(self) -> list[Span]:
        """What stands between commas, in the original; blank ones left out."""
        spans = (match.span() for match in _CLAUSE.finditer(self.normal.text) if match[0].strip())
        return [self.normal.span(*span) for span in spans]

    @cached_property
    def subjects(self) -> dict[str, Token]:
        """Words that tell what it is about, each where it stands first."""
        found: dict[str, Token] = {}
        for token in tokenizer("rjieba").tokens(self.original):
            if is_subject(token):
                found.setdefault(token.term, token)
        return found

    def clause(self, span: Span) -> Span:
        """The clause around a place; the place itself if it stands in none."""
        inside = (c for c in self.clauses if c[0] <= span[0] < c[1])
        return next(inside, span)

    def is_measured(self, clause: Span) -> bool:
        """Whether a clause states a number."""
        start, end = clause
        return any(q.span[0] < end and start < q.span[1] for q in self.quantities) or any(
            character.isdecimal() for character in self.original[start:end]
        )

    def quoted(self, span: Span) -> str:
        """The clause around a place, shortened around it, in quotation marks."""
        first, last = self.clause(span)
        start = max(first, min(span[0] - 6, last - _LONGEST_QUOTE))
        end = min(last, max(start + _LONGEST_QUOTE, min(span[1], start + 2 * _LONGEST_QUOTE)))
        words = " ".join(self.original[start:end].split()).strip(_TRIMMED)
        return f"“{'…' * (start > first)}{words}{'…' * (end < last)}”"


@dataclass(frozen=True)
class Reading:
    """All fields, and which of ``budget`` and ``deadline`` are filled in."""

    texts: Mapping[str, Text]
    given: frozenset[str]

    @classmethod
    def of(cls, texts: Mapping[str, str], given: frozenset[str]) -> "Reading":
        """Read all fields; a missing one is empty."""
        return cls({name: Text.of(name, texts.get(name, "")) for name in FIELDS}, given)

    def some(self, *fields: str) -> Iterator[Text]:
        """Those of these fields that say anything."""
        return (self.texts[name] for name in fields if self.texts[name].original.strip())

    def first(self, sign: str, *fields: str) -> Evidence | None:
        """Where the texts first speak of something."""
        label, words = signs()[sign]
        for text in self.some(*fields):
            if match := words.search(text.normal.text):
                span = text.normal.span(*match.span())
                return Evidence(label, text.field, span, text.original[slice(*span)])
        return None

    def quoted(self, place: Evidence) -> str:
        """The clause around a place, in quotation marks."""
        return self.texts[place.field].quoted(place.span)

    @property
    def title(self) -> str:
        """The title in quotation marks, or what stands in its place."""
        text = self.texts["title"]
        words = " ".join(text.original.split())
        return f"“{words[:_LONGEST_QUOTE]}{'…' * (len(words) > _LONGEST_QUOTE)}”" if words else ""
