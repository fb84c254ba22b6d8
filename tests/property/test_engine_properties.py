"""What holds for every answer: order, scores, and reasons that add up."""

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Achievement, Demand, Filters, Matchmaker, Pairing, TfidfRepresentation
from matcher.errors import InvalidQuery
from matcher.library import MemoryLibrary
from matcher.records import Span
from matcher.text import tokenizer
from matcher.values import COOPERATION_MODES, FIELDS
from tests.property import texts

cut = tokenizer("rjieba")
field_texts = texts.sentences | texts.messy
keywords = st.lists(st.sampled_from(texts.WORDS), max_size=3).map(tuple)

DAYS = ["2027-06-29", "2027-06-30", "2027-07-01"]
demands = st.builds(
    Demand,
    id=st.sampled_from("abcdef"),
    title=field_texts,
    problem=field_texts,
    indicators=field_texts,
    keywords=keywords,
    field=st.none() | st.sampled_from(FIELDS[:2]),
    maturity_min=st.none() | st.integers(1, 9),
    deadline=st.none() | st.sampled_from(DAYS),
)
achievements = st.builds(
    Achievement,
    id=st.sampled_from("abcdef"),
    title=field_texts,
    abstract=field_texts,
    keywords=keywords,
    field=st.none() | st.sampled_from(FIELDS[:2]),
    region=st.none() | st.sampled_from(["江苏", "江苏-苏州", "江"]),
    cooperation_modes=st.lists(st.sampled_from(COOPERATION_MODES[:2]), unique=True).map(tuple),
    maturity=st.none() | st.integers(1, 9),
)
offers = st.lists(achievements, max_size=5)
needs = st.lists(demands, max_size=5)


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    return TfidfRepresentation(field_weights={"title": 1.5, "indicators": 0.5}).fit([])


def matchmaker(
    representation: TfidfRepresentation, stock: Sequence[Achievement], calls: Sequence[Demand] = ()
) -> Matchmaker:
    return Matchmaker(
        representation, MemoryLibrary(representation, stock), MemoryLibrary(representation, calls)
    )


def assert_well_formed(pairings: Sequence[Pairing], ids: Sequence[str]) -> None:
    assert [pairing.rank for pairing in pairings] == list(range(1, len(pairings) + 1))
    assert all(0.0 < pairing.score <= 1.0 for pairing in pairings)  # which no NaN is
    order = [(-pairing.score, id_) for pairing, id_ in zip(pairings, ids, strict=True)]
    assert order == sorted(order)
    assert len(set(ids)) == len(ids)


@settings(max_examples=60)
@given(stock=offers, query=demands, k=st.integers(1, 8))
def test_pairings_of_a_demand_are_in_order(
    representation: TfidfRepresentation, stock: list[Achievement], query: Demand, k: int
) -> None:
    result = matchmaker(representation, stock).match(query, k)
    assert_well_formed(result.pairings, [p.achievement.id for p in result.pairings])
    assert len(result.pairings) <= min(k, len({offer.id for offer in stock}))
    assert (result.notice is None) == bool(result.pairings)
    latest = {offer.id: offer for offer in stock}
    assert all(p.achievement == latest[p.achievement.id] for p in result.pairings)


@settings(max_examples=40)
@given(calls=needs, query=achievements, k=st.integers(1, 8))
def test_pairings_of_an_achievement_are_in_order(
    representation: TfidfRepresentation, calls: list[Demand], query: Achievement, k: int
) -> None:
    result = matchmaker(representation, [], calls).match(query, k)
    assert_well_formed(result.pairings, [p.demand.id for p in result.pairings])
    assert all(p.achievement == query for p in result.pairings)
    for pairing in result.pairings:
        assert_reason_adds_up(pairing, pairing.demand)


@settings(max_examples=40)
@given(
    stock=offers,
    query=texts.sentences,
    fields=st.frozensets(st.sampled_from(FIELDS[:2])),
    regions=st.frozensets(st.sampled_from(["江苏", "江苏-苏州"])),
    modes=st.frozensets(st.sampled_from(COOPERATION_MODES[:2])),
    low=st.none() | st.integers(1, 9),
)
def test_filters_are_honoured_and_take_nothing_else_away(
    representation: TfidfRepresentation,
    stock: list[Achievement],
    query: str,
    fields: frozenset[str],
    regions: frozenset[str],
    modes: frozenset[str],
    low: int | None,
) -> None:
    def passes(offer: Achievement) -> bool:
        region = f"{offer.region}-"
        return (
            (not fields or offer.field in fields)
            and (not regions or any(region.startswith(f"{r}-") for r in regions))
            and (not modes or not modes.isdisjoint(offer.cooperation_modes))
            and (low is None or (offer.maturity is not None and offer.maturity >= low))
        )

    filters = Filters(fields=fields, regions=regions, cooperation_modes=modes, maturity_min=low)
    asked = matchmaker(representation, stock)
    narrowed = [p.achievement for p in asked.match(query, filters=filters).pairings]
    assert narrowed == [p.achievement for p in asked.match(query).pairings if passes(p.achievement)]


@given(
    calls=needs,
    query=achievements,
    first=st.none() | st.sampled_from(DAYS),
    last=st.none() | st.sampled_from(DAYS),
)
def test_days_are_honoured_and_take_nothing_else_away(
    representation: TfidfRepresentation,
    calls: list[Demand],
    query: Achievement,
    first: str | None,
    last: str | None,
) -> None:
    def passes(call: Demand) -> bool:
        is_open = first is None or call.deadline is None or call.deadline >= first
        return is_open and (last is None or (call.deadline is not None and call.deadline <= last))

    asked, filters = matchmaker(representation, [], calls), Filters(date_from=first, date_to=last)
    if first and last and first > last:
        with pytest.raises(InvalidQuery, match="截止日期"):
            asked.match(query, filters=filters)
        return
    narrowed = [p.demand for p in asked.match(query, filters=filters).pairings]
    assert narrowed == [p.demand for p in asked.match(query).pairings if passes(p.demand)]


@settings(max_examples=40)
@given(stock=offers, text=field_texts)
def test_free_text_is_answered_like_a_demand_with_that_problem(
    representation: TfidfRepresentation, stock: list[Achievement], text: str
) -> None:
    asked = matchmaker(representation, stock)
    free, stored = asked.match(text), asked.match(Demand(id="stored", problem=text))
    assert [(p.score, p.achievement, p.reason) for p in free.pairings] == [
        (p.score, p.achievement, p.reason) for p in stored.pairings
    ]
    assert (free.notice, free.unknown_terms) == (stored.notice, stored.unknown_terms)


@settings(max_examples=80)
@given(stock=offers, query=demands)
def test_reasons_add_up_and_point_at_what_is_there(
    representation: TfidfRepresentation, stock: list[Achievement], query: Demand
) -> None:
    for pairing in matchmaker(representation, stock).match(query).pairings:
        assert_reason_adds_up(pairing, pairing.achievement)


def assert_reason_adds_up(pairing: Pairing, found: Demand | Achievement) -> None:
    reason, score = pairing.reason, pytest.approx(pairing.score, abs=1e-5)
    assert sum(term.share for term in reason.terms) == score
    assert sum(phrase.share for phrase in reason.phrases) == score
    assert sum(reason.fields.values()) == score
    shares = [term.share for term in reason.terms]
    assert shares == sorted(shares, reverse=True)
    assert all(share > 0.0 and math.isfinite(share) for share in shares)
    for term in reason.terms:
        assert sum(term.by_field.values()) == pytest.approx(term.share, abs=1e-9)
        for field in term.by_field:
            assert term.term in cut.terms(found.texts()[field])
    by_field = [sum(t.by_field.get(field, 0.0) for t in reason.terms) for field in reason.fields]
    assert list(reason.fields.values()) == pytest.approx(by_field, abs=1e-9)

    named = {term.term for term in reason.terms}
    assert sorted(t for p in reason.phrases for t in p.terms) == sorted(named)
    assert named <= {t for text in pairing.demand.texts().values() for t in cut.terms(text)}
    assert named <= {t for text in pairing.achievement.texts().values() for t in cut.terms(text)}
    assert_highlights_fit(reason.demand_highlights, pairing.demand.texts(), named)
    assert_highlights_fit(reason.achievement_highlights, pairing.achievement.texts(), named)

    if reason.sentence is not None:
        start, end = reason.sentence.span
        assert found.texts()[reason.sentence.field][start:end] == reason.sentence.text
        assert named & set(cut.terms(reason.sentence.text))


def assert_highlights_fit(
    marked: Mapping[str, Sequence[Span]], record: Mapping[str, str], named: set[str]
) -> None:
    for field, spans in marked.items():
        text = record[field]
        assert list(spans) == sorted(spans)
        tokens = [token for token in cut.tokens(text) if token.term in named]
        for start, end in spans:
            assert 0 <= start < end <= len(text)
            assert any(start <= token.start and token.end <= end for token in tokens)
