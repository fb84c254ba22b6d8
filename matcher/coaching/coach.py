"""The coach: a demand's texts in, four criteria out. Knows no library and no model."""

from collections.abc import Mapping

from matcher.coaching.background import background
from matcher.coaching.findings import Coaching
from matcher.coaching.goal import goal
from matcher.coaching.measurable import measurable
from matcher.coaching.problem import problem
from matcher.coaching.reading import FIELDS, Reading
from matcher.records import Demand


def coach(texts: Mapping[str, str], given: frozenset[str] = frozenset()) -> Coaching:
    """Judge texts by field; ``given`` says which of ``budget`` and ``deadline`` are filled in.

    Any text will do, none at all included; never raises. Takes time linear in their length, of
    which the first 5,000 characters of each field count.
    """
    reading = Reading.of(texts, given)
    criteria = (problem(reading), measurable(reading), goal(reading), background(reading))
    found = [(name, quantity) for name in FIELDS for quantity in reading.texts[name].quantities]
    return Coaching(criteria, tuple(found))


def coach_score(demand: Demand) -> int:
    """How well a demand is described: 0 … 20."""
    given = frozenset(n for n in ("budget", "deadline") if getattr(demand, n) is not None)
    return coach(demand.texts(), given).score
