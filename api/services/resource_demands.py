"""Which demands say what a resource says: a first look, no judgement."""

from dataclasses import dataclass
from typing import Final

from api.services.workspace import Workspace
from matcher.filters import Filters
from matcher.ranking.side import cut, side
from matcher.records import Demand
from matcher.resources import Resource
from matcher.values import EXPERT, PILOT, SCENARIO

_TECHNICAL: Final = frozenset({EXPERT, PILOT, SCENARIO})
"""Money and policies speak of conditions, which say nothing about who is like them."""
_ASKED: Final = 20
_WORDS: Final = 4
_FEWEST: Final = 2
_RARE: Final = 4.5
"""The weight (idf) that a word must have to tell of anything."""


@dataclass(frozen=True, slots=True)
class Near:
    """A demand, and the rarest words that it shares with a resource."""

    demand: Demand
    words: tuple[str, ...]


def near(workspace: Workspace, resource: Resource, most: int = 5) -> list[Near]:
    """The nearest demands in the fields that the resource is for, best first.

    Those that share fewer than two words with it are left out, and for finance and policies all.
    """
    if resource.kind not in _TECHNICAL:
        return []
    engine = workspace.matchmaker
    query = side(engine.representation, resource.texts())
    wanted = Filters(fields=frozenset(resource.fields)) if resource.fields else None
    ids = engine.demands.index.top_k(query.row, _ASKED, wanted).ids
    known = engine.demands.get_many(ids)
    found = (Near(known[id_], _shared(workspace, query.units, known[id_])) for id_ in ids)
    return [one for one in found if len(one.words) >= _FEWEST][:most]


def _shared(workspace: Workspace, words: set[str], demand: Demand) -> tuple[str, ...]:
    representation = workspace.matchmaker.representation
    column, weight = representation.vocabulary_, representation.idf_
    shared = words & cut(representation, demand.texts()).terms
    rare = {word for word in shared if len(word) > 1 and weight[column[word]] >= _RARE}
    whole = (word for word in rare if not any(word in other for other in rare - {word}))
    return tuple(sorted(whole, key=lambda word: (-weight[column[word]], word))[:_WORDS])
