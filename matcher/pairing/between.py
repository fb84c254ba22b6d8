"""Grades of all pairs of two chosen sets, for whoever has to choose among pairs."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.checks import is_too_long
from matcher.engine import Matchmaker
from matcher.index import Hits
from matcher.pairing.candidates import decided_on, first, joined, ranked, without
from matcher.ranking.decisions import Grades
from matcher.ranking.ordering import CANDIDATES
from matcher.ranking.side import Side, side
from matcher.records import Demand
from matcher.workers import cores

T = TypeVar("T")
_NONE: Final[Mapping[str, Grades]] = MappingProxyType({})


def grades_between(
    matchmaker: Matchmaker,
    demands: Sequence[Demand],
    achievement_ids: Sequence[str],
    decisions: Mapping[str, Grades] = _NONE,
) -> NDArray[np.float64]:
    """The expected grades, 1 … 4, of every demand with every achievement: shape (demands, ids).

    What ``Matchmaker.weigh`` says of them but for the indicators, which would need the texts: each
    demand's candidates are there too, as the likeness of the best to each other is evidence.
    ``decisions`` are those on other achievements, by id of the demand. NaN for an achievement
    that the index does not have, a demand too long to be matched, and without a grader.
    """

    def of(demand: Demand) -> NDArray[np.float64]:
        return _grades(matchmaker, demand, achievement_ids, decisions.get(demand.id, {}))

    rows = _for_each(demands, of)
    return np.array(rows, dtype=np.float64).reshape(len(demands), len(achievement_ids))


def nearest_graded(
    matchmaker: Matchmaker,
    demands: Sequence[Demand],
    count: int,
    decisions: Mapping[str, Grades] = _NONE,
) -> list[dict[str, float]]:
    """The nearest ``count`` achievements (at most CANDIDATES) of every demand, and their grades.

    By id, nearest first; the grades are those of ``grades_between`` with just these. Empty where
    that has none.
    """

    def of(demand: Demand) -> dict[str, float]:
        return _nearest(matchmaker, demand, count, decisions.get(demand.id, {}))

    return _for_each(demands, of)


def _for_each(demands: Sequence[Demand], of: Callable[[Demand], T]) -> list[T]:
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(of, demands))


def _grades(
    matchmaker: Matchmaker, demand: Demand, ids: Sequence[str], decisions: Grades
) -> NDArray[np.float64]:
    index = matchmaker.achievements.index
    if matchmaker.grader is None or is_too_long(demand):
        return np.full(len(ids), np.nan)
    query, chosen = side(matchmaker.representation, demand.texts()), list(dict.fromkeys(ids))
    others = {id_: grade for id_, grade in decisions.items() if id_ not in set(chosen)}
    hits = without(index.top_k(query.row, CANDIDATES + len(others)), set(others))
    hits = joined(hits, index.get(chosen), query)
    found = _expected(matchmaker, demand, query, hits, others)
    return np.array([found.get(id_, np.nan) for id_ in ids], dtype=np.float64)


def _nearest(
    matchmaker: Matchmaker, demand: Demand, count: int, decisions: Grades
) -> dict[str, float]:
    """One search finds both whom to grade and, behind them, their candidates."""
    if matchmaker.grader is None or is_too_long(demand):
        return {}
    query = side(matchmaker.representation, demand.texts())
    hits = matchmaker.achievements.index.top_k(query.row, CANDIDATES + len(decisions))
    chosen = hits.ids[:count]
    others = {id_: grade for id_, grade in decisions.items() if id_ not in set(chosen)}
    hits = without(first(hits, CANDIDATES + len(others)), set(others))
    found = _expected(matchmaker, demand, query, hits, others)
    return {id_: found[id_] for id_ in chosen}


def _expected(
    matchmaker: Matchmaker, demand: Demand, query: Side, hits: Hits, others: Grades
) -> dict[str, float]:
    decided = decided_on(matchmaker.achievements.index, others)
    ranking = ranked(matchmaker.representation, demand, query, hits, matchmaker.grader, decided)
    return dict(zip(hits.ids, ranking.expected.tolist(), strict=True))
