"""Sentences with offsets, cut so short that one can be shown as evidence."""

import re
from typing import Final

from matcher.records import Span

_SENTENCE: Final = re.compile(r"[^。！？!?\n]+[。！？!?]*")
_CLAUSE: Final = re.compile(r"(?:[^；;，,]+|(?<=\d),(?=\d))+[；;，,]*")  # not inside 1,000
_CUTS: Final = "；;，,"
_LONGEST: Final = 80
"""Characters; a longer sentence is cut at its commas and semicolons."""


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` as spans, blank ones left out."""
    spans: list[Span] = []
    for sentence in _SENTENCE.finditer(text):
        if len(sentence.group()) <= _LONGEST:
            spans.append(sentence.span())
        else:
            spans.extend(_packed_clauses(text, *sentence.span()))
    trimmed = (_trimmed(text, *span) for span in spans)
    return [span for span in trimmed if span[0] < span[1]]


def _packed_clauses(text: str, start: int, end: int) -> list[Span]:
    """Neighbouring clauses joined as long as they stay within the limit."""
    packed: list[Span] = []
    for clause in _CLAUSE.finditer(text, start, end):
        if packed and clause.end() - packed[-1][0] <= _LONGEST:
            packed[-1] = (packed[-1][0], clause.end())
        else:
            packed.append(clause.span())
    return packed


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends and without the comma at which it was cut."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _CUTS):
        end -= 1
    return start, end
