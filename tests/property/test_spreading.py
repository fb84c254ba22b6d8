"""How shares spread over terms and fields: as compiled, and by hand."""

from collections.abc import Iterator
from itertools import accumulate

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.ranking.spreading import spread

COLUMNS, TERMS, FIELDS = 3, 4, 3
SHARE = st.sampled_from((0.0, 0.1, 0.25)) | st.floats(0.0, 1.0, width=32)
SHARES = st.lists(SHARE, min_size=COLUMNS, max_size=COLUMNS)
SPLIT = [([0.0871988832950592, 0.0, 0.0], [0.7466689944267273, 0.0, 0.0])]
"""Where it shows whether the title's share is added first or last."""
PLACE = st.tuples(st.integers(0, TERMS - 1), st.integers(0, 3))
"""A term, and its kind there."""
FIELD = st.lists(PLACE, max_size=4)
RECORD = st.lists(FIELD, min_size=FIELDS, max_size=FIELDS)
Record = list[list[tuple[int, int]]]
Part = tuple[float, int, int, int, list[float]]
"""What a part adds up to; its term, where that stands first, its kind; and the part by field."""


def divided(title: float, whole: float, counts: list[float]) -> tuple[float, list[float]]:
    """One share, and it by field."""
    counts = counts if any(counts) else [1.0] + [0.0] * (FIELDS - 1)
    parts = [whole if n == sum(counts) else whole * n / sum(counts) for n in counts]
    parts[0] += title
    return sum(parts if counts[0] else [*parts[1:], parts[0]]), parts


def by_hand(
    shares: np.ndarray, of: list[int], record: Record, begin: int, w: list[float]
) -> Iterator[Part]:
    """The parts of a record, whose first place is the one numbered ``begin``."""
    flat = [(term, kind, field) for field in range(FIELDS) for term, kind in record[field]]
    terms = [term for term, _, _ in flat]
    for column, (title, whole) in enumerate(shares):
        own = sorted({term for term in terms if of[term] == column})
        counts = [
            sum(w[f] for term, _, field in flat if term in own and field == f)
            for f in range(FIELDS)
        ]
        # Together in single precision, in which both are given; all that follows is in double.
        titles, wholes = (title, whole) if record[0] else (0.0, whole + title)
        total, parts = divided(float(titles), float(wholes), counts)
        if total:
            kind = next(kind for term, kind, _ in flat[::-1] if term == own[0]) if own else 0
            place = begin + terms.index(own[0]) if len(own) == 1 else -1
            yield total, own[0] if own else -1, place, kind, parts


@given(
    st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), RECORD), max_size=3),
    st.lists(st.integers(0, COLUMNS - 1), min_size=TERMS, max_size=TERMS),
    st.lists(st.sampled_from((0.0, 0.5, 1.0, 3.0)), min_size=FIELDS, max_size=FIELDS),
)
@example(SPLIT, [(0, [[(1, 0)], [(0, 0), (0, 0)], [(0, 0)]])], [0, 1, 2, 2], [1.0] * FIELDS)
def test_shares_spread_as_by_hand(
    shares: list[tuple[list[float], list[float]]],
    chosen: list[tuple[int, Record]],
    columns: list[int],
    weights: list[float],
) -> None:
    """To the last digit, for they say in which order parts are shown."""
    titles, wholes = np.array(shares, np.float32).swapaxes(0, 1)
    candidates, records = [n % len(shares) for n, _ in chosen], [record for _, record in chosen]
    places = [(*place, 0, 0) for record in records for field in record for place in field]
    firsts = [0, *accumulate(len(field) for record in records for field in record)]
    bounds, terms, totals, parts, sums, of_terms, is_simple = spread(
        np.ascontiguousarray(titles),
        np.ascontiguousarray(wholes),
        np.array(candidates, np.int64),
        np.array(columns, np.int64),
        np.array(firsts, np.int64),
        np.array(places, np.int32).reshape(-1, 4),
        np.array(weights),
    )
    expected: list[list[Part]] = []
    for at, (candidate, record) in enumerate(zip(candidates, records, strict=True)):
        own = np.column_stack((titles[candidate], wholes[candidate]))
        found = by_hand(own, columns, record, firsts[at * FIELDS], weights)
        in_order = sorted(found, key=lambda part: part[1] if part[1] >= 0 else TERMS)
        expected.append(sorted(in_order, key=lambda part: -part[0]))
    flat = [part for of_record in expected for part in of_record]
    assert bounds.tolist() == [0, *accumulate(map(len, expected))]
    assert totals.tolist() == [total for total, *_ in flat]
    assert terms.tolist() == [[*of_part] for _, *of_part, _ in flat]
    assert parts.tolist() == [by_field for *_, by_field in flat]
    assert is_simple == all(place >= 0 for _, _, place, _, _ in flat)
    for at, of_record in enumerate(expected):
        alone = {term: total for total, term, place, _, _ in of_record if place >= 0}
        assert of_terms[at].tolist() == [alone.get(term, 0.0) for term in range(TERMS)]
        by_field = [sum(part[-1][field] for part in of_record) for field in range(FIELDS)]
        assert sums[at].tolist() == by_field
