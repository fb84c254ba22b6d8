"""The figures of the overview as charts, each number with the way to its list."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from markupsafe import Markup

from api.pages.charts import (
    Chart,
    Figure,
    Funnel,
    HeatMap,
    Series,
    Stage,
    funnel,
    grouped_bars,
    heat_map,
    line_chart,
    stacked_bars,
)
from api.pages.hrefs import address
from api.services.overview import ELSEWHERE, GRADES, Overview
from api.store.narrowing import CURRENT
from matcher.pairing.wording import GRADE_NAMES
from matcher.values import STAGES

CASES: Final = "/overview/cases"
_ACHIEVEMENTS: Final = "/achievements"
_MAP: Final = (
    "每格左边是提交的需求数，右边是库中的成果数。"
    "某格占全部需求的份额比它占全部成果的份额大得越多，缺口越大。"
)
_GRADES: Final = "每条新需求在库中能找到的最好成果是什么等级；每天重新测算。"
_FIELDS: Final = "有较强相关以上成果的需求，占各领域需求的多少。"
_FLOW: Final = "每月提交的需求，和每月开始的对接单。"
_FUNNEL: Final = "曾经到过各阶段的对接单，以及在该阶段停留的时间。"


def demand_map(data: Overview) -> Markup:
    """Demands against achievements, by field and province."""
    cells = [[_cell(data, field, place) for place in data.columns] for field in data.rows]
    measures = ("需求", "成果")
    return heat_map(
        HeatMap("供需热力图", "技术领域", data.rows, data.columns, measures, cells, _MAP)
    )


def charts(data: Overview) -> Sequence[Markup]:
    """All the others."""
    return [_grades(data), _fields(data), _funnel(data), _flow(data)]


def _cell(data: Overview, field: str, place: str) -> tuple[Figure, Figure]:
    wanted, there = data.places.get((field, place), (0, 0))
    where = {"field": field}
    where |= {"outside": "、".join(data.provinces)} if place == ELSEWHERE else {"province": place}
    return (
        Figure(wanted, _demands(data)(**where)),
        Figure(there, address(_ACHIEVEMENTS, **where)),
    )


def _demands(data: Overview) -> "partial[str]":
    return partial(address, "/demands", state=CURRENT, since=data.since)


def _grades(data: Overview) -> Markup:
    series = [
        Series(
            GRADE_NAMES.get(grade, "待测算"),
            [
                Figure(
                    data.grades.get((month, grade), 0),
                    address(
                        "/demands", state=CURRENT, month=month, outlook=str(grade or "unknown")
                    ),
                )
                for month, _, _ in data.months
            ],
        )
        for grade in GRADES
    ]
    return stacked_bars(Chart("新需求的最高等级", "月份", _names(data), series, _GRADES))


def _fields(data: Overview) -> Markup:
    every, strong = [], []
    link = _demands(data)
    for field in data.rows:
        all_, with_strong = data.fields.get(field, (0, 0))
        every.append(Figure(all_, link(field=field)))
        strong.append(Figure(with_strong, link(field=field, outlook="strong")))
    series = [Series("需求", every), Series("其中有较强以上成果", strong)]
    return grouped_bars(Chart("各领域的需求满足", "技术领域", data.rows, series, _FIELDS))


def _flow(data: Overview) -> Markup:
    new, opened = [], []
    for month, _, _ in data.months:
        number = sum(data.grades.get((month, grade), 0) for grade in GRADES)
        new.append(Figure(number, address("/demands", state=CURRENT, month=month)))
        opened.append(Figure(data.opened.get(month, 0), address(CASES, month=month)))
    series = [Series("新需求", new), Series("新对接单", opened)]
    return line_chart(Chart("需求与对接", "月份", _names(data), series, _FLOW))


def _funnel(data: Overview) -> Markup:
    stages = [
        Stage(
            name,
            Figure(data.reached[stage], address(CASES, since=data.since, reached=stage)),
            data.stays.get(stage),
        )
        for stage, name in STAGES.items()
    ]
    return funnel(Funnel("对接漏斗", stages, _FUNNEL))


def _names(data: Overview) -> list[str]:
    return [month for month, _, _ in data.months]
