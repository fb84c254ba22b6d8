"""Terms are put under those of their record that contain them: by arrays as by hand."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking.nesting import Nested
from matcher.text.scripts import KINDS
from matcher.text.wanted import Wanted

TERMS = st.lists(
    st.text("膜水处a5-", min_size=1, max_size=6), min_size=1, max_size=12, unique=True
).map(sorted)


def contains(longer: str, term: str, kind: str) -> bool:
    if kind == "latin":
        return term != longer and term in re.split("[^a-z0-9]+", longer)
    return term != longer and term in longer


def by_hand(terms: list[str], record: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """The places of terms, longest first, and those of their homes."""
    lengths = [len(terms[number]) if number < len(terms) else 0 for number, _ in record]
    order = sorted(range(len(record)), key=lambda at: -lengths[at])
    found: list[int] = []
    for at, place in enumerate(order):
        number, kind = record[place]
        heads = [other for other in range(at) if found[other] == other]
        found += [
            next(
                (
                    head
                    for head in heads
                    if lengths[place]
                    and lengths[order[head]]
                    and contains(terms[record[order[head]][0]], terms[number], kind)
                ),
                at,
            )
        ]
    return [(place, order[home]) for place, home in zip(order, found, strict=True)]


@given(st.data(), TERMS)
def test_every_term_goes_to_the_longest_that_contains_it(
    data: st.DataObject, terms: list[str]
) -> None:
    """Numbers behind those of the terms stand for several or none."""
    one = st.tuples(st.integers(0, len(terms)), st.sampled_from(KINDS))
    records = data.draw(st.lists(st.lists(one, unique_by=lambda part: part[0]), max_size=4))
    bounds = np.cumsum([0, *map(len, records)])
    flat = [part for record in records for part in record]
    parts = [(number, 0, KINDS.index(kind)) for number, kind in flat]
    shares = np.array([data.draw(st.sampled_from((0.125, 0.25, 0.5))) for _ in flat], np.float64)
    rows = np.array(parts, np.int32).reshape(-1, 3)
    found = Nested.of(Wanted.of(terms), bounds, rows, shares, 2)
    expected = [
        (place + start, home + start)
        for record, start in zip(records, bounds.tolist(), strict=False)
        for place, home in by_hand(terms, record)
    ]
    homes = found.heads[found.homes]
    assert list(zip(found.order.tolist(), homes.tolist(), strict=True)) == expected
    sums = np.bincount(homes, shares[found.order], len(flat))[found.heads]
    assert (found.shares == sums).all()
    for start, end, is_tied in zip(found.bounds, found.bounds[1:], found.is_tied, strict=False):
        of_record = found.shares[start:end].tolist()
        assert of_record == sorted(of_record, reverse=True)
        assert is_tied == (len(set(of_record)) < len(of_record))
