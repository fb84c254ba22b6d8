"""Why one pairing stands below another, in sentences that name their evidence."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from matcher.pairing.wording import FEATURE_NAMES, GRADE_NAMES
from matcher.ranking.shares import OTHER_NEW_WORDS
from matcher.records import Claim, Grading, Pairing

_MOST: Final = 4
_LEAST: Final = 0.05
"""Log odds below which a difference is not worth a word."""


def contrast(better: Pairing, worse: Pairing) -> tuple[str, ...]:
    """What the worse of two pairings of one query lacks, the weightiest first.

    Empty if nothing that can be named speaks for the better one.
    """
    return (
        *_grades(better.grading, worse.grading),
        *_features(better.grading, worse.grading),
        *_phrases(better, worse),
        *_verdicts(better, worse),
    )


def _grades(better: Grading | None, worse: Grading | None) -> Iterator[str]:
    if better and worse:
        high, low = (f"{GRADE_NAMES[g.grade]}（期望 {g.expected:.2f}）" for g in (better, worse))
        yield f"等级：这里是{low}，靠前的一项是{high}。"


def _features(better: Grading | None, worse: Grading | None) -> Iterator[str]:
    if not better or not worse:
        return
    ours = {c.feature: c.share for c in worse.contributions}
    gaps = sorted(
        ((c.share - ours.get(c.feature, 0.0), c.feature) for c in better.contributions),
        reverse=True,
    )
    named = [f"{FEATURE_NAMES[name]}（少 {gap:.2f}）" for gap, name in gaps if gap >= _LEAST]
    if named:
        yield f"差距主要在：{'、'.join(named[:_MOST])}。"


def _phrases(better: Pairing, worse: Pairing) -> Iterator[str]:
    shared = {term for phrase in worse.reason.phrases for term in phrase.terms}
    lacking = (
        f"“{phrase.text}”"
        for phrase in better.reason.phrases
        if len(phrase.text) > 1
        and phrase.text != OTHER_NEW_WORDS
        and not shared.intersection(phrase.terms)
    )
    if words := "".join(islice(lacking, _MOST)):
        yield f"靠前的一项提到而这里没有的：{words}。"


def _verdicts(better: Pairing, worse: Pairing) -> Iterator[str]:
    (met, unmet), (our_met, our_unmet) = _counts(better.reason.claims), _counts(worse.reason.claims)
    if met > our_met:
        yield f"指标：靠前的一项有 {met} 项符合，这里有 {our_met} 项。"
    if our_unmet > unmet:
        yield f"指标：这里有 {our_unmet} 项不符，靠前的一项有 {unmet} 项。"


def _counts(claims: tuple[Claim, ...]) -> tuple[int, int]:
    verdicts = [claim.verdict for claim in claims]
    return verdicts.count("met"), verdicts.count("unmet")
