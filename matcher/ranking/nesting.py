"""Which of the terms that a record shares lie inside which: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.places import KINDS, Ints, Numbers
from matcher.text.wanted import Wanted

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
_LATIN: Final = KINDS.index("latin")
_CODES: Final = types.Array(types.uint32, 1, "C", readonly=True)
_ROWS: Final = types.int32[:, ::1]
_OUT: Final = types.int64[::1]
_FLAGS: Final = types.boolean[::1]
_FLOATS: Final = types.float64[::1]


class Nested(NamedTuple):
    """The p terms of n records, put under h of them, the heads.

    ``bounds`` : (n + 1,), where the heads of each record begin and end, the strongest first.
    ``heads`` : (h,), which of the terms they are.
    ``shares`` : (h,), what they and all under them add up to.
    ``is_tied`` : (n,), whether two of a record are equally strong.
    ``order`` : (p,), the terms of each record, longest first.
    ``homes`` : (p,), in this order, under which of the heads each is; a head under itself.
    """

    bounds: Ints
    heads: Ints
    shares: Floats
    is_tied: Flags
    order: Ints
    homes: Ints

    @classmethod
    def of(cls, terms: Wanted, bounds: Ints, parts: Numbers, shares: Floats) -> Self:
        """Put each term under the longest of its record that contains it, if there is any.

        ``terms`` (t,) are sorted; ``parts`` (p, 3), numbers, places and kinds, and ``shares`` (p,)
        are those of record i from ``bounds[i]`` on. A name is only put under what it is a whole
        part of: PVDF under PVDF-HFP, but not AI under rail. Numbers from t on contain nothing and
        lie in nothing.
        """
        return cls(*nest(terms.codes, terms.begins, bounds, parts, shares))


@compiled(
    types.void(_CODES, *(_OUT,) * 3, _FLAGS, _FLAGS, *(types.int64,) * 3, types.int64[:, ::1]),
    inline="always",
)
def _take_in(
    codes: Codes,
    starts: Ints,
    opens: Ints,
    closes: Ints,
    is_plain: Flags,
    is_whole: Flags,
    number: int,
    head: int,
    first: int,
    homes: Ints,
) -> None:
    """Make a head the home of the terms in it that have none from ``first`` on.

    ``homes`` (2, t) are those of words and those of names; from ``opens[i]`` to ``closes[i]`` are
    the terms that begin with ``codes[i]``, and ``is_whole`` (t,) says which are plain throughout.
    """
    start, end = starts[number], starts[number + 1] - 1
    for at in range(start, end):
        for part in range(opens[at], closes[at]):
            length, alike = starts[part + 1] - starts[part] - 1, 1
            if part == number or at + length > end:
                continue
            while alike < length and codes[at + alike] == codes[starts[part] + alike]:
                alike += 1
            if alike < length:
                continue
            if homes[0, part] < first:
                homes[0, part] = head
            if (at > start and is_plain[at - 1]) or (at + length < end and is_plain[at + length]):
                continue
            if homes[1, part] < first and is_whole[part]:
                homes[1, part] = head


@compiled(types.void(_OUT, _ROWS, types.int64, types.int64, _OUT, _OUT, _OUT), inline="always")
def _longest_first(
    starts: Ints, parts: Numbers, first: int, last: int, counts: Ints, order: Ints, sizes: Ints
) -> None:
    """Those from first to last, in ``order``; ``counts`` has room for every length and one more."""
    t, longest = len(starts) - 1, len(counts) - 2
    counts[:] = 0
    for at in range(first, last):
        number = parts[at, 0]
        sizes[at] = starts[number + 1] - starts[number] - 1 if number < t else 0
        counts[longest - sizes[at] + 1] += 1
    for size in range(longest):
        counts[size + 1] += counts[size]
    for at in range(first, last):
        place = longest - sizes[at]
        order[first + counts[place]] = at
        counts[place] += 1


@compiled(types.Tuple((_OUT, _OUT, _FLOATS, _FLAGS, _OUT, _OUT))(_CODES, _OUT, _OUT, _ROWS, _FLOATS))
def nest(codes: Codes, starts: Ints, bounds: Ints, parts: Numbers, shares: Floats) -> Any:  # noqa: ANN401 - the parts of Nested
    """What ``Nested`` says of terms that stand in ``codes`` one behind the other, gaps between."""
    n, t, p = len(bounds) - 1, len(starts) - 1, len(shares)
    begins = codes[starts[:t]]
    opens, closes = np.searchsorted(begins, codes), np.searchsorted(begins, codes, "right")
    is_plain = ((codes >= 48) & (codes <= 57)) | ((codes >= 97) & (codes <= 122))  # 0-9, a-z
    is_whole, longest = np.ones(t, np.bool_), 0
    for number in range(t):
        longest = max(longest, starts[number + 1] - starts[number] - 1)
        for at in range(starts[number], starts[number + 1] - 1):
            is_whole[number] &= is_plain[at]
    homes, counts = np.full((2, t), -1, np.int64), np.empty(longest + 2, np.int64)
    order, found, sizes = np.empty(p, np.int64), np.empty(p, np.int64), np.empty(p, np.int64)
    ends, is_tied = np.zeros(n + 1, np.int64), np.zeros(n, np.bool_)
    heads, sums, end = np.empty(p, np.int64), np.zeros(p), 0
    for record in range(n):
        first, last, begin = bounds[record], bounds[record + 1], end
        _longest_first(starts, parts, first, last, counts, order, sizes)
        for at in range(first, last):
            term = order[at]
            number = parts[term, 0]
            home = homes[int(parts[term, 2] == _LATIN), number] if number < t else -1
            if home < begin:
                home = end
                heads[home] = term
                end += 1
                if number < t:
                    _take_in(
                        codes, starts, opens, closes, is_plain, is_whole, number, home, begin, homes
                    )
            found[at] = home
            sums[home] += shares[term]
        ranked = np.argsort(-sums[begin:end], kind="mergesort")
        places = np.empty_like(ranked)
        places[ranked] = np.arange(begin, end)
        for at in range(first, last):
            found[at] = places[found[at] - begin]
        heads[begin:end], sums[begin:end] = heads[begin:end][ranked], sums[begin:end][ranked]
        for at in range(begin + 1, end):
            is_tied[record] |= sums[at] == sums[at - 1]
        ends[record + 1] = end
    return ends, heads[:end], sums[:end], is_tied, order, found
