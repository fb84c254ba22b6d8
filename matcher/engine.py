"""The matchmaker: a demand or an achievement in, ranked, graded and explained pairings out."""

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import date
from itertools import chain, compress, islice, repeat
from typing import Final

import numpy as np

from matcher.checks import check
from matcher.coaching.survey import Survey, survey
from matcher.facets import facet_counts
from matcher.filters import Filters
from matcher.index import Hits
from matcher.library import Library, MemoryLibrary
from matcher.notices import notice
from matcher.pairing import Request, Shown, chosen_pairings, pairings
from matcher.pairing.candidates import Search, decided_on, joined, ranked, without
from matcher.pairing.claims import claims
from matcher.pairing.evidence import Pair
from matcher.pairing.plan import SupportPlan, support_plan
from matcher.ranking.decisions import Grades
from matcher.ranking.grader import Grader
from matcher.ranking.ordering import CANDIDATES
from matcher.ranking.side import Side, side
from matcher.records import Achievement, Demand, FacetCounts, MatchResult, Pairing
from matcher.representation import TfidfRepresentation
from matcher.resources import Resource
from matcher.steps import Steps, in_one_go
from matcher.text.lexicon import technology_terms

_MOST_UNKNOWN: Final = 8
_NOTHING: Final[Mapping[str, int]] = {}


class Matchmaker:
    """Finds achievements for demands and demands for achievements.

    >>> matchmaker = Matchmaker.from_records(achievements, demands)
    >>> matchmaker.match("废水氨氮超标，需要低成本的深度处理工艺", k=5).pairings
    """

    def __init__(
        self,
        representation: TfidfRepresentation,
        achievements: Library[Achievement],
        demands: Library[Demand],
        grader: Grader | None = None,
        resources: Library[Resource] | None = None,
    ) -> None:
        """Wire up a fitted representation, the libraries embedded by it, and a grader."""
        self.representation = representation
        self.achievements = achievements
        self.demands = demands
        self.grader = grader
        self.resources = MemoryLibrary[Resource](representation) if resources is None else resources

    @classmethod
    def from_records(
        cls,
        achievements: Iterable[Achievement] = (),
        demands: Iterable[Demand] = (),
        grader: Grader | None = None,
        resources: Iterable[Resource] = (),
    ) -> "Matchmaker":
        """Fit on the achievements and demands, and keep all these records in memory."""
        offers, needs = list(achievements), list(demands)
        texts = [*(a.texts() for a in offers), *(d.texts() for d in needs)]
        representation = TfidfRepresentation().fit(texts)
        return cls(
            representation,
            MemoryLibrary(representation, offers),
            MemoryLibrary(representation, needs),
            grader,
            MemoryLibrary(representation, resources),
        )

    def matching(
        self,
        query: Demand | Achievement | str,
        k: int = 10,
        filters: Filters | None = None,
        decisions: Grades = _NOTHING,
        facets: bool = False,
    ) -> Steps[MatchResult]:
        """The ``k`` best distinct pairings for a demand, an achievement, or free text as a demand.

        Pairings come best first: by ``ordering.value`` of grade and score with a grader, else by
        score; ties in order of id. ``decisions`` are the grades that brokers already gave for this
        query; what they decided on is not shown again, and what is like it is graded accordingly.
        ``facets`` asks how the candidates spread.
        Raises InvalidQuery if ``k`` is not in 1 … MAX_K, the text exceeds MAX_TEXT characters, a
        filter has an unknown value or does not apply to what is looked for, or a decision is not a
        grade of 1 … 4. A query that shares no term with anything gets an empty answer and a notice.
        Others may go on between the steps; ``match`` takes all of them.
        """
        record = Demand.from_text(query) if isinstance(query, str) else query
        check(record, k, filters, decisions)
        search = self.search(record, k, filters, decisions)
        yield
        shown, hits = yield from self._answer(search, k)
        library, query_side = self.library(record), search.query
        return MatchResult(
            direction="achievements" if isinstance(record, Demand) else "demands",
            pairings=shown.pairings,
            notice=notice(record, query_side, library, filters, shown, bool(decisions)),
            unknown_terms=self._unknown_terms(query_side, library),
            weak=shown.is_weak,
            facets=self._facets(record, query_side, filters, hits) if facets else FacetCounts(),
        )

    match = in_one_go(matching)

    def weigh(
        self,
        query: Demand | Achievement,
        ids: Collection[str],
        decisions: Grades = _NOTHING,
    ) -> tuple[Pairing, ...]:
        """Pairings with chosen records, wherever they rank, best first; those gone are left out.

        ``rank`` is the place among the candidates, these included, before any are folded. What was
        decided on the chosen ones themselves is not considered. Raises InvalidQuery as ``match``.
        """
        check(query, 1, None, decisions)
        library, query_side = self.library(query), side(self.representation, query.texts())
        others = {id_: grade for id_, grade in decisions.items() if id_ not in ids}
        hits = library.index.top_k(query_side.row, CANDIDATES + len(others))
        hits = joined(without(hits, set(others)), library.index.get(list(ids)), query_side)
        decided = decided_on(library.index, others)
        ranking = ranked(self.representation, query, query_side, hits, self.grader, decided)
        request = Request(self.representation, query, query_side, hits, ranking)
        return chosen_pairings(request, library, ids)

    def support(
        self, demand: Demand, achievement: Achievement, today: date, k: int = 3
    ) -> SupportPlan:
        """What this pairing may still lack, and up to ``k`` resources for each of its blockers.

        ``today`` is the day in Beijing. Raises InvalidQuery as ``match``.
        """
        check(demand, k, None, _NOTHING)
        check(achievement, k, None, _NOTHING)
        [compared] = claims([(demand, achievement)])
        pair = Pair(demand, achievement, compared)
        return support_plan(self.representation, self.resources, pair, today, k)

    def _facets(
        self, record: Demand | Achievement, query: Side, filters: Filters | None, found: Hits
    ) -> FacetCounts:
        """The counts of the candidates as if there were no filters."""
        hits = self.library(record).index.top_k(query.row, CANDIDATES) if filters else found
        return facet_counts([entry.facets for entry in hits.entries[:CANDIDATES]])

    def survey(self, demand: Demand) -> Survey:
        """What the libraries hold for a demand that is being written; no record is read."""
        return survey(
            self.representation, self.achievements.index, self.demands.index, self.grader, demand
        )

    def library(self, record: Demand | Achievement) -> Library[Achievement] | Library[Demand]:
        """Where to look for what goes with a record: the other side of the market."""
        return self.achievements if isinstance(record, Demand) else self.demands

    def search(
        self,
        record: Demand | Achievement,
        k: int,
        filters: Filters | None = None,
        decisions: Grades = _NOTHING,
        hidden: Set[str] = frozenset(),
    ) -> Search:
        """How ``match`` begins to look for what goes with a record, as if none were ``hidden``."""
        index = self.library(record).index
        return Search(
            self.representation,
            self.grader,
            index,
            record,
            side(self.representation, record.texts()),
            max(CANDIDATES, 2 * k),
            filters,
            decided_on(index, decisions),
            frozenset(decisions),
            hidden,
        )

    def _answer(self, search: Search, k: int) -> Steps[tuple[Shown, Hits]]:
        """What the source no longer has, and what is folded, is passed over and made up for.

        With what to show comes what retrieval found.
        """
        library = self.library(search.record)
        while True:
            request = yield from search.finding()
            shown, vanished = yield from pairings(request, library, k)
            if not vanished and (request.is_all or len(shown.pairings) == k):
                return shown, request.hits
            search = search.wider(vanished)

    def _unknown_terms(
        self, query: Side, library: Library[Achievement] | Library[Demand]
    ) -> tuple[str, ...]:
        """The first technical words of the query that no item of the library has.

        Technical are names in Latin letters, terms of our lexicon, and what was given as keywords;
        of other words nobody can say whether they should be in a library at all.
        """
        lexicon, parts = technology_terms(), query.fields.items()
        fields = chain.from_iterable(repeat(field, len(found.terms)) for field, found in parts)
        (terms, kinds, *_), columns = query.written, query.columns.tolist()
        technical = {
            term: column
            for field, term, kind, column in zip(fields, terms, kinds, columns, strict=True)
            if (kind == "word" and (term in lexicon or field == "keywords"))
            or (kind == "latin" and _is_name(term))
        }
        if not technical:
            return ()
        width = self.representation.vocabulary_.width
        in_whole = np.array([*technical.values()], np.int32) + np.int32(width)
        unknown = compress(technical, (library.index.frequencies(in_whole) == 0).tolist())
        return tuple(islice(unknown, _MOST_UNKNOWN))


def _is_name(term: str) -> bool:
    """Letters, perhaps with figures; neither a bare number nor a single letter."""
    return len(term) > 1 and any(map(str.isalpha, term))
