"""Finds the resources that a pairing can use: the usual retrieval, then hard conditions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from matcher.background import document_shares
from matcher.filters import Filters
from matcher.index import Hits
from matcher.library import Library
from matcher.pairing.conditions import Condition, Need, fits, is_excluded
from matcher.pairing.lexicon import steering
from matcher.ranking.explanation import Explanation, explain
from matcher.ranking.overlap import Overlap
from matcher.ranking.shares import OTHER_NEW_WORDS
from matcher.ranking.side import Side
from matcher.records import Phrase
from matcher.representation import TITLE, TfidfRepresentation
from matcher.resources import Resource
from matcher.values import FINANCE, POLICY

GENERAL: Final = frozenset({FINANCE, POLICY})
"""Kinds that may be for anybody, so that the words of the blocker count as well.

Money needs no shared word at all, a policy one that answers the blocker, the others one that the
pairing says.
"""
LEAST: Final = 0.05
"""The score below which shared words are chance; measured, docs/decisions/0018."""
_BESIDE: Final = 0.4
"""Part of the best one's score below which a further one of its kind is about something else."""
_COMMON: Final = 0.0025
"""Share of general texts from which on a word tells nothing of a subject."""
_CANDIDATES: Final = 200
_GROWTH: Final = 4
_AT_ONCE: Final = 16
"""Records that are read at once, best first."""
_EXPLAINED: Final = 4
"""Of these, how many are explained together, which costs little more than one."""
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A resource that can be had.

    ``score`` is in (0, 1] and is not a probability; ``phrases`` are the shared words that made it,
    strongest first. None of the conditions is unmet.
    """

    resource: Resource
    score: float
    because: str
    phrases: tuple[Phrase, ...]
    conditions: tuple[Condition, ...]

    @property
    def to_confirm(self) -> bool:
        """Whether something has to be asked first."""
        return any(condition.state == "unknown" for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a kind, for a need; of ``steering`` words the query's title consists.

    ``blocker`` is what these words stand for; both are empty where the pairing alone counts.
    """

    kind: str
    need: Need
    query: Side
    blocker: str = ""


def best_offers(
    representation: TfidfRepresentation, library: Library[Resource], wanted: Wanted, k: int
) -> tuple[Offer, ...]:
    """The ``k`` best that can be had, by score, ties in order of id; fewer if there are no more.

    What is excluded is passed over and made up for, until there are enough or all have been seen.
    """
    known: dict[str, Resource] = {}
    most, only = _CANDIDATES, Filters(kinds=frozenset({wanted.kind}))
    while True:
        hits = library.index.top_k(wanted.query.row, most, only)
        overlap = Overlap.of(representation, wanted.query, hits.rows)
        found = tuple(islice(_offers(library, wanted, hits, overlap, known), k))
        if len(found) == k or len(hits.ids) < most:
            return found
        most *= _GROWTH


def _offers(
    library: Library[Resource],
    wanted: Wanted,
    hits: Hits,
    overlap: Overlap,
    known: dict[str, Resource],
) -> Iterator[Offer]:
    """Those of the candidates that can be had, best first, read only as far as they are wanted."""
    ids, scores = hits.ids, overlap.score.tolist()
    order = sorted(range(len(ids)), key=lambda number: (-scores[number], ids[number]))
    least = LEAST
    for at in range(0, len(order), _AT_ONCE):
        numbers = order[at : at + _AT_ONCE]
        if wanted.kind not in GENERAL and scores[numbers[0]] < least:
            return
        known.update(library.get_many([ids[n] for n in numbers if ids[n] not in known]))
        possible = list(_possible(numbers, ids, known, wanted.need))
        for found in (possible[n : n + _EXPLAINED] for n in range(0, len(possible), _EXPLAINED)):
            texts = [resource.texts() for _, resource, _ in found]
            reasons = explain(overlap, [number for number, _, _ in found], texts)
            for (number, resource, conditions), why in zip(found, reasons, strict=True):
                shared, answers = _told(why, wanted)
                if _is_apt(wanted, scores[number], least, (*shared, *answers)):
                    least = max(least, _BESIDE * scores[number])
                    because = _because(shared, answers, wanted.blocker)
                    yield Offer(resource, scores[number], because, (*shared, *answers), conditions)


def _is_apt(wanted: Wanted, score: float, least: float, words: Sequence[Phrase]) -> bool:
    """Whether the words are enough: money needs none, a policy one that answers the blocker."""
    if wanted.kind == POLICY:
        answering = set(wanted.query.fields[TITLE].terms)
        return any(phrase.terms[0] in answering for phrase in words)
    return wanted.kind == FINANCE or (bool(words) and score >= least)


def _possible(
    numbers: Sequence[int], ids: Sequence[str], known: Mapping[str, Resource], need: Need
) -> Iterator[tuple[int, Resource, tuple[Condition, ...]]]:
    for number in numbers:
        if resource := known.get(ids[number]):
            conditions = fits(resource, need)
            if not is_excluded(conditions):
                yield number, resource, conditions


def _told(why: Explanation, wanted: Wanted) -> tuple[list[Phrase], list[Phrase]]:
    """The shared words that the pairing says too, and those that only answer the blocker.

    Left out are single characters, nameless words, and those that any text has: 条件, 完成.
    """
    fields = wanted.query.fields.items()
    body = {term for name, written in fields if name != TITLE for term in written.terms}
    answering = steering().get(wanted.blocker, "").split()
    names = [p for p in why.phrases if p.text in answering or _is_name(p)]
    return [p for p in names if p.terms[0] in body], [p for p in names if p.terms[0] not in body]


def _is_name(phrase: Phrase) -> bool:
    """Whether a phrase tells what a text is about."""
    if len(phrase.text) < 2 or phrase.text == OTHER_NEW_WORDS:
        return False
    if not any(map(str.isalpha, phrase.text)):  # 10%
        return False
    return document_shares().get(phrase.terms[0], 0.0) < _COMMON


def _because(shared: Sequence[Phrase], answers: Sequence[Phrase], blocker: str) -> str:
    parts = (
        f"与配对都提到{_quoted(shared)}" if shared else "",
        f"针对“{blocker}”写有{_quoted(answers)}" if answers else "",
    )
    return "；".join(filter(None, parts)) or "按条件适用，文字上没有共同的词"


def _quoted(words: Sequence[Phrase]) -> str:
    return "".join(f"“{phrase.text}”" for phrase in words[:_MOST_NAMED])
