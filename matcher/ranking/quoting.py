"""Which sentence of each record carries the largest share of its score: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Ints = NDArray[np.int64]
_INTS: Final = types.Array(types.int64, 1, "A", readonly=True)
_SPANS: Final = types.int64[:, ::1]
_FLAGS: Final = types.boolean[::1]
_SHARES: Final = types.float64[:, ::1]


@compiled(types.int64[::1](_SPANS, types.int64[::1], _FLAGS, *(_INTS,) * 4, _SHARES))
def best(
    spans: Ints,
    texts: Ints,
    is_preferred: NDArray[np.bool_],
    of_texts: Ints,
    numbers: Ints,
    starts: Ints,
    ends: Ints,
    shares: NDArray[np.float64],
) -> Any:  # noqa: ANN401 - int64 (n,)
    """The best of s sentences for each of n records; -1 where no sentence has a shared term.

    ``spans`` (s, 2) stand in ``texts`` (s,), each record having as many as ``is_preferred`` says
    which fields are better. Places (p,) of terms are in order, ``shares`` (n, t) what a term counts
    wherever it stands in a sentence, once. The first of equal ones is best.
    """
    f = len(is_preferred)
    found = np.full(len(shares), -1, np.int64)
    weights = np.zeros(len(shares))
    inside = np.empty(shares.shape[1], np.int64)
    last = np.full(shares.shape[1], -1, np.int64)
    place = 0
    for sentence in range(len(spans)):
        text = texts[sentence]
        while place < len(starts) and (
            of_texts[place] < text
            or (of_texts[place] == text and starts[place] < spans[sentence, 0])
        ):
            place += 1
        count = 0
        while (
            place < len(starts) and of_texts[place] == text and starts[place] < spans[sentence, 1]
        ):
            number = numbers[place]
            if ends[place] <= spans[sentence, 1] and last[number] != sentence:
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
        preferred = is_preferred[text - record * f]
        known = found[record]
        if known >= 0:
            was_preferred = is_preferred[texts[known] - record * f]
            if was_preferred and not preferred:
                continue
            if was_preferred == preferred and weight <= weights[record]:
                continue
        found[record], weights[record] = sentence, weight
    return found
