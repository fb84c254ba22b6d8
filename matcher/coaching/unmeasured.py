"""Properties that are named without a value: 堆积密度要高."""

from collections.abc import Iterator
from typing import Final

from matcher.coaching.findings import Suggestion
from matcher.coaching.lexicon import Property, property_names, usual_properties
from matcher.coaching.reading import Reading, Text
from matcher.records import Span
from matcher.text import properties
from matcher.text.indicators import STATED
from matcher.text.lazy import LazyPattern

_TOLD: Final = ("problem", "title")
_ENDS_NAME: Final = LazyPattern(
    r"[\s,、。;!?()]|\Z|要|需|须|应|尽|越|高|低|好|差|大|小|长|短|快|慢|少|太|较|更|偏|过|不|达|有|也"
    r"|和|与|及|在|提|降|明|显|稳|跟|仍|还|都|能|可|上不|下不|优|满|得到|大幅"
)
"""What may follow a property that is meant as such: 成本要低, unlike 成本核算."""
_COMPLAINT: Final = LazyPattern(
    r"(?:太|过|偏|很|较|总是?|老是?|一直|又|也)?(?:高|低|大|小|长|短|快|慢|差|少|不)"
)
"""What has to follow where a problem is told: there a property may be mentioned in passing."""
_UNCHANGED: Final = LazyPattern(
    r"(?:不(?!能?稳)|无|没|未|保持|影响|损失|牺牲|其[他它]|各[项种类])[^,。;]{0,4}\Z"
)
"""Before a property that shall only stay as it is (不增加成本), or is none in particular."""
_LATIN: Final = LazyPattern(r"[a-z]\Z")


def first_unmeasured(reading: Reading) -> Suggestion | None:
    """What to write for the first such property of which no text gives a value."""
    fields = (*STATED, *_TOLD)
    known = [q.property for text in reading.some(*fields) for q in text.quantities if q.property]
    for text in reading.some(*fields):
        for place, one in named(text):
            is_sure = text.field in STATED or one.bound != "~"
            if is_sure and not any(_is_told(one.name, name) for name in known):
                where = "" if text.field == "indicators" else f"提到了“{one.name}”，"
                return Suggestion(f"{where}{target(one)}。", "indicators", _place(text, place))
    return None


def named(text: Text) -> Iterator[tuple[Span, Property]]:
    """Properties in clauses without any number, with their places in the original."""
    normal = text.normal.text
    follows = _ENDS_NAME if text.field in STATED else _COMPLAINT
    for match in property_names().finditer(normal):
        span = text.normal.span(*match.span())
        before = normal[max(0, match.start() - 8) : match.start()]
        if (
            follows.match(normal, match.end())
            and not _UNCHANGED.search(before)
            and not (match[0][0].isascii() and _LATIN.search(before))
            and not text.is_measured(text.clause(span))
        ):
            yield span, usual_properties()[match[0]]


def target(one: Property) -> str:
    """How a value would be written."""
    if one.bound == "~":
        return f"请写明“{one.name}”的目标值和上下限，单位例如 {one.unit}"
    return f"请写明目标值，例如“{one.name} {one.bound} … {one.unit}”"


def _is_told(name: str, known: str) -> bool:
    return properties.same(name, known) or known.endswith(name) or name.endswith(known)


def _place(text: Text, place: Span) -> Span | None:
    return place if text.field == "indicators" else None
