"""Words that promise without a measure: 尽量低, 较好, 大幅提高."""

from collections.abc import Iterator

from matcher.coaching.findings import Suggestion
from matcher.coaching.lexicon import vagueness
from matcher.coaching.reading import Reading, Text
from matcher.coaching.unmeasured import named, target
from matcher.records import Span


def first_vague(reading: Reading, *fields: str) -> Suggestion | None:
    """What to write instead of the first such words whose clause states no number."""
    return next((found for text in reading.some(*fields) for found in _vague(text)), None)


def _vague(text: Text) -> Iterator[Suggestion]:
    places = (
        (text.normal.span(*match.span()), kind.advice)
        for kind in vagueness()
        for match in kind.words.finditer(text.normal.text)
    )
    for span, advice in sorted(places):
        clause = text.clause(span)
        if not text.is_measured(clause):
            advice = _of_property(text, clause) or advice
            yield Suggestion(f"{text.quoted(span)}不好衡量，{advice}。", text.field, span)


def _of_property(text: Text, clause: Span) -> str | None:
    """With the unit, if the clause names a property of which that is known."""
    inside = (known for place, known in named(text) if clause[0] <= place[0] < clause[1])
    return next(map(target, inside), None)
