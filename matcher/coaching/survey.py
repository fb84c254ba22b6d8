"""What the libraries say of a demand that is being written: how much there is, and of what kind."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.coaching.keywords import keywords
from matcher.coaching.voting import VOTERS, elected
from matcher.index import Hits, Index
from matcher.ranking.grader import Grader, strong
from matcher.ranking.ordering import CANDIDATES, rank
from matcher.ranking.overlap import Overlap
from matcher.ranking.side import Side, side
from matcher.records import Demand, Facets
from matcher.representation import TfidfRepresentation

_LIKELY: Final = 0.35
"""Probability of a grade of at least 3 from which on an achievement counts as related.

Over the demo demands the number of those comes closest to how many there are: off by 0.9 on
average, where the median grade says "none" of four demands in five.
"""
_FIELD_MAJORITY: Final = 0.4
"""Over the demo demands, each left out in turn, 31 of 40 fields proposed from here on are right."""
_INDUSTRY_MAJORITY: Final = 0.5
"""The same: 39 of 46 industries, of which most records of a library may share one."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The answer, without a single record read.

    ``related`` counts achievements that are likely to be graded at least 3, at most 200 of them;
    None without a grader. ``field`` and ``industry`` are None where the nearest records disagree.
    """

    related: int | None = None
    field: str | None = None
    industry: str | None = None
    keywords: tuple[str, ...] = ()


def survey(
    representation: TfidfRepresentation,
    achievements: Index,
    demands: Index,
    grader: Grader | None,
    demand: Demand,
) -> Survey:
    """Look at the candidates of a demand; the demand itself, if stored, is none of them."""
    query = side(representation, demand.texts())
    if not query.row.nnz:
        return Survey()
    offers = achievements.top_k(query.row, CANDIDATES)
    needs = demands.top_k(query.row, VOTERS + 1)
    votes = [*_votes(offers, demand.id), *_votes(needs, demand.id)]
    field = elected(((score, f.field) for score, f in votes), _FIELD_MAJORITY)
    industry = elected(((score, f.industry) for score, f in votes), _INDUSTRY_MAJORITY)
    asked = Facets(
        demand.field or field, demand.region, maturity=demand.maturity_min,
        industry=demand.industry or industry,
    )  # fmt: skip
    related = _related(representation, query, offers, asked, grader)
    return Survey(related, field, industry, _keywords(representation, query, achievements))


def _votes(hits: Hits, own: str) -> list[tuple[float, Facets]]:
    """The nearest, each with its score."""
    near = zip(hits.scores[: VOTERS + 1].tolist(), hits.entries, strict=False)
    return [(score, entry.facets) for score, entry in near if entry.id != own]


def _related(
    representation: TfidfRepresentation,
    query: Side,
    offers: Hits,
    asked: Facets,
    grader: Grader | None,
) -> int | None:
    if grader is None:
        return None
    overlap = Overlap.of(representation, query, offers.rows, offers.keep)
    parts = rank(overlap, asked, [entry.facets for entry in offers.entries], grader).parts
    return int((strong(parts.probabilities) >= _LIKELY).sum()) if parts else None


def _keywords(
    representation: TfidfRepresentation, query: Side, achievements: Index
) -> tuple[str, ...]:
    vocabulary = representation.vocabulary_
    found = query.row.indices[achievements.frequencies(query.row.indices) > 0]
    columns = set(np.unique(found % vocabulary.width).tolist())
    known = {term for term in query.terms if vocabulary[term] in columns}
    return keywords(representation, query, known)
