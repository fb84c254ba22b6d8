"""What speaks against a pairing, each as one sentence that names its evidence."""

from collections.abc import Sequence
from itertools import compress, islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.side import Cut
from matcher.records import Achievement, Claim, Demand
from matcher.values import written

_WEIGHTIEST: Final = 5
_MOST_MISSING: Final = 3
_NAMING: Final = ("title", "keywords")
_WORDS: Final = ("word", "latin")


def objections(
    demand: Demand, achievement: Achievement, claims: Sequence[Claim], missing: Sequence[str]
) -> tuple[str, ...]:
    """The objections, the hardest first; ``missing`` are words that the achievement lacks."""
    against = (
        *map(_unmet, claims),
        _immature(demand, achievement),
        _too_dear(demand, achievement),
        _elsewhere(demand, achievement),
        _unmentioned(missing),
    )
    return tuple(filter(None, against))


def weightiest(need: Cut, idf: NDArray[np.float32]) -> list[str]:
    """The demand's words of the highest idf: of title and keywords, or of all if it has neither.

    ``idf`` (t,) are those of its tokens. Words inside of longer ones do not count.
    """
    naming = {term for name in _NAMING if name in need.fields for term in need.fields[name].terms}
    terms, kinds, *_ = need.written
    units = compress(zip(terms, kinds, (-idf).tolist(), strict=True), need.is_unit.tolist())
    rarest = sorted(
        {
            (rank, term)
            for term, kind, rank in units
            if kind in _WORDS and (not naming or term in naming)
        }
    )
    named = (term for _, term in rarest if any(map(str.isalpha, term)))
    return list(islice(named, _WEIGHTIEST))


def missing_words(important: Sequence[str], written: str) -> list[str]:
    """The first of the important words that stand nowhere in normalised texts, however cut."""
    return [word for word in important if word not in written][:_MOST_MISSING]


def _unmet(claim: Claim) -> str:
    if claim.verdict != "unmet":
        return ""
    return f"指标未达：{claim.property}要求“{claim.required}”，成果写的是“{claim.claimed}”。"


def _immature(demand: Demand, achievement: Achievement) -> str:
    wanted, offered = demand.maturity_min, achievement.maturity
    if wanted is None or offered is None or offered >= wanted:
        return ""
    return f"成熟度不足：需求要求 TRL {wanted} 以上，成果为 TRL {offered}。"


def _too_dear(demand: Demand, achievement: Achievement) -> str:
    budget, price = demand.budget, achievement.price_min
    if budget is None or price is None or price <= budget:
        return ""
    return f"报价高于预算：成果 {written(price)} 万元起，预算 {written(budget)} 万元。"


def _elsewhere(demand: Demand, achievement: Achievement) -> str:
    if not demand.field or not achievement.field or demand.field == achievement.field:
        return ""
    return f"技术领域不同：需求属“{demand.field}”，成果属“{achievement.field}”。"


def _unmentioned(missing: Sequence[str]) -> str:
    return f"成果没有提到：{'、'.join(missing)}。" if missing else ""
