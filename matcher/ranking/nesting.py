"""Which of the terms that a record shares lie inside which: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.scripts import KINDS
from matcher.text.traced import GIVEN_CODES, Codes, Ints, Numbers
from matcher.text.wanted import Wanted

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
_LATIN: Final = KINDS.index("latin")
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
    ``first`` : the heads that are at hand, the strongest of each record.
    ``rests`` : (n,), what the shares of the others add up to.
    """

    bounds: Ints
    heads: Ints
    shares: Floats
    is_tied: Flags
    order: Ints
    homes: Ints
    first: Ints
    rests: Floats

    @classmethod
    def of(cls, terms: Wanted, bounds: Ints, parts: Numbers, shares: Floats, most: int) -> Self:
        """Put each term under the longest of its record that contains it, if there is any.

        ``terms`` (t,) are sorted; ``parts`` (p, 3), numbers, places and kinds, and ``shares`` (p,)
        are those of record i from ``bounds[i]`` on. A name is only put under what it is a whole
        part of: PVDF under PVDF-HFP, but not AI under rail. Numbers from t on contain nothing and
        lie in nothing. At hand are ``most`` heads of each record.
        """
        return cls(*nest(terms.codes, terms.begins, bounds, parts, shares, most, _LATIN))


@compiled(types.Tuple((_OUT, types.int64[:, ::1]))(GIVEN_CODES, _OUT))
def _contained(codes: Codes, starts: Ints) -> Any:  # noqa: ANN401 - (t + 1,), (c, 2)
    """The terms in each term, and whether they are a whole part of it, if that matters."""
    t = len(starts) - 1
    begins = codes[starts[:t]]
    is_plain = ((codes >= 48) & (codes <= 57)) | ((codes >= 97) & (codes <= 122))  # 0-9, a-z
    is_whole = np.ones(t, np.bool_)
    for number in range(t):
        for at in range(starts[number], starts[number + 1] - 1):
            is_whole[number] &= is_plain[at]
    bounds, found, count = np.zeros(t + 1, np.int64), np.empty((4 * t + 1, 2), np.int64), 0
    for number in range(t):
        start, end = starts[number], starts[number + 1] - 1
        for at in range(start, end):
            part = np.searchsorted(begins, codes[at])
            while part < t and begins[part] == codes[at]:
                length, alike = starts[part + 1] - starts[part] - 1, 1
                while alike < length and codes[at + alike] == codes[starts[part] + alike]:
                    alike += 1  # at most to the gap behind the term
                if alike == length and part != number:
                    is_apart = not (at > start and is_plain[at - 1])
                    is_apart &= not is_plain[at + length]
                    found[count, 0], found[count, 1] = part, is_apart and is_whole[part]
                    count += 1
                    if count == len(found):
                        found = np.concatenate((found, found))
                part += 1
        bounds[number + 1] = count
    return bounds, found


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


@compiled(
    types.Tuple((_OUT, _OUT, _FLOATS, _FLAGS, _OUT, _OUT, _OUT, _FLOATS))(
        GIVEN_CODES, _OUT, _OUT, _ROWS, _FLOATS, types.int64, types.int64
    )
)
def nest(
    codes: Codes,
    starts: Ints,
    bounds: Ints,
    parts: Numbers,
    shares: Floats,
    most: int,
    latin: int,
) -> Any:  # noqa: ANN401 - the parts of Nested
    """What ``Nested`` says of terms that stand in ``codes`` one behind the other, gaps between.

    Names are of the kind ``latin``.
    """
    n, t, p = len(bounds) - 1, len(starts) - 1, len(shares)
    opens, inside = _contained(codes, starts)
    longest = np.diff(starts).max() - 1 if t else 0
    homes, counts = np.full((2, t), -1, np.int64), np.empty(longest + 2, np.int64)
    order, found, sizes = np.empty(p, np.int64), np.empty(p, np.int64), np.empty(p, np.int64)
    ends, is_tied = np.zeros(n + 1, np.int64), np.zeros(n, np.bool_)
    heads, sums, end = np.empty(p, np.int64), np.empty(p), 0
    some, some_sums = np.empty(p, np.int64), np.empty(p)
    ranked, places = np.empty(p, np.int64), np.empty(p, np.int64)
    strongest, rests, count = np.empty(min(p, n * most), np.int64), np.zeros(n), 0
    for record in range(n):
        first, last, begin = bounds[record], bounds[record + 1], end
        _longest_first(starts, parts, first, last, counts, order, sizes)
        for at in range(first, last):
            term = order[at]
            number = parts[term, 0]
            home = homes[int(parts[term, 2] == latin), number] if number < t else -1
            if home < begin:
                home = end
                some[home], some_sums[home] = term, 0.0
                end += 1
                if number < t:
                    for part in range(opens[number], opens[number + 1]):
                        one = inside[part, 0]
                        if homes[0, one] < begin:
                            homes[0, one] = home
                        if inside[part, 1] and homes[1, one] < begin:
                            homes[1, one] = home
            found[at] = home
            some_sums[home] += shares[term]
        for home in range(begin, end):
            at = home
            while at > begin and some_sums[ranked[at - 1]] < some_sums[home]:
                ranked[at] = ranked[at - 1]
                at -= 1
            ranked[at] = home
        for at in range(begin, end):
            home = ranked[at]
            heads[at], sums[at], places[home] = some[home], some_sums[home], at
            is_tied[record] |= at > begin and sums[at] == sums[at - 1]
            if at < begin + most:
                strongest[count] = at
                count += 1
            else:
                rests[record] += sums[at]
        for at in range(first, last):
            found[at] = places[found[at]]
        ends[record + 1] = end
    return ends, heads[:end], sums[:end], is_tied, order, found, strongest[:count], rests
