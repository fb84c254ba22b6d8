"""Signs in the texts of a pairing: phrases of the word lists, unless they stand denied."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, get_args

from matcher.coaching.reading import Text
from matcher.pairing.evidence import Evidence, Pair, Party
from matcher.pairing.lexicon import Spoken, denied, spoken
from matcher.records import Span

_READ: Final = ("title", "problem", "indicators", "goal", "abstract")
_MOST: Final = 2
"""Places that are quoted for one sign."""
_LOOKED_BACK: Final = 16
_LONGEST: Final = 60
"""Characters of a quoted clause."""


def phrases(pair: Pair) -> dict[str, tuple[Evidence, ...]]:
    """The signs that the texts speak of, each with the first places where they do."""
    found = ((name, tuple(islice(_places(pair, sign), _MOST))) for name, sign in spoken().items())
    return {name: places for name, places in found if places}


def _places(pair: Pair, sign: Spoken) -> Iterator[Evidence]:
    """One place a clause."""
    for party in get_args(Party):
        if sign.side in (party, "both"):
            for text in _texts(pair, party):
                clauses: set[Span] = set()
                for start, end in _said(text.normal.text, sign):
                    mark = text.normal.span(start, end)
                    clause = _clause(text, mark)
                    if clause not in clauses:
                        clauses.add(clause)
                        yield Evidence(
                            party, text.field, text.original[slice(*clause)], clause, mark
                        )


def _said(text: str, sign: Spoken) -> Iterator[Span]:
    """Where the words of a sign stand in a normalised text and are not taken back."""
    rules = denied()
    for match in sign.words.finditer(text):
        start, end = match.span()
        before = text[max(0, start - _LOOKED_BACK) : start]
        if not rules.before.search(before) and not rules.after.match(text, end):
            yield start, end


def _clause(text: Text, mark: Span) -> Span:
    """The clause around a place, without blanks at its ends; a long one is cut around it."""
    first, last = text.clause(mark)
    last = max(last, mark[1])
    start = max(first, min(mark[0] - 10, last - _LONGEST)) if last - first > _LONGEST else first
    end = max(min(last, start + _LONGEST), mark[1])
    words = text.original[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def _texts(pair: Pair, party: Party) -> list[Text]:
    record = pair.demand if party == "demand" else pair.achievement
    return [_read(name, text) for name, text in record.texts().items() if name in _READ and text]


@lru_cache(256)
def _read(field: str, text: str) -> Text:
    return Text.of(field, text)
