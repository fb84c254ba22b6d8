"""What the columns of an index cost: masks of filters, and the facets of what was found.

python benchmarks/columns.py --documents 1000000
"""

import argparse
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

import numpy as np

from matcher import Filters
from matcher.index.columns import Columns
from matcher.records import Facets
from matcher.values import FIELDS

_TURNS = 41
_FOUND = 200
_FILTERS = {
    "a field": Filters(fields=frozenset({FIELDS[0]})),
    "a range of maturity": Filters(maturity_min=4, maturity_max=6),
    "a first day": Filters(date_from="2027-06-30"),
    "a range of days": Filters(date_from="2027-01-01", date_to="2027-06-30"),
}


def milliseconds(work: Callable[[], object], times: int = 1) -> float:
    """Of processor time, the median of several turns."""
    turns = []
    for _ in range(_TURNS):
        begun = time.process_time_ns()
        for _ in range(times):
            work()
        turns.append((time.process_time_ns() - begun) / times / 1e6)
    return median(turns)


def columns(count: int, share: float) -> Columns:
    """Of this many documents, so large a part of which has a last day."""
    random = np.random.default_rng(7)
    days = random.integers(0, 1000, count).tolist()
    ends = (random.random(count) < share).tolist()
    return Columns.of(
        [
            Facets(
                field=FIELDS[day % len(FIELDS)],
                maturity=day % 9 + 1,
                date=date(2026, 1, 1) + timedelta(day) if has_end else None,
            )
            for day, has_end in zip(days, ends, strict=True)
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    count = parser.parse_args().documents
    found = np.random.default_rng(8).integers(0, count, _FOUND)
    for share in (0.0, 0.8):
        made = columns(count, share)
        spent = milliseconds(lambda made=made: list(made.facets(found)), 20)  # type: ignore[misc]
        print(f"{share:.0%} with a day: facets of {_FOUND} documents {spent:.3f} ms")
    for name, filters in _FILTERS.items():
        spent = milliseconds(lambda made=made, filters=filters: made.mask(filters))  # type: ignore[misc]
        print(f"mask of {count} documents by {name}: {spent:.2f} ms")


if __name__ == "__main__":
    main()
