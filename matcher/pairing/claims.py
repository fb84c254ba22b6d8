"""Requirements of a demand beside the claims of an achievement, ready to be shown and weighed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from matcher.records import Achievement, Claim, Demand
from matcher.text.indicators import FIELDS, STATED, Indicator, Requirements
from matcher.text.passages import passages
from matcher.text.quantities import Quantity, quantities

_CACHED_TEXTS: Final = 1 << 12
"""Parts of achievements whose numbers are kept, some 1 kB each; more would spare no reading."""
_CACHED_DEMANDS: Final = 1 << 10


def claims(pairs: Sequence[tuple[Demand, Achievement]]) -> list[tuple[Claim, ...]]:
    """The indicators of each pairing: unmet first, then met, then those that nobody can tell.

    What only the problem or the title mentions, and the achievement does not, is left out.
    """
    found: list[tuple[Claim, ...]] = [()] * len(pairs)
    of_demands: dict[int, list[int]] = defaultdict(list)
    for number, (demand, _) in enumerate(pairs):
        of_demands[id(demand)].append(number)
    for numbers in of_demands.values():
        required = _requirements(tuple(pairs[numbers[0]][0].texts().items()))
        unanswered = _shown(required, {})
        claimed = _claimed(required, [pairs[number][1] for number in numbers])
        for number, fields in zip(numbers, claimed, strict=True):
            found[number] = _shown(required, fields) if fields else unanswered
    return found


def _claimed(
    required: Requirements, achievements: Sequence[Achievement]
) -> list[dict[str, list[Quantity]]]:
    """By field what each of them claims that may answer; most of their texts are not read."""
    claimed: list[dict[str, list[Quantity]]] = [{} for _ in achievements]
    places, texts = [], []
    for number, achievement in enumerate(achievements):
        for field, text in achievement.texts().items():
            places.append((number, field))
            texts.append(text)
    for at, part in passages(texts, required.traces):
        number, field = places[at]
        claimed[number].setdefault(field, []).extend(_quantities(part))
    return claimed


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
    return Requirements.of({field: quantities(text) for field, text in texts if field in FIELDS})


@lru_cache(_CACHED_TEXTS)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(quantities(text))
