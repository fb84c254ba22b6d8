"""Who can give what a pairing lacks: for each blocker the best resources that can be had."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice, zip_longest
from typing import Final

from matcher.library import Library
from matcher.pairing.conditions import Need
from matcher.pairing.evidence import Pair
from matcher.pairing.lexicon import steering
from matcher.pairing.offers import GENERAL, Offer, Wanted, best_offers
from matcher.pairing.path import Standing, standing
from matcher.pairing.support import Diagnosis, diagnosed
from matcher.ranking.side import Cut, Side, cut, embedded, side
from matcher.representation import TITLE, FieldTexts, TfidfRepresentation
from matcher.resources import Resource
from matcher.values import BLOCKERS, EXPERT, FINANCE, PILOT, POLICY, SCENARIO

ANSWERS: Final[Mapping[str, tuple[str, ...]]] = dict(
    zip(
        BLOCKERS,
        (
            (POLICY, PILOT),
            (POLICY, EXPERT),
            (EXPERT, POLICY),
            (FINANCE, POLICY),
            (EXPERT, POLICY),
            (SCENARIO, PILOT),
        ),
        strict=True,
    )
)
"""Which kinds of resource answer each blocker, the first before the second."""


@dataclass(frozen=True, slots=True)
class Help:
    """The resources for one blocker: the best of each kind first, then their second best …"""

    blocker: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class SupportPlan:
    """What a pairing may lack, who can give it, and where it stands on its path.

    ``help`` holds the blockers of which there are signs, in the order of ``values.BLOCKERS``.
    """

    pair: Pair
    need: Need
    diagnosis: Diagnosis
    standing: Standing
    help: tuple[Help, ...]


def support_plan(
    representation: TfidfRepresentation,
    library: Library[Resource],
    pair: Pair,
    today: date,
    k: int,
) -> SupportPlan:
    """The plan of a pairing on a day (in Beijing), with up to ``k`` ≥ 1 resources a blocker."""
    diagnosis = diagnosed(pair, today)
    need = Need.of(pair.demand, pair.achievement, today)
    joint = side(representation, texts(pair))
    found: dict[tuple[str, str], tuple[Offer, ...]] = {}

    def offers(blocker: str, kind: str) -> tuple[Offer, ...]:
        about = blocker if kind in GENERAL else ""
        if (kind, about) not in found:
            query = steered(representation, joint, steering()[about]) if about else joint
            wanted = Wanted(kind, need, query, about)
            found[kind, about] = best_offers(representation, library, wanted, k)
        return found[kind, about]

    return SupportPlan(
        pair,
        need,
        diagnosis,
        standing(pair.demand, pair.achievement),
        tuple(
            Help(one.name, tuple(islice(_in_turn(offers, one.name), k)))
            for one in diagnosis.blockers
            if one.shows
        ),
    )


def texts(pair: Pair) -> FieldTexts:
    """What both records say, as one query."""
    ours, theirs = pair.demand.texts(), pair.achievement.texts()
    titles = f"{ours['title']}；{theirs['title']}"
    return {
        "title": titles,
        "keywords": "；".join(filter(None, (titles, ours["keywords"], theirs["keywords"]))),
        "abstract": theirs["abstract"],
        **{name: ours[name] for name in ("problem", "indicators", "goal")},
    }


def steered(representation: TfidfRepresentation, query: Side, words: str) -> Side:
    """The query with other words as its title, the rest not cut again."""
    fields = {**query.fields, **cut(representation, {TITLE: words}).fields}
    return embedded(representation, Cut({**query.texts, TITLE: words}, fields))


def _in_turn(offers: Callable[[str, str], tuple[Offer, ...]], blocker: str) -> Iterator[Offer]:
    ranked = (offers(blocker, kind) for kind in ANSWERS[blocker])
    return (one for one in chain.from_iterable(zip_longest(*ranked)) if one is not None)
