"""Grades of all pairs of two chosen sets, for whoever has to choose among pairs."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.checks import is_too_long
from matcher.engine import Matchmaker
from matcher.pairing.candidates import decided_on, joined, ranked, without
from matcher.ranking.decisions import Grades
from matcher.ranking.ordering import CANDIDATES
from matcher.ranking.side import side
from matcher.records import Demand
from matcher.workers import cores

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

    with ThreadPoolExecutor(cores()) as pool:
        rows = list(pool.map(of, demands))
    return np.array(rows, dtype=np.float64).reshape(len(demands), len(achievement_ids))


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
    decided = decided_on(index, others)
    ranking = ranked(matchmaker.representation, demand, query, hits, matchmaker.grader, decided)
    found = dict(zip(hits.ids, ranking.expected.tolist(), strict=True))
    return np.array([found.get(id_, np.nan) for id_ in ids], dtype=np.float64)
