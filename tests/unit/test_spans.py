"""Spans of whole months, as people write them."""

from datetime import UTC, datetime

import pytest

from api.services.periods import Span, quarter_of, span_of
from matcher.errors import InvalidQuery

NOW = datetime(2027, 2, 28, 17, tzinfo=UTC)  # March has begun in Beijing


@pytest.mark.parametrize(
    ("span", "before"),
    [
        (Span("2027-01", "2027-03"), Span("2026-10", "2026-12")),
        (Span("2027-01", "2027-01"), Span("2026-12", "2026-12")),
        (Span("2026-01", "2026-12"), Span("2025-01", "2025-12")),
        (Span("2027-02"), Span("2026-12", "2027-01")),
        (Span("2028-05"), Span("2028-04", "2028-04")),
        (Span(), None),
        (Span("", "2027-01"), None),
    ],
)
def test_before_a_span_lie_as_many_months(span: Span, before: Span | None) -> None:
    assert span.before(NOW) == before


def test_a_span_ends_where_its_last_month_does() -> None:
    span = Span("2027-01", "2027-02")
    assert span.begins == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert span.ends == datetime(2027, 2, 28, 16, tzinfo=UTC)
    assert not span.is_under_way(NOW)
    assert Span("2027-03", "2027-03").is_under_way(NOW)
    assert (Span().begins, Span().ends) == (None, None)


@pytest.mark.parametrize(
    ("span", "first", "last", "count"),
    [
        (Span("2026-12", "2027-02"), "2026-12", "2027-02", 3),
        (Span("2027-02"), "2027-02", "2027-03", 2),
        (Span(), "2025-04", "2027-03", 24),
        (Span("2010-01", "2020-06"), "2018-07", "2020-06", 24),
        (Span("2028-05"), "2028-05", "2028-05", 1),
    ],
)
def test_months_are_the_last_of_the_span(span: Span, first: str, last: str, count: int) -> None:
    names = [name for name, _, _ in span.months(NOW)]
    assert (names[0], names[-1], len(names)) == (first, last, count)


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2027-01", "2027-01", "2027-03"),
        ("2027-03", "2027-01", "2027-03"),
        ("2026-12", "2026-10", "2026-12"),
        ("2027-04", "2027-04", "2027-06"),
    ],
)
def test_quarters_begin_in_january(month: str, first: str, last: str) -> None:
    assert quarter_of(month) == Span(first, last)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2027-13", "", "since"),
        ("2027", "", "since"),
        ("2027-01\n", "", "since"),
        ("", "gestern", "until"),
        ("2027-03", "2027-02", "until"),
    ],
)
def test_what_is_no_span_is_refused_with_the_field(first: str, last: str, name: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        span_of(first, last)
    assert [problem.field for problem in refused.value.problems] == [name]
    assert str(refused.value).endswith("。")


def test_what_is_written_well_is_a_span() -> None:
    assert span_of("", "") == Span()
    assert span_of("2027-02", "2027-02") == Span("2027-02", "2027-02")
