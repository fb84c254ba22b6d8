"""Whether a resource can be had for a need: its hard conditions, one by one and exactly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NamedTuple

from matcher.pairing.novelty import is_for_first_ones, may_be_first
from matcher.records import Achievement, Demand
from matcher.resources import Resource
from matcher.values import FINANCE, written

State = Literal["met", "unmet", "unknown"]
MET: Final = "met"
UNMET: Final = "unmet"
UNKNOWN: Final = "unknown"
_EVERYWHERE: Final = frozenset({"", "全国", "不限"})
_TO_CONFIRM: Final = "需确认"


class Condition(NamedTuple):
    """One condition that a resource sets: stage, amount, region, fields, validity or novelty.

    ``text`` says it for people, beside what the need is. A state is ``unknown`` where the records
    do not say enough.
    """

    name: str
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Need:
    """What conditions are held against.

    ``today`` is the day in Beijing, ``maturity`` the TRL of the achievement, ``amount`` (万元) what
    is short, ``regions`` and ``fields`` those of either side; None and empty are unknown.
    ``may_be_first`` says that it may be a first set of equipment, or a first batch of a material.
    """

    today: date
    maturity: int | None = None
    amount: float | None = None
    regions: tuple[str, ...] = field(default=())
    fields: tuple[str, ...] = field(default=())
    may_be_first: bool = False

    @classmethod
    def of(cls, demand: Demand, achievement: Achievement, today: date) -> "Need":
        """What a pairing needs."""
        return cls(
            today,
            achievement.maturity,
            shortfall(demand, achievement),
            tuple(dict.fromkeys(filter(None, (demand.region, achievement.region)))),
            tuple(dict.fromkeys(filter(None, (demand.field, achievement.field)))),
            may_be_first(demand, achievement),
        )


def shortfall(demand: Demand, achievement: Achievement) -> float | None:
    """万元 by which the budget falls short of the lowest price; without a budget all of it.

    None where no price is named, or where nothing is short that anybody could tell.
    """
    price = achievement.price_min
    if price is None:
        return None
    missing = price - (demand.budget or 0.0)
    return missing if missing > 0.0 else None


def fits(resource: Resource, need: Need) -> tuple[Condition, ...]:
    """Every condition that the resource sets; it can be had unless one of them is ``unmet``."""
    return tuple(condition for check in _CHECKS for condition in check(resource, need))


def is_excluded(conditions: tuple[Condition, ...]) -> bool:
    """Whether any of the conditions is not met."""
    return any(condition.state == UNMET for condition in conditions)


def _state(is_met: bool) -> State:
    return MET if is_met else UNMET


def _stage(resource: Resource, need: Need) -> Iterator[Condition]:
    low, high = resource.maturity_min, resource.maturity_max
    if low is None and high is None:
        return
    bounds = f"适用 {_range('TRL ', low or 1, high or 9)}"
    if need.maturity is None:
        yield Condition("stage", UNKNOWN, f"{bounds}，成果成熟度未注明，{_TO_CONFIRM}")
    else:
        state = _state((low or 1) <= need.maturity <= (high or 9))
        yield Condition("stage", state, f"{bounds}，成果为 TRL {need.maturity}")


def _amount(resource: Resource, need: Need) -> Iterator[Condition]:
    """Finance has to cover what is short; what others give is told, and need not cover it."""
    low, high = resource.amount_min, resource.amount_max
    if low is None and high is None:
        return
    bounds = f"额度{_amounts(low, high)}"
    if resource.kind != FINANCE:
        yield Condition("amount", MET, bounds)
    elif need.amount is None:
        yield Condition("amount", UNKNOWN, f"{bounds}，所需金额未知，{_TO_CONFIRM}")
    else:
        is_met = (low is None or low <= need.amount) and (high is None or need.amount <= high)
        verb = "覆盖" if is_met else "不合"
        text = f"{bounds}，{verb}所需 {written(need.amount)} 万元"
        yield Condition("amount", _state(is_met), text)


def _region(resource: Resource, need: Need) -> Iterator[Condition]:
    """江苏 covers 江苏-苏州; what is for 江苏-苏州 may be for somebody in 江苏."""
    wanted = resource.region or ""
    if wanted in _EVERYWHERE:
        return
    inside = [region for region in need.regions if f"{region}-".startswith(f"{wanted}-")]
    around = [region for region in need.regions if f"{wanted}-".startswith(f"{region}-")]
    if inside:
        yield Condition("region", MET, f"限{wanted}，一方在{inside[0]}")
    elif around or not need.regions:
        known = f"一方在{around[0]}" if around else "双方地区未注明"
        yield Condition("region", UNKNOWN, f"限{wanted}，{known}，{_TO_CONFIRM}")
    else:
        yield Condition("region", UNMET, f"限{wanted}，双方在{'、'.join(need.regions)}")


def _fields(resource: Resource, need: Need) -> Iterator[Condition]:
    if not resource.fields:
        return
    text, shared = "、".join(resource.fields), [f for f in need.fields if f in resource.fields]
    if shared:
        yield Condition("fields", MET, f"面向{shared[0]}")
    elif not need.fields:
        yield Condition("fields", UNKNOWN, f"面向{text}，双方领域未注明，{_TO_CONFIRM}")
    else:
        yield Condition("fields", UNMET, f"面向{text}，双方属{'、'.join(need.fields)}")


def _validity(resource: Resource, need: Need) -> Iterator[Condition]:
    """From the first day to the last, both included."""
    first, last, today = resource.valid_from, resource.valid_until, need.today
    if first and date.fromisoformat(first) > today:
        yield Condition("validity", UNMET, f"{first} 起才有效")
    elif last:
        ends = date.fromisoformat(last)
        text = "今天是最后一天" if ends == today else f"有效期至 {last}"
        yield Condition("validity", _state(today <= ends), text)
    elif first:
        yield Condition("validity", MET, f"{first} 起有效")


def _novelty(resource: Resource, need: Need) -> Iterator[Condition]:
    """Whether a product is in the catalogue of such a policy, nobody can tell from here."""
    if is_for_first_ones(resource):
        state: State = UNKNOWN if need.may_be_first else UNMET
        yield Condition("novelty", state, f"限首台（套）装备、首批次材料，{_TO_CONFIRM}")


def _range(unit: str, low: int, high: int) -> str:
    return f"{unit}{low}" if low == high else f"{unit}{low}–{high}"


def _amounts(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" {written(low)}–{written(high)} 万元" if low < high else f" {written(low)} 万元"
    return f"不超过 {written(high)} 万元" if high is not None else f" {written(low or 0)} 万元起"


_CHECKS: Final[tuple[Callable[[Resource, Need], Iterator[Condition]], ...]] = (
    _stage,
    _amount,
    _region,
    _fields,
    _validity,
    _novelty,
)
