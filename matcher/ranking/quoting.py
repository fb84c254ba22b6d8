"""Which sentence of each record carries the largest share of its score: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.traced import INTS, Ints, Numbers

_SPANS: Final = types.int64[:, ::1]
_FLAGS: Final = types.boolean[::1]
_SHARES: Final = types.float64[:, ::1]


@compiled(_SPANS(_SPANS, INTS, _FLAGS, INTS, types.int32[:, ::1], _SHARES))
def best(
    spans: Ints,
    texts: Ints,
    is_preferred: NDArray[np.bool_],
    firsts: Ints,
    places: Numbers,
    shares: NDArray[np.float64],
) -> Any:  # noqa: ANN401 - int64 (n, 3)
    """Text, start and end of the best of s sentences for each of n records; -1 if there is none.

    ``spans`` (s, 2) stand in ``texts`` (s,), each record having as many as ``is_preferred`` says
    which fields are better. ``places`` of terms, those of each text from ``firsts`` on, are in
    order; ``shares`` (n, t) what a term counts wherever it stands in a sentence, once. The first of
    equal ones is best.
    """
    f = len(is_preferred)
    found = np.full((len(shares), 3), -1, np.int64)
    weights = np.zeros(len(shares))
    inside = np.empty(shares.shape[1], np.int64)
    last = np.full(shares.shape[1], -1, np.int64)
    place = 0
    for sentence in range(len(spans)):
        text, start, end = texts[sentence], spans[sentence, 0], spans[sentence, 1]
        place = max(place, firsts[text])
        while place < firsts[text + 1] and places[place, 2] < start:
            place += 1
        count = 0
        while place < firsts[text + 1] and places[place, 2] < end:
            number = places[place, 0]
            if places[place, 3] <= end and last[number] != sentence:
                last[number] = sentence
                at = count  # in order of number, so that sums are always the same
                while at > 0 and inside[at - 1] > number:
                    inside[at] = inside[at - 1]
                    at -= 1
                inside[at] = number
                count += 1
            place += 1
        record = text // f
        weight = 0.0
        for at in range(count):
            weight += shares[record, inside[at]]
        if weight == 0.0:
            continue
        known = found[record, 0]
        if known >= 0:
            preferred = is_preferred[text - record * f]
            was_preferred = is_preferred[known - record * f]
            if was_preferred and not preferred:
                continue
            if was_preferred == preferred and weight <= weights[record]:
                continue
        found[record, 0], found[record, 1], found[record, 2] = text, start, end
        weights[record] = weight
    return found
