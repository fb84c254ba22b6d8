"""Records and pairings as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from api.pages.addresses import Address
from api.pages.contexts.base import Fact, Line, Passage, Share
from api.pages.contexts.pairings import Answers, Card, Grade, Indicator, Part
from api.pages.rendering import marked
from api.services.times import beijing
from matcher import values
from matcher.pairing.wording import FEATURE_NAMES, GRADE_NAMES
from matcher.ranking.phrases import texts_and_shares
from matcher.records import (
    Achievement,
    Claim,
    Demand,
    Grading,
    MatchResult,
    Pairing,
    Reason,
    Span,
)
from matcher.resources import Record, Resource

FIELD_LABELS: Final = {
    "title": "名称",
    "keywords": "关键词",
    "abstract": "成果简介",
    "problem": "主要问题",
    "indicators": "技术关键与指标",
    "goal": "预期目标",
}
_ON_CARDS: Final = frozenset(
    {
        "完成单位",
        "地区",
        "技术领域",
        "成熟度",
        "合作方式",
        "价格",
        "解决方式",
        "最低成熟度",
        "预算",
        "期望完成",
    }
)
_PLACES: Final[Mapping[type, str]] = {
    Achievement: "/achievements",
    Demand: "/demands",
    Resource: "/resources",
}
_MOST_WITH_TEXTS: Final = 10
_MOST_PHRASES: Final = 10
_MOST_PARTS: Final = 8
_MOST_CLAIMS: Final = 12
_VERDICTS: Final = {"met": ("✓", "符合"), "unmet": ("✗", "不符"), "unknown": ("？", "无法判断")}


def answers(
    result: MatchResult, shown: Sequence[Pairing] | None = None, here: Address | None = None
) -> Answers:
    """A result as cards; ``shown`` are its pairings in another order.

    ``here`` is the address of the page, if pairings can be pinned on it. Many cards leave out the
    texts, which the reports of the pairings show.
    """
    offers = result.direction == "achievements"
    pairings = result.pairings if shown is None else shown
    cards = [card(pairing, offers, _pin(pairing, offers, here)) for pairing in pairings]
    if here and len(cards) > _MOST_WITH_TEXTS:
        cards = [without_texts(card) for card in cards]
    return Answers(
        cards=cards,
        notice=result.notice,
        weak=result.weak,
        unknown_terms=result.unknown_terms,
        noun="成果" if result.direction == "achievements" else "需求",
    )


def without_texts(card: Card) -> Card:
    """The same without both texts, which the report of the pairing shows."""
    return replace(card, found=(), asked=())


def card(pairing: Pairing, offers: bool, pin: str = "") -> Card:
    """One pairing; ``offers`` says that the achievement is the one that was found.

    ``pin`` is the address of the page with it pinned.
    """
    reason = pairing.reason
    demand = passages(pairing.demand, reason.demand_highlights)
    achievement = passages(pairing.achievement, reason.achievement_highlights)
    found: Achievement | Demand = pairing.achievement if offers else pairing.demand
    highlights = reason.achievement_highlights if offers else reason.demand_highlights
    return Card(
        id=found.id,
        demand_id=pairing.demand.id,
        achievement_id=pairing.achievement.id,
        rank=pairing.rank,
        score=pairing.score,
        grade=grade(pairing.grading),
        title=marked(found.title, highlights.get("title", ())),
        href=href(found),
        pin=pin,
        facts=[fact for fact in facts(found) if fact.label in _ON_CARDS],
        because=reason.summary,
        against=reason.against,
        claims=[indicator(c, c.claimed) for c in reason.claims if c.claimed][:_MOST_CLAIMS],
        unclaimed=[f"{c.property} {c.required}" for c in reason.claims if not c.claimed][
            :_MOST_CLAIMS
        ],
        parts=parts(pairing.grading),
        twins=[line(twin) for twin in pairing.twins],
        sentence=_sentence(reason, highlights),
        phrases=_phrases(reason, pairing.score),
        fields=_fields(reason, pairing.score),
        found=achievement if offers else demand,
        asked=demand if offers else achievement,
    )


def _pin(pairing: Pairing, offers: bool, here: Address | None) -> str:
    found = pairing.achievement if offers else pairing.demand
    return str(here.adding("pin", found.id)) if here else ""


def grade(grading: Grading | None) -> Grade | None:
    """A grade as a badge, with the chances of all four."""
    if grading is None:
        return None
    chances = [
        Share(GRADE_NAMES[value], round(100 * grading.probabilities[value - 1]))
        for value in sorted(GRADE_NAMES, reverse=True)
    ]
    return Grade(grading.grade, GRADE_NAMES[grading.grade], round(100 * grading.strong), chances)


def indicator(claim: Claim, claimed: str) -> Indicator:
    """A requirement beside a claim."""
    return Indicator(claim.property, claim.required, claimed, *_VERDICTS[claim.verdict])


def parts(grading: Grading | None) -> list[Part]:
    """What speaks for and against, in log odds, strongest first; the rest summed up last."""
    if grading is None:
        return []
    named = grading.contributions[:_MOST_PARTS]
    shown = [Part(FEATURE_NAMES[c.feature], f"{c.share:+.2f}") for c in named]
    rest = sum(c.share for c in grading.contributions[_MOST_PARTS:])
    return [
        *shown,
        Part("其余特征", f"{rest:+.2f}"),
        Part("起点", f"{grading.intercept:+.2f}"),
        Part("合计", f"{grading.raw:+.2f}"),
    ]


def facts(record: Achievement | Demand) -> list[Fact]:
    """The values of a record other than its texts; unknown ones are left out."""
    pairs = _offer_facts(record) if isinstance(record, Achievement) else _need_facts(record)
    return [Fact(label, value) for label, value in pairs.items() if value]


def passages(
    record: Achievement | Demand, highlights: Mapping[str, Sequence[Span]] | None = None
) -> list[Passage]:
    """The texts of a record, its title and empty ones left out."""
    spans = highlights or {}
    return [
        Passage(FIELD_LABELS[name] if record.id else "文字", marked(text, spans.get(name, ())))
        for name, text in record.texts().items()
        if text and name != "title"
    ]


def line(record: Achievement | Demand) -> Line:
    """A record in a list."""
    offer = isinstance(record, Achievement)
    who = record.provider if isinstance(record, Achievement) else record.solution_mode
    band = values.maturity_band(record.maturity) if isinstance(record, Achievement) else None
    return Line(
        href(record),
        record.title,
        [value for value in (record.field, who, record.region, band if offer else None) if value],
    )


def moment(at: datetime) -> str:
    """A moment in Beijing time."""
    return f"{beijing(at):%Y-%m-%d %H:%M}"


def href(record: Record) -> str:
    """The page of a record."""
    return f"{_PLACES[type(record)]}/{record.id}"


def _offer_facts(offer: Achievement) -> dict[str, str | None]:
    band = values.maturity_band(offer.maturity)
    return {
        "完成单位": offer.provider,
        "地区": offer.region,
        "技术领域": offer.field,
        "应用行业": offer.industry,
        "成熟度": f"{band}（TRL {offer.maturity}）" if offer.maturity else band,
        "合作方式": "、".join(offer.cooperation_modes),
        "价格": price(offer.price_min, offer.price_max),
        "知识产权": "、".join(filter(None, (*offer.ip_kinds, offer.ip_status))),
        "成果形式": offer.form,
        "成果水平": offer.level,
        "应用状态": offer.application_state,
    }


def _need_facts(need: Demand) -> dict[str, str | None]:
    return {
        "地区": need.region,
        "技术领域": need.field,
        "所属行业": need.industry,
        "解决方式": need.solution_mode,
        "最低成熟度": f"TRL {need.maturity_min}" if need.maturity_min else None,
        "预算": _amount(need.budget) if need.budget is not None else None,
        "期望完成": need.deadline,
    }


def price(low: float | None, high: float | None) -> str:
    """An amount between bounds, in 万元; 面议 without any."""
    if low is not None and high is not None:
        return _amount(high) if low == high else f"{values.written(low)}–{_amount(high)}"
    if low is not None:
        return f"{_amount(low)}起"
    return f"不超过 {_amount(high)}" if high is not None else "面议"


def _amount(value: float) -> str:
    return f"{values.written(value)} 万元"


def _sentence(reason: Reason, highlights: Mapping[str, Sequence[Span]]) -> Passage | None:
    if reason.sentence is None:
        return None
    start, end = reason.sentence.span
    inside = [
        (max(s, start) - start, min(e, end) - start)
        for s, e in highlights.get(reason.sentence.field, ())
        if s < end and e > start
    ]
    return Passage(FIELD_LABELS[reason.sentence.field], marked(reason.sentence.text, inside))


def _phrases(reason: Reason, score: float) -> list[Share]:
    texts, shares = texts_and_shares(reason.phrases)
    first = zip(texts[:_MOST_PHRASES], shares[:_MOST_PHRASES], strict=True)
    shown = [Share(text, _percent(share, score)) for text, share in first]
    others = sum(shares[_MOST_PHRASES:])
    return [*shown, Share("其余", _percent(others, score))] if others else shown


def _fields(reason: Reason, score: float) -> list[Share]:
    return [Share(FIELD_LABELS[f], _percent(share, score)) for f, share in reason.fields.items()]


def _percent(share: float, score: float) -> int:
    return round(100 * share / score) if score else 0
