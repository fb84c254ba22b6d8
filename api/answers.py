"""What the JSON interface answers, as plain values: ``schemas`` documents the same shapes.

An answer has some thousand values, all of which we made ourselves; so they are written once and
not validated, and a test holds them to the schemas byte for byte.
"""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from matcher.pairing.wording import FEATURE_NAMES, GRADE_NAMES
from matcher.ranking.contributing import taken_apart
from matcher.ranking.phrases import strongest
from matcher.records import Achievement, Demand, Grading, MatchResult, Pairing, Phrase, Reason
from matcher.values import maturity_band

Values = dict[str, Any]
_LABELS: Final = dict(FEATURE_NAMES)
"""Looked up some hundred times for each answer."""


def match_answer(result: MatchResult, model: str | None) -> bytes:
    """The JSON of a ``MatchAnswer``.

    Pairing by pairing, so that each is made and written in the memory of the one before.
    """
    pairings = [orjson.Fragment(orjson.dumps(_pairing(pairing))) for pairing in result.pairings]
    answer = {
        "direction": result.direction,
        "model": model,
        "pairings": pairings,
        "weak": result.weak,
        "notice": result.notice,
        "unknown_terms": result.unknown_terms,
    }
    return orjson.dumps(answer)


def achievement(record: Achievement) -> Values:
    """The values of an ``AchievementOut``: without the contact."""
    return {
        "id": record.id,
        "title": record.title,
        "abstract": record.abstract,
        "keywords": record.keywords,
        "provider": record.provider,
        "field": record.field,
        "industry": record.industry,
        "form": record.form,
        "maturity": record.maturity,
        "maturity_band": maturity_band(record.maturity),
        "level": record.level,
        "application_state": record.application_state,
        "ip_kinds": record.ip_kinds,
        "ip_status": record.ip_status,
        "cooperation_modes": record.cooperation_modes,
        "price_min": _number(record.price_min),
        "price_max": _number(record.price_max),
        "region": record.region,
    }


def demand(record: Demand) -> Values:
    """The values of a ``DemandOut``: without who is behind it."""
    return {
        "id": record.id,
        "title": record.title,
        "problem": record.problem,
        "indicators": record.indicators,
        "goal": record.goal,
        "keywords": record.keywords,
        "field": record.field,
        "industry": record.industry,
        "region": record.region,
        "solution_mode": record.solution_mode,
        "maturity_min": record.maturity_min,
        "budget": _number(record.budget),
        "deadline": record.deadline,
        "confidentiality": record.confidentiality,
    }


def _pairing(pairing: Pairing) -> Values:
    """A side that is a passing query, without an id, is left out: the asker knows it."""
    ours, theirs = pairing.achievement, pairing.demand
    return {
        "rank": pairing.rank,
        "score": pairing.score,
        "achievement": achievement(ours) if ours.id else None,
        "demand": demand(theirs) if theirs.id else None,
        "grading": pairing.grading and _grading(pairing.grading),
        "twins": [twin.id for twin in pairing.twins],
        "reason": _reason(pairing.reason),
    }


def _grading(grading: Grading) -> Values:
    return {
        "grade": grading.grade,
        "name": GRADE_NAMES[grading.grade],
        "expected": grading.expected,
        "probabilities": grading.probabilities,
        "raw": grading.raw,
        "intercept": grading.intercept,
        "contributions": [
            {"feature": name, "label": _LABELS[name], "value": value, "share": share}
            for name, value, share in taken_apart(grading.contributions)
        ],
    }


def _reason(reason: Reason) -> Values:
    highlights = {"demand": reason.demand_highlights, "achievement": reason.achievement_highlights}
    return {
        "summary": reason.summary,
        "against": reason.against,
        "claims": [claim._asdict() for claim in reason.claims],
        "phrases": _phrases(reason.phrases),
        "fields": reason.fields,
        "sentence": reason.sentence and reason.sentence._asdict(),
        "highlights": highlights,
    }


def _phrases(phrases: Sequence[Phrase]) -> list[Values]:
    """The strongest; what the others add up to comes last, as 其余."""
    texts, shares, others = strongest(phrases)
    first = zip(texts, shares, strict=True)
    shown: list[Values] = [{"text": text, "share": share} for text, share in first]
    if others:
        shown.append({"text": "其余", "share": others})
    return shown


def _number(value: float | None) -> float | None:
    """5.0 for 5, as the schemas say."""
    return None if value is None else float(value)
