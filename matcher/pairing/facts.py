"""Signs in the fields of a pairing: maturity, money, rights, application, indicators."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple

from matcher.pairing.evidence import Evidence, Pair, Party
from matcher.values import BROKERS, CONFIDENTIALITY, written

Found = tuple[Evidence, ...]
Look = Callable[[Pair, date], Found]
LARGE_GAP: Final = 2
"""Levels of maturity from which on a gap is large."""
SMALL_BUDGET: Final = 100.0
"""万元 below which a budget does not carry a large gap."""
WIDE_PRICE: Final = 3.0
"""Times its lowest price from which on the highest says that nobody has priced it yet."""
SOON: Final = 365
"""Days before its deadline in which a demand presses."""
_UNANSWERED: Final = 3
"""Indicators from which on it matters that an achievement speaks of none."""
_MOST_INDICATORS: Final = 3
_JOINT: Final = frozenset({"技术开发", "技术咨询", "技术服务", "作价入股"})
_TOGETHER: Final = frozenset({"合作研发", "委托研发"})


class Fact(NamedTuple):
    """A sign in the fields: how people are told of it, and what finds its evidence, if any."""

    label: str
    look: Look


def facts(pair: Pair, today: date) -> dict[str, Found]:
    """Those of ``FACTS`` that hold, with their evidence."""
    found = {name: fact.look(pair, today) for name, fact in FACTS.items()}
    return {name: evidence for name, evidence in found.items() if evidence}


def trl(level: int | None) -> str:
    """A level of maturity as people read it."""
    return f"TRL {level}" if level else "未注明"


def _value(party: Party, field: str, text: str) -> Evidence:
    return Evidence(party, field, text)


def _gap(least: int) -> Look:
    """That the achievement is at least so many levels below what is required."""

    def sign(pair: Pair, _: date) -> Found:
        wanted, offered = pair.demand.maturity_min, pair.achievement.maturity
        if wanted is None or offered is None or wanted - offered < least:
            return ()
        return _wanted_trl(pair), _offered_trl(pair)

    return sign


def _between(low: int, high: int) -> Look:
    """That the maturity of the achievement is known and within bounds."""

    def sign(pair: Pair, _: date) -> Found:
        return (_offered_trl(pair),) if low <= (pair.achievement.maturity or 0) <= high else ()

    return sign


def _wanted_trl(pair: Pair) -> Evidence:
    return _value("demand", "maturity_min", trl(pair.demand.maturity_min))


def _offered_trl(pair: Pair) -> Evidence:
    return _value("achievement", "maturity", trl(pair.achievement.maturity))


def _maturity_unknown(pair: Pair, _: date) -> Found:
    return (_offered_trl(pair),) if pair.achievement.maturity is None else ()


def _budget_below_price(pair: Pair, _: date) -> Found:
    budget, price = pair.demand.budget, pair.achievement.price_min
    if budget is None or price is None or budget >= price:
        return ()
    return (
        _value("demand", "budget", f"{written(budget)} 万元"),
        _value("achievement", "price_min", f"{written(price)} 万元起"),
    )


def _budget_small(pair: Pair, _: date) -> Found:
    budget = pair.demand.budget
    if budget is None or budget >= SMALL_BUDGET:
        return ()
    return (_value("demand", "budget", f"{written(budget)} 万元"),)


def _budget_unknown(pair: Pair, _: date) -> Found:
    return () if pair.demand.budget is not None else (_value("demand", "budget", ""),)


def _price_unknown(pair: Pair, _: date) -> Found:
    low, high = pair.achievement.price_min, pair.achievement.price_max
    return (_value("achievement", "price_min", "面议"),) if low is None and high is None else ()


def _price_wide(pair: Pair, _: date) -> Found:
    low, high = pair.achievement.price_min, pair.achievement.price_max
    if not low or high is None or high < WIDE_PRICE * low:
        return ()
    return (_value("achievement", "price_max", f"{written(low)}–{written(high)} 万元"),)


def _applied(*states: str) -> Look:
    """That the application of the achievement is one of these."""

    def sign(pair: Pair, _: date) -> Found:
        state = pair.achievement.application_state
        return (_value("achievement", "application_state", state),) if state in states else ()

    return sign


def _rights_unnamed(pair: Pair, _: date) -> Found:
    return () if pair.achievement.ip_kinds else (_value("achievement", "ip_kinds", ""),)


def _rights_pending(pair: Pair, _: date) -> Found:
    if pair.achievement.ip_status != "申请中":
        return ()
    kinds = "、".join(pair.achievement.ip_kinds) or "知识产权"
    return (_value("achievement", "ip_status", f"{kinds}申请中"),)


def _secret_only(pair: Pair, _: date) -> Found:
    kinds = pair.achievement.ip_kinds
    return (_value("achievement", "ip_kinds", kinds[0]),) if kinds == ("技术秘密",) else ()


def _modes_unnamed(pair: Pair, _: date) -> Found:
    modes = pair.achievement.cooperation_modes
    return () if modes else (_value("achievement", "cooperation_modes", ""),)


def _modes_apart(pair: Pair, _: date) -> Found:
    """That the firm wants to develop together and the other side names no way of doing so."""
    modes, wanted = pair.achievement.cooperation_modes, pair.demand.solution_mode
    if not modes or wanted not in _TOGETHER or _JOINT.intersection(modes):
        return ()
    return (
        _value("demand", "solution_mode", wanted),
        _value("achievement", "cooperation_modes", "、".join(modes)),
    )


def _mode(mode: str) -> Look:
    """That the firm wants to solve it in this way."""

    def sign(pair: Pair, _: date) -> Found:
        is_it = pair.demand.solution_mode == mode
        return (_value("demand", "solution_mode", mode),) if is_it else ()

    return sign


def _confidential(pair: Pair, _: date) -> Found:
    if pair.demand.confidentiality != BROKERS:
        return ()
    return (_value("demand", "confidentiality", CONFIDENTIALITY[BROKERS]),)


def _pressing(pair: Pair, today: date) -> Found:
    deadline = pair.demand.deadline
    if not deadline or (date.fromisoformat(deadline) - today).days > SOON:
        return ()
    return (_value("demand", "deadline", deadline),)


def _indicators(verdict: str) -> Look:
    """That the achievement misses indicators of the demand, or does not speak of any."""

    def sign(pair: Pair, _: date) -> Found:
        found = [claim for claim in pair.claims if claim.verdict == verdict]
        if verdict == "unknown" and len(found) < max(len(pair.claims), _UNANSWERED):
            return ()
        return tuple(
            _value(
                "demand",
                "indicators",
                f"{c.property} {c.required}，成果{'写 ' + c.claimed if c.claimed else '没有写明'}",
            )
            for c in found[:_MOST_INDICATORS]
        )

    return sign


FACTS: Final[Mapping[str, Fact]] = {
    "maturity_gap": Fact("成果成熟度低于需求要求", _gap(1)),
    "maturity_gap_large": Fact("成熟度低两级以上", _gap(LARGE_GAP)),
    "maturity_early": Fact("成果在 TRL 1–3", _between(1, 3)),
    "maturity_middle": Fact("成果在 TRL 4–6", _between(4, 6)),
    "maturity_unknown": Fact("成果没有写成熟度", _maturity_unknown),
    "budget_below_price": Fact("预算低于最低报价", _budget_below_price),
    "budget_small": Fact("预算不到 100 万元", _budget_small),
    "budget_unknown": Fact("没有写预算", _budget_unknown),
    "price_unknown": Fact("没有报价（面议）", _price_unknown),
    "price_wide": Fact("最高报价是最低的三倍以上", _price_wide),
    "not_applied": Fact("成果未应用", _applied("未应用")),
    "on_trial": Fact("成果在试用", _applied("试用")),
    "applied": Fact("成果已小批量或产业化应用", _applied("小批量应用", "产业化应用")),
    "rights_unnamed": Fact("没有写知识产权", _rights_unnamed),
    "rights_pending": Fact("知识产权申请中", _rights_pending),
    "secret_only": Fact("只有技术秘密", _secret_only),
    "modes_unnamed": Fact("没有写合作方式", _modes_unnamed),
    "modes_apart": Fact("企业要合作或委托研发，成果方只列转让或许可", _modes_apart),
    "commissioned": Fact("企业打算委托研发", _mode("委托研发")),
    "alone": Fact("企业打算独立研发", _mode("独立研发")),
    "confidential": Fact("需求仅经理人可见", _confidential),
    "pressing": Fact("离期望完成不足一年", _pressing),
    "indicators_unmet": Fact("有指标不符", _indicators("unmet")),
    "indicators_unanswered": Fact("三项以上指标成果都没有写明", _indicators("unknown")),
}
"""Every sign in the fields, by name."""
