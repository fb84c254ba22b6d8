"""What is said where there are no pairings, or no good ones."""

from matcher.filters import Filters
from matcher.library import Library
from matcher.pairing import Shown
from matcher.ranking.side import Side
from matcher.records import Achievement, Demand


def notice(
    record: Demand | Achievement,
    query: Side,
    library: Library[Achievement] | Library[Demand],
    filters: Filters | None,
    shown: Shown,
    is_decided: bool,
) -> str | None:
    """Why there is no pairing or no good one, and what to do about it."""
    items = "成果" if isinstance(record, Demand) else "需求"
    if shown.pairings:
        weak = f"库中暂无较强相关{items}，以下仅供参考；补充指标和应用场景后可再试。"
        return weak if shown.is_weak else None
    if not query.row.nnz:
        return "文字中没有可用于匹配的词语，请写明对象、问题和指标。"
    if not len(library):
        return f"{items}库为空，请先导入{items}。"
    if library.index.frequencies(query.row.indices).any():
        if filters:
            return f"没有符合筛选条件的{items}，请放宽条件后再试。"
        if is_decided:
            return f"除已评过的以外，没有其他相关的{items}。"
    return f"库中没有与之共用任何词语的{items}，请换用更常见的说法。"
