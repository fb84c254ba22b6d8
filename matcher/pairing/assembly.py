"""From a ranking to the pairings that are shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from matcher.library import Library
from matcher.pairing.candidates import Record, Request
from matcher.pairing.claims import agreement, claims
from matcher.pairing.objections import missing_words, objections, weightiest
from matcher.pairing.wording import summary
from matcher.ranking.duplicates import distinct
from matcher.ranking.explanation import Explanation, explaining
from matcher.ranking.ordering import value
from matcher.ranking.side import cut
from matcher.records import Achievement, Claim, Demand, Grading, Pairing, Reason
from matcher.steps import Steps, in_one_go
from matcher.text.bulk import GAP, normalised_all

Group = tuple[int, list[int]]
"""A candidate, and those further down that are nearly the same text."""
_HEAD: Final = 20
"""Pairings, at least, whose indicators count in the order."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The pairings to show, and whether even the best of them is weak."""

    pairings: tuple[Pairing, ...]
    is_weak: bool


class Draft(NamedTuple):
    """One of the candidates, graded but not explained; ``number`` says which.

    ``roles`` are what was asked for and the candidate's ``item``, the demand first.
    """

    number: int
    item: Record
    roles: tuple[Demand, Achievement]
    twins: tuple[Record, ...]
    claims: tuple[Claim, ...]
    score: float
    grading: Grading | None

    @property
    def value(self) -> float:
        """What candidates are ordered by, the indicators considered."""
        return value(self.grading.expected, self.score) if self.grading else self.score


def pairings(
    request: Request, library: Library[Achievement] | Library[Demand], k: int
) -> Steps[tuple[Shown, set[str]]]:
    """The ``k`` best distinct pairings, and the ids that the library no longer has.

    Near-identical records are folded into the best of them. The indicators of at least twenty are
    compared and settle the order among these, so that an answer of five is the beginning of one of
    twenty. If an id is gone, nothing is shown.
    """
    groups = grouped(request, k)
    yield
    wanted = ids_of(request, groups)
    records: Mapping[str, Record] = library.get_many(wanted)
    vanished = set(wanted) - records.keys()
    if vanished:
        return Shown((), False), vanished
    yield
    drafts, is_weak = yield from _drafting(request, groups, records)
    ranked = sorted(drafts, key=_best_first)[:k]
    yield
    reasons = yield from _reasoning(request, ranked)
    shown = (
        _pairing(draft, rank, reason)
        for rank, (draft, reason) in enumerate(zip(ranked, reasons, strict=True), 1)
    )
    return Shown(tuple(shown), is_weak), set()


def grouped(request: Request, k: int) -> list[Group]:
    """The candidates that may be among the ``k`` best, each with those that are the same text."""
    order = request.ranking.order(request.hits.ids)
    return distinct(request.hits.rows, order, max(k, _HEAD))


def ids_of(request: Request, groups: Sequence[Group]) -> list[str]:
    """The ids of all that is in the groups."""
    ids = request.hits.ids
    return [ids[number] for head, twins in groups for number in (head, *twins)]


def drafted(
    request: Request, groups: Sequence[Group], records: Mapping[str, Record]
) -> list[Draft]:
    """The groups as pairings, best first, their indicators compared."""
    return sorted(_drafts(request, groups, records)[0], key=_best_first)


def chosen_pairings(
    request: Request, library: Library[Achievement] | Library[Demand], wanted: Collection[str]
) -> tuple[Pairing, ...]:
    """Pairings with the ``wanted`` ones among the candidates, best first.

    Ranked by their place among all candidates; those that the library no longer has are left out.
    """
    ids = request.hits.ids
    records: Mapping[str, Record] = library.get_many([id_ for id_ in ids if id_ in wanted])
    groups: list[Group] = [(i, []) for i, id_ in enumerate(ids) if id_ in records]
    place = {number: rank for rank, number in enumerate(request.ranking.order(ids), 1)}
    drafts, _ = _drafts(request, groups, records)
    drafts.sort(key=lambda draft: place[draft.number])
    reasons = reasons_of(request, drafts)
    return tuple(
        _pairing(draft, place[draft.number], reason)
        for draft, reason in zip(drafts, reasons, strict=True)
    )


def _drafting(
    request: Request, groups: Sequence[Group], records: Mapping[str, Record]
) -> Steps[tuple[list[Draft], bool]]:
    """The groups in their order, and whether even the best of them is weak."""
    ids, numbers = request.hits.ids, [head for head, _ in groups]
    items = [records[ids[number]] for number in numbers]
    twins = [tuple([records[ids[twin]] for twin in alike]) for _, alike in groups]
    both = [roles(request.record, item) for item in items]
    compared = claims(both)
    yield
    scores = request.ranking.overlap.score[numbers].tolist()
    gradings, is_weak = request.ranking.graded(numbers, list(map(agreement, compared)))
    return list(map(Draft, numbers, items, both, twins, compared, scores, gradings)), is_weak


_drafts = in_one_go(_drafting)


def _best_first(draft: Draft) -> float:
    return -draft.value


def _pairing(draft: Draft, rank: int, reason: Reason) -> Pairing:
    return Pairing(rank, draft.score, *draft.roles, reason, draft.grading, draft.twins)


def roles(record: Record, item: Record) -> tuple[Demand, Achievement]:
    """The demand and the achievement among what was asked for and what was found."""
    if isinstance(record, Demand) and isinstance(item, Achievement):
        return record, item
    if isinstance(record, Achievement) and isinstance(item, Demand):
        return item, record
    raise TypeError("a pairing has a demand on one side and an achievement on the other")


def _reasoning(request: Request, drafts: Sequence[Draft]) -> Steps[list[Reason]]:
    """Why each of them was found."""
    texts = [draft.item.texts() for draft in drafts]
    numbers = [draft.number for draft in drafts]
    missing, needs_offer = _missing_from(request), isinstance(request.record, Demand)
    explained = yield from explaining(request.ranking.overlap, numbers, texts)
    yield
    return [
        _reason(draft, why, missing(why, draft.item), needs_offer)
        for draft, why in zip(drafts, explained, strict=True)
    ]


reasons_of = in_one_go(_reasoning)


def _reason(draft: Draft, why: Explanation, missing: Sequence[str], needs_offer: bool) -> Reason:
    """Put query and item on their sides, and their highlights with them."""
    ours, theirs = why.query_highlights, why.item_highlights
    return Reason(
        summary=summary(why, draft.score, draft.grading, draft.claims),
        against=objections(*draft.roles, draft.claims, missing),
        claims=draft.claims,
        terms=why.terms,
        phrases=why.phrases,
        fields=why.fields,
        sentence=why.sentence,
        demand_highlights=ours if needs_offer else theirs,
        achievement_highlights=theirs if needs_offer else ours,
    )


def _missing_from(request: Request) -> Callable[[Explanation, Record], list[str]]:
    """What finds the weightiest words of the demand that the achievement does not have."""
    representation = request.representation
    if isinstance(request.record, Demand):
        words = weightiest(request.query, representation.idf_[request.query.columns])
        return lambda why, _: missing_words(words, why.written)
    written = GAP.join(normalised_all(list(request.record.texts().values())))

    def missing(_: Explanation, item: Record) -> list[str]:
        need = cut(representation, item.texts())
        columns = representation.columns(need.written.terms)
        return missing_words(weightiest(need, representation.idf_[columns]), written)

    return missing
