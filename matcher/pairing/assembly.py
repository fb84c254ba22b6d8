"""From a ranking to the pairings that are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from matcher.index import Hits
from matcher.library import Library
from matcher.pairing.claims import agreement, claims
from matcher.pairing.objections import missing_words, objections
from matcher.pairing.wording import summary
from matcher.ranking.duplicates import distinct
from matcher.ranking.explanation import Explanation, explain
from matcher.ranking.ordering import SCORE_WEIGHT, Ranking
from matcher.ranking.side import Side, sides
from matcher.records import Achievement, Claim, Demand, Pairing, Reason
from matcher.representation import TfidfRepresentation

_WEIGHTIEST: Final = 5
_NAMING: Final = ("title", "keywords")

Record = Demand | Achievement


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, what was found, and how it ranks."""

    representation: TfidfRepresentation
    record: Record
    query: Side
    hits: Hits
    ranking: Ranking


def pairings(
    request: Request, library: Library[Achievement] | Library[Demand], k: int
) -> tuple[list[Pairing], set[str]]:
    """The ``k`` best distinct pairings, or the ids that the library no longer has.

    Near-identical records are folded into the best of them. The indicators are compared for what
    is shown, and settle the order there.
    """
    ids = request.hits.ids
    groups = distinct(request.hits.rows, request.ranking.order(ids), k)
    wanted = [ids[number] for head, twins in groups for number in (head, *twins)]
    records: Mapping[str, Record] = library.get_many(wanted)
    vanished = set(wanted) - records.keys()
    if vanished:
        return [], vanished
    found = sides(request.representation, [records[ids[head]].texts() for head, _ in groups])
    shown = [
        _pairing(request, head, records[ids[head]], side, [records[ids[twin]] for twin in twins])
        for (head, twins), side in zip(groups, found, strict=True)
    ]
    return [replace(pairing, rank=place) for place, pairing in enumerate(_sorted(shown), 1)], set()


def _sorted(shown: Sequence[Pairing]) -> list[Pairing]:
    """Again by what candidates are ordered by, now that indicators count too."""

    def value(pairing: Pairing) -> float:
        grade = pairing.grading.expected if pairing.grading else 0.0
        return grade + SCORE_WEIGHT * pairing.score

    return sorted(shown, key=value, reverse=True)


def _pairing(
    request: Request, number: int, item: Record, side: Side, twins: Sequence[Record]
) -> Pairing:
    demand, achievement = _roles(request.record, item)
    compared = claims(demand, achievement)
    why = explain(request.ranking.overlap, number, side)
    grading = request.ranking.grading(number, agreement(compared))
    score = float(request.ranking.overlap.score[number])
    needs_offer = demand is request.record
    need, offer = (request.query, side) if needs_offer else (side, request.query)
    missing = missing_words(_weightiest(request.representation, need), offer.terms)
    reason = _reason(
        why,
        needs_offer,
        summary(why, score, grading, compared),
        objections(demand, achievement, compared, missing),
        compared,
    )
    return Pairing(0, score, demand, achievement, reason, grading, tuple(twins))


def _roles(record: Record, item: Record) -> tuple[Demand, Achievement]:
    if isinstance(record, Demand) and isinstance(item, Achievement):
        return record, item
    if isinstance(record, Achievement) and isinstance(item, Demand):
        return item, record
    raise TypeError("a pairing has a demand on one side and an achievement on the other")


def _reason(
    why: Explanation,
    needs_offer: bool,
    sentence: str,
    against: tuple[str, ...],
    compared: tuple[Claim, ...],
) -> Reason:
    """Put query and item on their sides, and their highlights with them."""
    asked, found = why.query_highlights, why.item_highlights
    demand, achievement = (asked, found) if needs_offer else (found, asked)
    return Reason(
        summary=sentence,
        against=against,
        claims=compared,
        terms=why.terms,
        phrases=why.phrases,
        fields=why.fields,
        sentence=why.sentence,
        demand_highlights=demand,
        achievement_highlights=achievement,
    )


def _weightiest(representation: TfidfRepresentation, need: Side) -> list[str]:
    """The demand's words of the highest idf: of title and keywords, or of all if it has neither."""
    naming = [token for name in _NAMING for token in need.tokens.get(name, ())]
    tokens = naming or [token for tokens in need.tokens.values() for token in tokens]
    units = need.units
    words = {t.term for t in tokens if t.kind in ("word", "latin") and t.term in units}
    column = representation.vocabulary_
    by_idf = sorted(
        (word for word in words if any(map(str.isalpha, word))),
        key=lambda word: (-representation.idf_[column[word]], word),
    )
    return by_idf[:_WEIGHTIEST]
