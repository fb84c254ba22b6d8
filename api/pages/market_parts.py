"""What stands around the matrix: large numbers, charts, research groups, and how all is counted."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from api.pages.charts import Chart, Figure, Series, grouped_bars, stacked_bars
from api.pages.charts.wording import exact, percent
from api.pages.contexts.market import GroupLine, Headline
from api.pages.matrix import Ways, change
from api.services.market import EVERYWHERE, Cell, Market
from api.store import Prospect, Standing
from matcher.values import MATURE

_PROSPECTS: Final = {
    Prospect.strong: "有较强成果",
    Prospect.weak: "没有较强成果（缺口）",
    Prospect.unknown: "待测算",
}
_TREND: Final = "每月提交的需求，按库中今天有没有较强相关以上的成果分开；最多显示 24 个月。"
_GAPS: Final = "各领域提交的需求，和其中没有较强相关成果的（缺口）。"
_SUPPLY: Final = f"期末库中的成果，其中 TRL {MATURE} 以上的已可工程化。"
_FEWEST: Final = 6
_NOTHING: Final = Cell()
UNDER_WAY: Final = "所选时间还没有结束，与上期相比仅供参考。"


def headlines(data: Market, ways: Ways) -> Sequence[Headline]:
    """The sums of the span."""
    whole, groups = data.whole, data.groups
    came = f"本期新增 {exact(whole.added)}，" if data.span.first else ""
    mature = f"{came}其中 TRL {MATURE} 以上 {percent(whole.mature, whole.offers)}"
    unasked = ways.today(groups.unasked, standing=Standing.unasked)
    lonely = exact(groups.unasked) if data.surveyed else "—"
    return [
        _headline("需求", ways.demands(whole.demands), _against(data, whole.demands, whole.before)),
        _headline(
            "缺口：没有较强成果的需求",
            ways.demands(whole.weak, outlook=Prospect.weak),
            _against(data, whole.weak, whole.weak_before),
        ),
        Headline(
            "满足率",
            ways.demands(whole.strong, outlook=Prospect.strong),
            percent(whole.strong, whole.strong + whole.weak),
            f"{whole.strong} 条已有较强成果",
        ),
        _headline("成果", ways.offers(whole.offers), mature),
        Headline("暂无需求的优势成果", unasked, lonely, f"优势成果共 {exact(groups.proven)} 项"),
    ]


def charts(data: Market, ways: Ways) -> Sequence[Markup]:
    """Over time, and by field."""
    return [_trend(data, ways), _gaps(data, ways), _supply(data, ways)]


def group_lines(data: Market, ways: Ways) -> Sequence[GroupLine]:
    """Research groups with proven achievements that nobody asks for."""
    return [
        GroupLine(
            group.provider,
            ways.today(group.proven, provider=group.provider).href,
            ways.today(group.proven, provider=group.provider, standing=Standing.proven),
            ways.today(group.unasked, provider=group.provider, standing=Standing.unasked),
            percent(group.unasked, group.proven),
        )
        for group in data.groups.first
    ]


def said(data: Market) -> str:
    """The span in words, with what it is compared to."""
    span, before = data.span, data.before
    if not (span.first or span.last):
        return "全部时间"
    months = f"{span.first or '最早'} 至 {span.last or '今天'}"
    if span.first and span.first == span.last:
        months = span.first
    return months + (f"，与 {before.first} 至 {before.last} 相比" if before else "")


def notes(data: Market) -> list[str]:
    """What to know before one reads on."""
    found = []
    if data.before and data.span.is_under_way(data.at):
        found.append(UNDER_WAY)
    if data.surveyed < data.asking:
        found.append(f"还有 {data.asking - data.surveyed} 条需求待测算，缺口和满足率会随之变化。")
    return found


def _headline(name: str, figure: Figure, note: str) -> Headline:
    return Headline(name, figure, exact(figure.value), note)


def _against(data: Market, now: int, before: int) -> str:
    if not data.before:
        return ""
    return f"上期 {exact(before)} {change(now, before)}".strip()


def _trend(data: Market, ways: Ways) -> Markup:
    names = _since_the_first(data)
    series = [
        Series(
            said,
            [
                ways.demands(data.trend.get((month, prospect), 0), month=month, outlook=prospect)
                for month in names
            ],
        )
        for prospect, said in _PROSPECTS.items()
    ]
    return stacked_bars(Chart("需求与缺口的变化", "月份", names, series, _TREND))


def _since_the_first(data: Market) -> list[str]:
    """The months from the first with a demand on, at least six."""
    names = [name for name, _, _ in data.months]
    busy = [place for place, name in enumerate(names) if any(m == name for m, _ in data.trend)]
    return names[min([*busy, max(len(names) - _FEWEST, 0)]) :]


def _gaps(data: Market, ways: Ways) -> Markup:
    cells = [(row, data.cells.get((row, EVERYWHERE), _NOTHING)) for row in data.rows]
    every = [ways.demands(cell.demands, field=row) for row, cell in cells]
    weak = [ways.demands(cell.weak, field=row, outlook=Prospect.weak) for row, cell in cells]
    series = [Series("需求", every), Series("缺口", weak)]
    return grouped_bars(Chart("各领域的缺口", "技术领域", data.rows, series, _GAPS))


def _supply(data: Market, ways: Ways) -> Markup:
    cells = [(row, data.cells.get((row, EVERYWHERE), _NOTHING)) for row in data.rows]
    every = [ways.offers(cell.offers, field=row) for row, cell in cells]
    mature = [ways.offers(cell.mature, field=row, trl=str(MATURE)) for row, cell in cells]
    series = [Series("成果", every), Series(f"TRL {MATURE} 以上", mature)]
    return grouped_bars(Chart("各领域的成果", "技术领域", data.rows, series, _SUPPLY))
