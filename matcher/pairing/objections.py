"""What speaks against a pairing, each as one sentence that names its evidence."""

from collections.abc import Iterator, Sequence
from typing import Final

from matcher.ranking.side import Cut
from matcher.records import Achievement, Claim, Demand
from matcher.representation import TfidfRepresentation
from matcher.values import written

_WEIGHTIEST: Final = 5
_MOST_MISSING: Final = 3
_NAMING: Final = ("title", "keywords")


def objections(
    demand: Demand, achievement: Achievement, claims: Sequence[Claim], missing: Sequence[str]
) -> tuple[str, ...]:
    """The objections, the hardest first; ``missing`` are words that the achievement lacks."""
    return (
        *_unmet(claims),
        *_immature(demand, achievement),
        *_too_dear(demand, achievement),
        *_elsewhere(demand, achievement),
        *_unmentioned(missing),
    )


def weightiest(representation: TfidfRepresentation, need: Cut) -> list[str]:
    """The demand's words of the highest idf: of title and keywords, or of all if it has neither."""
    naming = [token for name in _NAMING for token in need.tokens.get(name, ())]
    tokens = naming or [token for tokens in need.tokens.values() for token in tokens]
    units, column = need.units, representation.vocabulary_
    words = {t.term for t in tokens if t.kind in ("word", "latin") and t.term in units}
    return sorted(
        (word for word in words if any(map(str.isalpha, word))),
        key=lambda word: (-representation.idf_[column[word]], word),
    )[:_WEIGHTIEST]


def missing_words(important: Sequence[str], written: str) -> list[str]:
    """The first of the important words that stand nowhere in normalised texts, however cut."""
    return [word for word in important if word not in written][:_MOST_MISSING]


def _unmet(claims: Sequence[Claim]) -> Iterator[str]:
    for claim in claims:
        if claim.verdict == "unmet":
            yield f"指标未达：{claim.property}要求“{claim.required}”，成果写的是“{claim.claimed}”。"


def _immature(demand: Demand, achievement: Achievement) -> Iterator[str]:
    wanted, offered = demand.maturity_min, achievement.maturity
    if wanted is not None and offered is not None and offered < wanted:
        yield f"成熟度不足：需求要求 TRL {wanted} 以上，成果为 TRL {offered}。"


def _too_dear(demand: Demand, achievement: Achievement) -> Iterator[str]:
    budget, price = demand.budget, achievement.price_min
    if budget is not None and price is not None and price > budget:
        yield f"报价高于预算：成果 {written(price)} 万元起，预算 {written(budget)} 万元。"


def _elsewhere(demand: Demand, achievement: Achievement) -> Iterator[str]:
    if demand.field and achievement.field and demand.field != achievement.field:
        yield f"技术领域不同：需求属“{demand.field}”，成果属“{achievement.field}”。"


def _unmentioned(missing: Sequence[str]) -> Iterator[str]:
    if missing:
        yield f"成果没有提到：{'、'.join(missing)}。"
