"""The matchmaker: a demand or an achievement in, ranked and explained pairings out."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from matcher.errors import FieldProblem, InvalidQuery
from matcher.filters import Filters
from matcher.library import Library, MemoryLibrary
from matcher.ranking.explanation import Explanation, Side, explain, sides
from matcher.records import Achievement, Demand, MatchResult, Pairing, Reason, Span
from matcher.representation import TfidfRepresentation
from matcher.text.lexicon import technology_terms

MAX_K: Final = 100
MAX_TEXT: Final = 20_000
"""Characters that one query may have, all fields together."""
_MOST_UNKNOWN: Final = 8


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
    ) -> None:
        """Wire up a fitted representation with the two libraries embedded by it."""
        self.representation = representation
        self.achievements = achievements
        self.demands = demands

    @classmethod
    def from_records(
        cls, achievements: Iterable[Achievement] = (), demands: Iterable[Demand] = ()
    ) -> "Matchmaker":
        """Fit on these records and keep them in memory."""
        offers, needs = list(achievements), list(demands)
        texts = [*(a.texts() for a in offers), *(d.texts() for d in needs)]
        representation = TfidfRepresentation().fit(texts)
        return cls(
            representation,
            MemoryLibrary(representation, offers),
            MemoryLibrary(representation, needs),
        )

    def match(
        self, query: Demand | Achievement | str, k: int = 10, filters: Filters | None = None
    ) -> MatchResult:
        """The ``k`` best pairings for a demand, an achievement, or free text read as a demand.

        Pairings come best first, ties in order of id. Raises InvalidQuery if ``k`` is not in
        1 … MAX_K, the text exceeds MAX_TEXT characters, or a filter has an unknown value
        or does not apply to what is looked for.
        A query that shares no term with anything gets an empty answer and a notice.
        """
        record = Demand.from_text(query) if isinstance(query, str) else query
        _check(record, k, filters)
        [side] = sides(self.representation, [record.texts()])
        pairings = self._pairings(record, side, k, filters)
        needs_offers = isinstance(record, Demand)
        library = self.achievements if needs_offers else self.demands
        return MatchResult(
            direction="achievements" if needs_offers else "demands",
            pairings=tuple(pairings),
            notice=None if pairings else _notice(record, side, library, filters),
            unknown_terms=self._unknown_terms(side, library),
        )

    def _pairings(
        self, record: Demand | Achievement, query: Side, k: int, filters: Filters | None
    ) -> list[Pairing]:
        found = self._best(record, query, k, filters)
        reasons = self._reasons(query, [item for item, _ in found])
        return [
            _pairing(place + 1, score, record, item, reasons[place])
            for place, (item, score) in enumerate(found)
        ]

    def _best(
        self, record: Demand | Achievement, query: Side, k: int, filters: Filters | None
    ) -> Sequence[tuple[Demand | Achievement, float]]:
        if isinstance(record, Demand):
            return self.achievements.best(query.row, k, filters)
        return self.demands.best(query.row, k, filters)

    def _reasons(self, query: Side, items: Sequence[Demand | Achievement]) -> list[Explanation]:
        found = sides(self.representation, [item.texts() for item in items])
        return [explain(self.representation, query, side) for side in found]

    def _unknown_terms(
        self, query: Side, library: Library[Achievement] | Library[Demand]
    ) -> tuple[str, ...]:
        """The first technical words of the query that no item of the library has.

        Technical are names in Latin letters, terms of our lexicon, and what was given as keywords;
        of other words nobody can say whether they should be in a library at all.
        """
        vocabulary, lexicon = self.representation.vocabulary_, set(technology_terms())
        frequencies = library.index.frequencies(query.row)
        absent = set((query.row.indices[frequencies == 0] - vocabulary.width).tolist())
        technical = (
            token.term
            for field, tokens in query.tokens.items()
            for token in tokens
            if (token.kind == "latin" and _is_name(token.term))
            or (token.kind == "word" and (field == "keywords" or token.term in lexicon))
        )
        unknown = (term for term in dict.fromkeys(technical) if vocabulary[term] in absent)
        return tuple(islice(unknown, _MOST_UNKNOWN))


def _is_name(term: str) -> bool:
    """Letters, perhaps with figures; neither a bare number nor a single letter."""
    return len(term) > 1 and any(map(str.isalpha, term))


def _check(record: Demand | Achievement, k: int, filters: Filters | None) -> None:
    if not 1 <= k <= MAX_K:
        message = f"返回条数 k 应在 1 到 {MAX_K} 之间。"
        raise InvalidQuery(message, [FieldProblem("k", message)])
    length = sum(map(len, record.texts().values()))
    if length > MAX_TEXT:
        message = f"文字共 {length} 字，超过 {MAX_TEXT} 字的上限，请保留问题、指标和目标后再试。"
        raise InvalidQuery(message, [FieldProblem("text", message)])
    if filters is not None:
        filters.check()
        _check_applicable(record, filters)


def _check_applicable(record: Demand | Achievement, filters: Filters) -> None:
    """A demand has neither a provider nor cooperation modes."""
    if isinstance(record, Achievement) and (filters.providers or filters.cooperation_modes):
        name = "providers" if filters.providers else "cooperation_modes"
        message = "查找需求时不能按完成单位或合作方式筛选，请去掉这些条件。"
        raise InvalidQuery(message, [FieldProblem(name, message)])


def _notice(
    record: Demand | Achievement,
    query: Side,
    library: Library[Achievement] | Library[Demand],
    filters: Filters | None,
) -> str:
    """Why there is no pairing, and what to do about it."""
    items = "成果" if isinstance(record, Demand) else "需求"
    if not query.row.nnz:
        return "文字中没有可用于匹配的词语，请写明对象、问题和指标。"
    if not len(library):
        return f"{items}库为空，请先导入{items}。"
    if filters and library.index.frequencies(query.row).any():
        return f"没有符合筛选条件的{items}，请放宽条件后再试。"
    return f"库中没有与之共用任何词语的{items}，请换用更常见的说法。"


def _pairing(
    rank: int,
    score: float,
    query: Demand | Achievement,
    item: Demand | Achievement,
    why: Explanation,
) -> Pairing:
    """Put query and item on their sides, and their highlights with them."""
    asked, found = why.query_highlights, why.item_highlights
    if isinstance(query, Demand) and isinstance(item, Achievement):
        return Pairing(rank, score, query, item, _reason(why, asked, found))
    if isinstance(query, Achievement) and isinstance(item, Demand):
        return Pairing(rank, score, item, query, _reason(why, found, asked))
    raise TypeError("a pairing has a demand on one side and an achievement on the other")


def _reason(
    why: Explanation,
    demand: Mapping[str, Sequence[Span]],
    achievement: Mapping[str, Sequence[Span]],
) -> Reason:
    return Reason(why.terms, why.phrases, why.fields, why.sentence, demand, achievement)
