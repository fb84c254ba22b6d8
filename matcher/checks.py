"""What may be asked of the matchmaker."""

from typing import Final

from matcher.errors import InvalidQuery
from matcher.filters import Filters
from matcher.ranking.decisions import Grades
from matcher.ranking.grader import GRADES
from matcher.records import Achievement, Demand

MAX_K: Final = 100
MAX_TEXT: Final = 20_000
"""Characters that one query may have, all fields together."""


def is_too_long(record: Demand | Achievement) -> bool:
    """Whether the texts of a record exceed MAX_TEXT characters."""
    return _length(record) > MAX_TEXT


def check(record: Demand | Achievement, k: int, filters: Filters | None, decisions: Grades) -> None:
    """Raise InvalidQuery for what no search can answer; the sentence says what to change."""
    if not 1 <= k <= MAX_K:
        raise InvalidQuery.of("k", f"返回条数 k 应在 1 到 {MAX_K} 之间。")
    if is_too_long(record):
        length = _length(record)
        raise InvalidQuery.of(
            "text", f"文字共 {length} 字，超过 {MAX_TEXT} 字的上限，请保留问题、指标和目标后再试。"
        )
    if not set(decisions.values()) <= set(GRADES):
        raise InvalidQuery.of("decisions", "等级应为 1（无相关）到 4（强相关）的整数。")
    if filters:
        filters.check()
        _check_applicable(record, filters)


def _length(record: Demand | Achievement) -> int:
    return sum(map(len, record.texts().values()))


def _check_applicable(record: Demand | Achievement, filters: Filters) -> None:
    """A demand has neither a provider nor cooperation modes, an achievement has no deadline.

    Kinds are those of resources.
    """
    if filters.kinds:
        raise InvalidQuery.of("kinds", "资源类别不能用来筛选成果或需求，请去掉这个条件。")
    if isinstance(record, Achievement) and (filters.providers or filters.cooperation_modes):
        name = "providers" if filters.providers else "cooperation_modes"
        raise InvalidQuery.of(name, "查找需求时不能按完成单位或合作方式筛选，请去掉这些条件。")
    if isinstance(record, Demand) and (filters.date_from or filters.date_to):
        name = "date_from" if filters.date_from else "date_to"
        raise InvalidQuery.of(name, "查找成果时不能按截止日期筛选，请去掉这个条件。")
