"""Requirements of a demand beside the claims of an achievement, ready to be shown and weighed."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final

from matcher.records import Achievement, Claim, Demand
from matcher.text.bulk import squeezed_all
from matcher.text.indicators import STATED, Indicator, Requirements
from matcher.text.passages import passages
from matcher.text.quantities import Quantity, quantities

_CACHED_TEXTS: Final = 1 << 12
"""Parts of achievements whose numbers are kept, some 2 kB each: eight times as many spare a match
one reading in five, 0.1 ms."""
_CACHED_DEMANDS: Final = 1 << 10


def claims(pairs: Sequence[tuple[Demand, Achievement]]) -> list[tuple[Claim, ...]]:
    """The indicators of each pairing: unmet first, then met, then those that nobody can tell.

    What only the problem or the title mentions, and the achievement does not, is left out.
    """
    required = [_requirements(tuple(demand.texts().items())) for demand, _ in pairs]
    asked = [
        (wanted, offer.texts())
        for (_, offer), wanted in zip(pairs, required, strict=True)
        if wanted.asked
    ]
    written = _written({text for _, texts in asked for text in texts.values()})
    parts = {
        text: [text] if written[text] is None else passages(text)
        for wanted, texts in asked
        for text in texts.values()
        if wanted.may_be_answered(written[text])
    }
    written |= _written({part for some in parts.values() if len(some) > 1 for part in some})
    distinct = {id(wanted): wanted for wanted in required}
    unanswered = {key: _shown(wanted, {}) for key, wanted in distinct.items()}
    return [
        _claims(wanted, offer, parts, written) or unanswered[id(wanted)]
        for (_, offer), wanted in zip(pairs, required, strict=True)
    ]


def _written(texts: Collection[str]) -> dict[str, str | None]:
    """How traces of names are looked for in them."""
    return dict(zip(texts, squeezed_all(list(texts)), strict=True))


def _claims(
    required: Requirements,
    achievement: Achievement,
    parts: Mapping[str, Sequence[str]],
    written: Mapping[str, str | None],
) -> tuple[Claim, ...]:
    """Empty if nothing is claimed. Of the ``parts`` of texts those are read that may answer."""
    claimed = {
        field: [
            quantity
            for part in parts.get(text, ())
            if required.may_be_answered(written[part])
            for quantity in _quantities(part)
        ]
        for field, text in (achievement.texts() if required.asked else {}).items()
    }
    return _shown(required, claimed) if any(claimed.values()) else ()


def _shown(required: Requirements, claimed: Mapping[str, Sequence[Quantity]]) -> tuple[Claim, ...]:
    found = required.beside(claimed)
    return tuple(_claim(i) for i in found if i.claimed or i.required_field in STATED)


def agreement(found: Sequence[Claim]) -> float:
    """(met - unmet) / (met + unmet), in [-1, 1]; NaN if nothing could be compared."""
    verdicts = [claim.verdict for claim in found]
    met, unmet = verdicts.count("met"), verdicts.count("unmet")
    return (met - unmet) / (met + unmet) if met + unmet else float("nan")


def _claim(indicator: Indicator) -> Claim:
    required, claimed = indicator.required, indicator.claimed
    return Claim(
        required.property, required.text, claimed.text if claimed else None, indicator.verdict
    )


@lru_cache(_CACHED_DEMANDS)
def _requirements(texts: tuple[tuple[str, str], ...]) -> Requirements:
    return Requirements.of({field: quantities(text) for field, text in texts})


@lru_cache(_CACHED_TEXTS)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(quantities(text))
