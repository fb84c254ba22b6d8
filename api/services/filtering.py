"""What was chosen in a form to narrow a search, as the engine takes it."""

from collections.abc import Mapping
from typing import Final

from matcher import values
from matcher.errors import FieldProblem, InvalidQuery
from matcher.filters import Filters

FILTERS: Final = ("field", "region", "band", "mode", "provider", "date_from", "date_to")
"""The names that a form gives them."""
DAYS: Final = ("date_from", "date_to")
"""Those that are days."""
FIRST_DAY: Final = "需求的截止日期不早于，含当天；没有截止日期的需求视为一直可对接，予以保留"
LAST_DAY: Final = "需求的截止日期不晚于，含当天；没有截止日期的需求不列出"
"""What they mean, where the interface describes them."""


def filters_of(chosen: Mapping[str, str]) -> Filters:
    """The filters of a form; the band of maturity is sent by name."""
    low, high = _band(chosen.get("band", "").strip())
    return Filters(
        fields=_some(chosen, "field"),
        regions=_some(chosen, "region"),
        providers=_some(chosen, "provider"),
        cooperation_modes=_some(chosen, "mode"),
        maturity_min=low,
        maturity_max=high,
        date_from=chosen.get("date_from", "").strip() or None,
        date_to=chosen.get("date_to", "").strip() or None,
    )


def days_said(first: str, last: str) -> str:
    """Between which days records may end, in words; empty texts do not bind."""
    if first and last:
        return f"截止日期 {first} 至 {last}"
    return f"截止日期不早于 {first}" if first else f"截止日期不晚于 {last}" if last else ""


def _band(wanted: str) -> tuple[int | None, int | None]:
    """The lowest and highest TRL of a band. Raises InvalidQuery for one that does not exist."""
    if not wanted:
        return None, None
    for name, low, high in values.MATURITY_BANDS:
        if name == wanted:
            return low, high
    names = "、".join(name for name, _, _ in values.MATURITY_BANDS)
    message = f"没有“{wanted[:20]}”这一档成熟度，可选：{names}。"
    raise InvalidQuery(message, [FieldProblem("band", message)])


def _some(chosen: Mapping[str, str], name: str) -> frozenset[str]:
    value = chosen.get(name, "").strip()
    return frozenset([value] if value else ())
