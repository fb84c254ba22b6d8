"""Which of the terms that a record shares lie inside which: compiled."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.places import KINDS, Ints

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
_LATIN: Final = KINDS.index("latin")
_INTS: Final = types.Array(types.int64, 1, "A", readonly=True)
_CODES: Final = types.Array(types.uint32, 1, "C", readonly=True)
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
    def of(
        cls, terms: Sequence[str], bounds: Ints, numbers: Ints, kinds: Ints, shares: Floats
    ) -> Self:
        """Put each term under the longest of its record that contains it, if there is any.

        ``terms`` (t,) are sorted; ``numbers``, ``kinds`` (indexes of ``KINDS``) and ``shares`` have
        the shape (p,), from ``bounds[i]`` on those of record i. A name is only put under what it
        is a whole part of: PVDF under PVDF-HFP, but not AI under rail. Numbers from t on contain
        nothing and lie in nothing.
        """
        codes = np.frombuffer("".join(terms).encode("utf-32-le"), np.uint32)
        lengths = np.fromiter(map(len, terms), np.int64, len(terms))
        return cls(*nest(codes, lengths, bounds, numbers, kinds == _LATIN, shares))


@compiled(
    types.void(_CODES, *(_OUT,) * 3, _FLAGS, _FLAGS, *(types.int64,) * 3, types.int64[:, ::1])
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
    start, end = starts[number], starts[number + 1]
    for at in range(start, end):
        for part in range(opens[at], closes[at]):
            length, alike = starts[part + 1] - starts[part], 1
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


@compiled(
    types.Tuple((_OUT, _OUT, _FLOATS, _FLAGS, _OUT, _OUT))(
        _CODES, _OUT, _INTS, _INTS, _FLAGS, _FLOATS
    ),
)
def nest(
    codes: Codes, lengths: Ints, bounds: Ints, numbers: Ints, is_name: Flags, shares: Floats
) -> Any:  # noqa: ANN401 - the parts of Nested
    """What ``Nested`` says of terms that stand in ``codes`` one behind the other."""
    n, t = len(bounds) - 1, len(lengths)
    starts = np.zeros(t + 1, np.int64)
    starts[1:] = np.cumsum(lengths)
    begins = codes[starts[:t]]
    opens, closes = np.searchsorted(begins, codes), np.searchsorted(begins, codes, "right")
    is_plain = ((codes >= 48) & (codes <= 57)) | ((codes >= 97) & (codes <= 122))  # 0-9, a-z
    plain = np.append(0, np.cumsum(is_plain))
    is_whole = plain[starts[1:]] - plain[starts[:-1]] == lengths
    homes = np.full((2, t), -1, np.int64)
    order, found = np.empty(len(numbers), np.int64), np.empty(len(numbers), np.int64)
    ends, is_tied = np.zeros(n + 1, np.int64), np.zeros(n, np.bool_)
    heads, sums = np.empty(len(numbers), np.int64), np.zeros(len(numbers))
    sizes, end = np.append(lengths, 0), 0
    for record in range(n):
        first, last, begin = bounds[record], bounds[record + 1], end
        longest = np.argsort(-sizes[np.minimum(numbers[first:last], t)], kind="mergesort")
        order[first:last] = first + longest
        for at in range(first, last):
            term = order[at]
            number = numbers[term]
            home = homes[int(is_name[term]), number] if number < t else -1
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
        found[first:last] = places[found[first:last] - begin]
        heads[begin:end], sums[begin:end] = heads[begin:end][ranked], sums[begin:end][ranked]
        is_tied[record] = (np.diff(sums[begin:end]) == 0.0).any()
        ends[record + 1] = end
    return ends, heads[:end], sums[:end], is_tied, order, found
