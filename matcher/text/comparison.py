"""Whether a claim meets a requirement: same property, same dimension, then bounds and intervals."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, isclose
from typing import Final

from matcher.records import Verdict
from matcher.text import properties
from matcher.text.lexicon.measures import less_is_better, more_is_better
from matcher.text.quantities import Quantity

_TOLERANCE: Final = 1e-9
"""Relative; apart by less than this, two values are one."""
_NEAR: Final = 0.05
"""Relative; two plain values this close agree where nobody says which direction is better."""
_COVERED: Final = (
    "耐",
    "适用",
    "适应",
    "工作",
    "使用",
    "测量",
    "测温",
    "量程",
    "可调",
    "调节",
    "运行",
    "环境",
)
"""Beginnings of properties whose range has to be covered; any other range is a target to hit."""
_INGRESS: Final = "[ingress]"


def compare(required: Quantity, claimed: Quantity) -> Verdict:
    """The verdict on a claim; unknown unless property, dimension and kind agree.

    A demand's lower bound is met by a claim that guarantees as much and unmet by one that stays
    below; what overlaps only is unknown. A range that is to be covered (耐温-40~120℃) must lie in
    the claim, any other (pH 6~9) must hold it. A plain value bounds from the side that its
    property prefers (成本, 强度); else a value within 5 % agrees. Values within 1e-9 relative are
    equal. Of a protection class each digit must be reached.
    """
    if required.dimension != claimed.dimension or required.kind != claimed.kind:
        return "unknown"
    if not properties.same(required.property, claimed.property):
        return "unknown"
    return _rule(required)(required, claimed)


def _rule(required: Quantity) -> Callable[[Quantity, Quantity], Verdict]:
    if required.dimension == _INGRESS:
        return _digits
    if required.form == "interval":
        if _is_tolerance(required):
            return _within_tolerance
        return _covered if _wants_coverage(required) else _inside
    return _plain if required.form == "value" else _bounded


def _bounded(required: Quantity, claimed: Quantity) -> Verdict:
    """Against a bound on one side; a tolerance of the claim counts by its size."""
    if _is_tolerance(claimed) and required.low is None:
        claimed = _magnitude(claimed)
    if _implies_low(required, claimed) and _implies_high(required, claimed):
        return "met"
    return "unmet" if excludes(required, claimed) else "unknown"


def _inside(required: Quantity, claimed: Quantity) -> Verdict:
    """A window to hit; beyond it on the side that is better anyway, nobody can say."""
    name = properties.canonical(required.property)
    is_better = (name.endswith(less_is_better()) and _is_below(claimed, required)) or (
        name.endswith(more_is_better()) and _is_below(required, claimed)
    )
    return "unknown" if is_better else _bounded(required, claimed)


def _covered(required: Quantity, claimed: Quantity) -> Verdict:
    if _implies_low(claimed, required) and _implies_high(claimed, required):
        # 耐温 ≥ 200 ℃ says nothing of the cold end of -40~120 ℃.
        return "met" if claimed.form == "interval" else "unknown"
    return "unmet" if claimed.form == "interval" else "unknown"


def _within_tolerance(required: Quantity, claimed: Quantity) -> Verdict:
    required = _magnitude(required)
    return _bounded(required, _magnitude(claimed) if _is_tolerance(claimed) else claimed)


def _plain(required: Quantity, claimed: Quantity) -> Verdict:
    """A plain value: a bound where the preference is known, else a value to come close to."""
    if required.kind != "value" or properties.canonical(required.property).endswith(
        more_is_better()
    ):
        return _bounded(replace(required, high=None), claimed)
    if properties.canonical(required.property).endswith(less_is_better()):
        return _bounded(replace(required, low=None), claimed)
    if claimed.form != "value" or required.low is None or claimed.low is None:
        return "unknown"
    return "met" if isclose(required.low, claimed.low, rel_tol=_NEAR) else "unknown"


def _digits(required: Quantity, claimed: Quantity) -> Verdict:
    """IP68 meets IP67: dust and water each reach what is asked."""
    if required.low is None or claimed.low is None:
        return "unknown"
    pairs = zip(divmod(int(claimed.low), 10), divmod(int(required.low), 10), strict=True)
    return "met" if all(has >= asked for has, asked in pairs) else "unmet"


def _wants_coverage(required: Quantity) -> bool:
    return properties.canonical(required.property).startswith(_COVERED) or (
        required.property.startswith(_COVERED)
    )


def _is_tolerance(quantity: Quantity) -> bool:
    low, high = quantity.low, quantity.high
    return low is not None and high is not None and low == -high and high > 0


def _magnitude(quantity: Quantity) -> Quantity:
    """±0.5 as what it says of a size: at most 0.5."""
    return replace(quantity, low=None, low_open=False)


def _implies_low(outer: Quantity, inner: Quantity) -> bool:
    """Whether all of ``inner`` lies on the right side of the lower bound of ``outer``."""
    if outer.low is None:
        return True
    if inner.low is None:
        return False
    if isclose(inner.low, outer.low, rel_tol=_TOLERANCE):
        return inner.low_open or not outer.low_open
    return inner.low > outer.low


def _implies_high(outer: Quantity, inner: Quantity) -> bool:
    if outer.high is None:
        return True
    if inner.high is None:
        return False
    if isclose(inner.high, outer.high, rel_tol=_TOLERANCE):
        return inner.high_open or not outer.high_open
    return inner.high < outer.high


def excludes(one: Quantity, other: Quantity) -> bool:
    """Whether no value lies in both."""
    return _is_below(one, other) or _is_below(other, one)


def _is_below(one: Quantity, other: Quantity) -> bool:
    high = inf if one.high is None else one.high
    low = -inf if other.low is None else other.low
    if isclose(high, low, rel_tol=_TOLERANCE):
        return one.high_open or other.low_open
    return high < low
