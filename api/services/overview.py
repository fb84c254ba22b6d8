"""供需一览: what is wanted against what there is, and how far it was brought together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from api.services.periods import Period, first_month, month_named, months_of
from api.services.workspace import Workspace
from api.store import CasesWanted, Narrowing, Prospect
from api.store.narrowing import CURRENT, UNNAMED
from api.store.overview import Month
from matcher.records import Demand
from matcher.values import FIELDS, STAGES

_PROVINCES: Final = 9
_LACKING: Final = 10
ELSEWHERE: Final = "其他"
GRADES: Final = (4, 3, 2, 1, 0)
"""Grades as charts stack them; 0 stands for demands not yet looked at."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a period; ``since`` is its first month, empty for all time.

    Demands are those submitted in it and not returned, achievements all that there are, cases those
    opened in it. ``places`` is by field and column, ``grades`` by month and grade, ``fields`` by
    field (all, with a strong achievement), ``stages`` by stage.
    """

    period: Period
    since: str
    months: Sequence[Month]
    rows: Sequence[str]
    provinces: Sequence[str]
    columns: Sequence[str]
    places: dict[tuple[str, str], tuple[int, int]]
    grades: dict[tuple[str, int], int]
    fields: dict[str, tuple[int, int]]
    opened: dict[str, int]
    reached: dict[str, int]
    stays: dict[str, float]
    lacking: Sequence[Demand]
    lacking_total: int


def overview(workspace: Workspace, period: Period, now: datetime | None = None) -> Overview:
    """All figures, each counted by the database."""
    now = now or datetime.now(UTC)
    since = first_month(period, now)
    demands, cases = wanted_demands(since), wanted_cases(since)
    counts, case_counts = workspace.store.counts, workspace.store.case_counts
    months = months_of(period, now)
    provinces = counts.provinces(demands, Narrowing(), _PROVINCES)
    places = _places(workspace, demands, provinces)
    rows = [field for field in (*FIELDS, UNNAMED) if _is_row(field, places)]
    lacking = workspace.demands.page(_LACKING, narrowed=replace(demands, outlook=Prospect.weak))
    return Overview(
        period=period,
        since=since,
        months=months,
        rows=rows,
        provinces=provinces,
        columns=[*provinces, *([ELSEWHERE] if any(p == ELSEWHERE for _, p in places) else [])],
        places=places,
        grades=counts.grades_by_month(demands, months),
        fields=_fields(workspace, demands),
        opened=case_counts.by_month(cases, months),
        reached=case_counts.reached(cases),
        stays=case_counts.stays(cases),
        lacking=lacking.items,
        lacking_total=lacking.total,
    )


def wanted_demands(since: str) -> Narrowing:
    """The demands that count, from a month on."""
    return Narrowing(state=CURRENT, since=month_named(since)[1] if since else None)


def wanted_cases(since: str = "", month: str = "", reached: str = "") -> CasesWanted:
    """Cases opened from a month on, or in one, that came at least to a stage."""
    start, end = None, None
    if since:
        start = month_named(since)[1]
    if month:
        _, first, end = month_named(month)
        start = max(start, first) if start else first
    return CasesWanted(start, end, reached if reached in STAGES else None)


def _places(
    workspace: Workspace, demands: Narrowing, provinces: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """(demands, achievements) by field and province, both named as they are shown."""
    counts = workspace.store.counts
    wanted = counts.demands_by_place(demands, provinces)
    there = counts.achievements_by_place(Narrowing(), provinces)
    return {
        (field or UNNAMED, place or ELSEWHERE): (wanted.get(key, 0), there.get(key, 0))
        for key in wanted.keys() | there.keys()
        for field, place in (key,)
    }


def _is_row(field: str, places: dict[tuple[str, str], tuple[int, int]]) -> bool:
    return field in FIELDS or any(name == field for name, _ in places)


def _fields(workspace: Workspace, demands: Narrowing) -> dict[str, tuple[int, int]]:
    counts = workspace.store.counts
    every = counts.demands_by_field(demands)
    strong = counts.demands_by_field(replace(demands, outlook=Prospect.strong))
    return {field or UNNAMED: (number, strong.get(field, 0)) for field, number in every.items()}
