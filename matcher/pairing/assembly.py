"""From a ranking to the pairings that are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.index import Hits
from matcher.library import Library
from matcher.pairing.claims import agreement, claims
from matcher.pairing.objections import missing_words, objections, weightiest
from matcher.pairing.wording import summary
from matcher.ranking.duplicates import distinct
from matcher.ranking.explanation import explain
from matcher.ranking.ordering import SCORE_WEIGHT, Ranking
from matcher.ranking.side import Side, cut
from matcher.records import Achievement, Claim, Demand, Grading, Pairing, Reason
from matcher.representation import TfidfRepresentation

Record = Demand | Achievement


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, what was found, and how it ranks."""

    representation: TfidfRepresentation
    record: Record
    query: Side
    hits: Hits
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class Shown:
    """The pairings to show, and whether even the best of them is weak."""

    pairings: tuple[Pairing, ...]
    is_weak: bool


def pairings(
    request: Request, library: Library[Achievement] | Library[Demand], k: int
) -> tuple[Shown, set[str]]:
    """The ``k`` best distinct pairings, and the ids that the library no longer has.

    Near-identical records are folded into the best of them. The indicators are compared for what
    is shown, and settle the order there. If an id is gone, nothing is shown.
    """
    ids = request.hits.ids
    groups = distinct(request.hits.rows, request.ranking.order(ids), k)
    wanted = [ids[number] for head, twins in groups for number in (head, *twins)]
    records: Mapping[str, Record] = library.get_many(wanted)
    vanished = set(wanted) - records.keys()
    if vanished:
        return Shown((), False), vanished
    return _shown(request, groups, records), set()


def _shown(
    request: Request, groups: Sequence[tuple[int, list[int]]], records: Mapping[str, Record]
) -> Shown:
    ids, heads = request.hits.ids, [head for head, _ in groups]
    items = [records[ids[head]] for head in heads]
    compared = [claims(*_roles(request.record, item)) for item in items]
    agreements = [agreement(found) for found in compared]
    gradings = request.ranking.gradings(heads, agreements)
    words = _important(request)
    found = [
        Pairing(
            0,
            float(request.ranking.overlap.score[head]),
            *_roles(request.record, item),
            reason=_reason(request, head, item, compared[i], gradings[i], words),
            grading=gradings[i],
            twins=tuple(records[ids[twin]] for twin in groups[i][1]),
        )
        for i, (head, item) in enumerate(zip(heads, items, strict=True))
    ]
    ranked = (replace(pairing, rank=place) for place, pairing in enumerate(_sorted(found), 1))
    return Shown(tuple(ranked), request.ranking.falls_short(heads, agreements))


def _sorted(shown: Sequence[Pairing]) -> list[Pairing]:
    """Again by what candidates are ordered by, now that indicators count too."""

    def value(pairing: Pairing) -> float:
        grade = pairing.grading.expected if pairing.grading else 0.0
        return grade + SCORE_WEIGHT * pairing.score

    return sorted(shown, key=value, reverse=True)


def _roles(record: Record, item: Record) -> tuple[Demand, Achievement]:
    if isinstance(record, Demand) and isinstance(item, Achievement):
        return record, item
    if isinstance(record, Achievement) and isinstance(item, Demand):
        return item, record
    raise TypeError("a pairing has a demand on one side and an achievement on the other")


def _reason(
    request: Request,
    number: int,
    item: Record,
    compared: tuple[Claim, ...],
    grading: Grading | None,
    words: Sequence[str] | None,
) -> Reason:
    """Put query and item on their sides, and their highlights with them."""
    overlap = request.ranking.overlap
    found = cut(request.representation, item.texts(), only=overlap.terms)
    why = explain(overlap, number, found)
    ours, theirs = why.query_highlights, why.item_highlights
    needs_offer = isinstance(request.record, Demand)
    missing = _missing(request, item, words)
    return Reason(
        summary=summary(why, float(overlap.score[number]), grading, compared),
        against=objections(*_roles(request.record, item), compared, missing),
        claims=compared,
        terms=why.terms,
        phrases=why.phrases,
        fields=why.fields,
        sentence=why.sentence,
        demand_highlights=ours if needs_offer else theirs,
        achievement_highlights=theirs if needs_offer else ours,
    )


def _important(request: Request) -> list[str] | None:
    """The weightiest words of the demand, if it is the demand that was asked with."""
    if isinstance(request.record, Demand):
        return weightiest(request.representation, request.query)
    return None


def _missing(request: Request, item: Record, words: Sequence[str] | None) -> list[str]:
    """The weightiest words of the demand that the achievement does not have."""
    if words is not None:
        return missing_words(words, item.texts().values())
    need = cut(request.representation, item.texts())
    return missing_words(weightiest(request.representation, need), request.record.texts().values())
