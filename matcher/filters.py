"""What a broker may narrow a search by. Empty means: no condition."""

from dataclasses import dataclass, field
from typing import Final

from matcher import values
from matcher.dates import day_named
from matcher.errors import FieldProblem, InvalidQuery

_MOST: Final = 10
"""Problems that are reported; there may be thousands of wrong values."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that all have to hold; the values of one condition are alternatives.

    ``regions`` also match what lies in them ("江苏" finds "江苏-苏州"). A record whose maturity is
    unknown does not pass a maturity range. ``date_from`` and ``date_to`` are the first and the last
    day, both included (ISO 8601), on which a record may end: a demand on its deadline, a resource
    on the last day of its validity. A record that names no such day has no end: it is still open on
    any day, so it passes ``date_from``, and it is never due, so it does not pass ``date_to``.
    """

    fields: frozenset[str] = field(default_factory=frozenset)
    regions: frozenset[str] = field(default_factory=frozenset)
    providers: frozenset[str] = field(default_factory=frozenset)
    cooperation_modes: frozenset[str] = field(default_factory=frozenset)
    maturity_min: int | None = None
    maturity_max: int | None = None
    kinds: frozenset[str] = field(default_factory=frozenset)
    """Of resources alone; see ``values.RESOURCE_KINDS``."""
    date_from: str | None = None
    date_to: str | None = None

    def __bool__(self) -> bool:
        return self != _NONE

    def check(self) -> None:
        """Raise InvalidQuery for values that no record can have."""
        problems = [
            *_unknown("fields", self.fields, values.FIELDS),
            *_unknown("cooperation_modes", self.cooperation_modes, values.COOPERATION_MODES),
            *_unknown("kinds", self.kinds, tuple(values.RESOURCE_KINDS)),
            *_out_of_range("maturity_min", self.maturity_min),
            *_out_of_range("maturity_max", self.maturity_max),
            *_no_day("date_from", self.date_from),
            *_no_day("date_to", self.date_to),
        ]
        low, high = self.maturity_min or 1, self.maturity_max or 9
        if not problems and low > high:
            problems.append(FieldProblem("maturity_min", "成熟度下限高于上限，请对调后再试。"))
        first, last = day_named(self.date_from), day_named(self.date_to)
        if first and last and first > last:
            problems.append(FieldProblem("date_from", "截止日期的起点晚于终点，请对调后再试。"))
        if problems:
            raise InvalidQuery(problems[0].message, problems[:_MOST])


_NONE: Final = Filters()


def _unknown(name: str, chosen: frozenset[str], known: tuple[str, ...]) -> list[FieldProblem]:
    choices = "、".join(known)
    return [
        FieldProblem(name, f"筛选值“{value[:40]}”不存在，可选：{choices}。")
        for value in sorted(chosen.difference(known))
    ]


def _out_of_range(name: str, maturity: int | None) -> list[FieldProblem]:
    if maturity is None or 1 <= maturity <= 9:
        return []
    return [FieldProblem(name, "成熟度为 1 至 9 的整数。")]


def _no_day(name: str, text: str | None) -> list[FieldProblem]:
    if text is None or day_named(text):
        return []
    return [FieldProblem(name, f"截止日期“{text[:40]}”不是日期，请写成 2027-06-30 的样子。")]
