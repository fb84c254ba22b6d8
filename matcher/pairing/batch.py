"""Every pairing at once: the best for each of many records, ranked as ``Matchmaker.match`` ranks.

What ``match`` does besides is left out: no evidence, no notice. What can be shared is: candidates
are found and ranked by several threads, and those of some records are read from their source in one
go. So memory does not grow with the number of records.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, TypeVar

from matcher.checks import check, is_too_long
from matcher.engine import Matchmaker
from matcher.filters import Filters
from matcher.pairing.assembly import Draft, Group, drafted, grouped, ids_of, reasons_of
from matcher.pairing.between import grades_between, nearest_graded
from matcher.pairing.candidates import Record, Request, Search
from matcher.ranking.decisions import Grades
from matcher.records import Achievement, Demand, Grading
from matcher.workers import cores

__all__ = ["Best", "Pair", "best_pairs", "grades_between", "nearest_graded"]

R = TypeVar("R", Demand, Achievement)
Learned = Callable[[Sequence[str]], Mapping[str, Grades]]
"""The grades that brokers gave, by id of the records asked about; those without any left out."""
_AT_ONCE: Final = 16
"""Records whose candidates are read together; those of as many more are being ranked meanwhile."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One demand beside one achievement; see ``Pairing``. ``reason`` is empty unless asked for."""

    rank: int
    score: float
    demand: Demand
    achievement: Achievement
    grading: Grading | None
    reason: str = ""
    twins: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Best(Generic[R]):
    """The best for one record; none, and ``too_long``, for a text that cannot be matched."""

    record: R
    pairs: tuple[Pair, ...]
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A record's candidates, and those of them that may be its best."""

    search: Search
    request: Request
    groups: list[Group]

    @classmethod
    def by(cls, search: Search, k: int) -> "_Found":
        request = search.found()
        return cls(search, request, grouped(request, k))


def nothing_learned(_: Sequence[str]) -> Mapping[str, Grades]:
    """No broker said anything."""
    return {}


def best_pairs(
    matchmaker: Matchmaker,
    records: Iterable[R],
    k: int = 10,
    filters: Filters | None = None,
    learned: Learned = nothing_learned,
    hidden: Set[str] = frozenset(),
    with_reasons: bool = False,
    threads: int | None = None,
) -> Iterator[Best[R]]:
    """The ``k`` best pairs for each record, in the order in which the records come.

    Ids, scores, grades and ranks are those of ``match`` with the same filters and decisions, as if
    those ``hidden`` were not in the library. Records are taken few at a time, so they may come from
    a database, and whoever has the first ones already asks for the others only. Raises InvalidQuery
    as ``match``, but not for a text that is too long. ``threads``: as many as there are cores.
    """

    def find(record: R, decisions: Grades) -> _Found | None:
        if is_too_long(record):
            return None
        check(record, k, filters, decisions)
        return _Found.by(matchmaker.search(record, k, filters, decisions, hidden), k)

    pool = ThreadPoolExecutor(threads or cores(), "pairs")
    waiting: deque[list[tuple[R, Future[_Found | None]]]] = deque()
    try:
        for some in _blocks(records):
            grades = learned([record.id for record in some])
            waiting.append([(r, pool.submit(find, r, grades.get(r.id, {}))) for r in some])
            if len(waiting) > 1:
                yield from _finished(matchmaker, waiting.popleft(), k, with_reasons)
        while waiting:
            yield from _finished(matchmaker, waiting.popleft(), k, with_reasons)
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(
    matchmaker: Matchmaker,
    begun: Sequence[tuple[R, "Future[_Found | None]"]],
    k: int,
    with_reasons: bool,
) -> Iterator[Best[R]]:
    found = [(record, future.result()) for record, future in begun]
    wanted = {id_ for _, one in found if one for id_ in ids_of(one.request, one.groups)}
    read: Mapping[str, Record] = matchmaker.library(begun[0][0]).get_many(sorted(wanted))
    for record, one in found:
        if one is None:
            yield Best(record, (), too_long=True)
        else:
            yield Best(record, _pairs(matchmaker, one, read, k, with_reasons))


def _pairs(
    matchmaker: Matchmaker, found: _Found, read: Mapping[str, Record], k: int, with_reasons: bool
) -> tuple[Pair, ...]:
    """As ``match`` does, what has vanished, and what is folded, is made up for."""
    while True:
        vanished = set(ids_of(found.request, found.groups)) - read.keys()
        if not vanished and (found.request.is_all or len(found.groups) >= k):
            drafts = drafted(found.request, found.groups, read)[:k]
            return _assembled(found.request, drafts, with_reasons)
        found = _Found.by(found.search.wider(vanished), k)
        read = matchmaker.library(found.search.record).get_many(ids_of(found.request, found.groups))


def _assembled(request: Request, drafts: Sequence[Draft], with_reasons: bool) -> tuple[Pair, ...]:
    reasons = (
        [r.summary for r in reasons_of(request, drafts)] if with_reasons else [""] * len(drafts)
    )
    return tuple(
        Pair(
            rank,
            draft.score,
            *draft.roles,
            draft.grading,
            reason,
            draft.twins,
        )
        for rank, (draft, reason) in enumerate(zip(drafts, reasons, strict=True), 1)
    )


def _blocks(records: Iterable[R]) -> Iterator[list[R]]:
    remaining = iter(records)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
