"""Web shapes of the map of supply and demand (供需图谱)."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field

from api.services.market import EVERYWHERE, Cell, Market
from api.store import Prospect

_SAID: Final = (Prospect.strong, Prospect.weak, Prospect.unknown)


class MarketFigures(BaseModel):
    """一格的数字。成果为期末在库的；需求为这段时间提交、未退回的；before 为上一段同样长的时间。"""

    achievements: int
    mature: Annotated[int, Field(description="TRL 7 以上的成果")]
    added: Annotated[int, Field(description="这段时间新增的成果")]
    demands: int
    strong: Annotated[int, Field(description="库中有较强相关以上成果的需求")]
    weak: Annotated[int, Field(description="缺口：已测算、没有这样的成果的需求")]
    unknown: Annotated[int, Field(description="待测算的需求")]
    coverage: Annotated[float | None, Field(description="满足率，0–1；没有已测算的需求时为空")]
    demands_before: int | None
    weak_before: int | None

    @classmethod
    def of(cls, cell: Cell, is_compared: bool) -> Self:
        """The same figures; what was before only where there is something before."""
        return cls(**_figures(cell, is_compared))


class MarketCell(MarketFigures):
    """一个领域在一个地区；合计行和合计列的名称为“合计”。"""

    field: str
    province: str


class MarketMonth(BaseModel):
    """一个月提交的需求。"""

    month: str
    strong: int
    weak: int
    unknown: int


class MarketGroup(BaseModel):
    """有优势成果而暂无需求的完成单位。"""

    provider: str
    proven: Annotated[int, Field(description="优势成果")]
    unasked: Annotated[int, Field(description="其中暂无需求的")]


class MarketOut(BaseModel):
    """供需图谱。cells 只列有数字的格；surveyed 为 asking 条现有需求中已测算的。"""

    counted_at: datetime
    since: str
    until: str
    before: Annotated[list[str] | None, Field(description="上期的首月和末月")]
    fields: list[str]
    provinces: list[str]
    total: MarketFigures
    cells: list[MarketCell]
    months: list[MarketMonth]
    groups: list[MarketGroup]
    groups_total: int
    proven: int
    unasked: int
    surveyed: int
    asking: int

    @classmethod
    def of(cls, data: Market) -> Self:
        """The figures that the page shows."""
        groups, compared = data.groups, data.before is not None
        return cls(
            counted_at=data.at,
            since=data.span.first,
            until=data.span.last,
            before=[data.before.first, data.before.last] if data.before else None,
            fields=list(data.rows),
            provinces=list(data.columns),
            total=MarketFigures.of(data.whole, compared),
            cells=_cells(data, compared),
            months=_months(data),
            groups=[
                MarketGroup(provider=one.provider, proven=one.proven, unasked=one.unasked)
                for one in groups.first
            ],
            groups_total=groups.total,
            proven=groups.proven,
            unasked=groups.unasked,
            surveyed=data.surveyed,
            asking=data.asking,
        )


def _cells(data: Market, is_compared: bool) -> list[MarketCell]:
    places = [(row, column) for row in data.rows for column in (*data.columns, EVERYWHERE)]
    return [
        MarketCell(field=row, province=column, **_figures(data.cells[row, column], is_compared))
        for row, column in places
        if (row, column) in data.cells
    ]


def _months(data: Market) -> list[MarketMonth]:
    return [
        MarketMonth(month=name, **{said.value: data.trend.get((name, said), 0) for said in _SAID})
        for name, _, _ in data.months
    ]


def _figures(cell: Cell, is_compared: bool) -> dict[str, int | float | None]:
    return {
        "achievements": cell.offers,
        "mature": cell.mature,
        "added": cell.added,
        "demands": cell.demands,
        "strong": cell.strong,
        "weak": cell.weak,
        "unknown": cell.unknown,
        "coverage": cell.coverage,
        "demands_before": cell.before if is_compared else None,
        "weak_before": cell.weak_before if is_compared else None,
    }
