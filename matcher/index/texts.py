"""Short texts of all documents, ids above all, in two flat arrays."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Self, overload

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import prefetch

_SHORT: Final = 64
"""Bytes of texts that are sorted as an array of fixed width."""
_LETTERS: Final = types.Array(types.uint8, 1, "C", readonly=True)
_ENDS: Final = types.Array(types.int64, 1, "C", readonly=True)


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of short texts: text i is ``letters[ends[i - 1] : ends[i]]`` in UTF-8."""

    letters: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        # Ids come from anywhere; what UTF-8 cannot say is kept all the same.
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        return cls(np.frombuffer(b"".join(encoded), np.uint8), np.cumsum(lengths))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """One column behind the other."""
        lengths = [np.zeros(0, np.int64), *(np.diff(part.ends, prepend=0) for part in parts)]
        letters = [np.zeros(0, np.uint8), *(part.letters for part in parts)]
        return cls(np.concatenate(letters), np.cumsum(np.concatenate(lengths)))

    def taken(self, order: NDArray[np.int64]) -> Self:
        """The texts ``order``; an empty one for a negative one."""
        starts = np.concatenate([[0], self.ends])
        lengths = np.where(order < 0, 0, np.diff(starts, append=starts[-1])[order])
        ends = np.cumsum(lengths)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
        return type(self)(self.letters[np.repeat(starts[order], lengths) + within], ends)

    def some(self, numbers: NDArray[np.integer[Any]]) -> list[str]:
        """The texts with these numbers."""
        letters, ends = _gathered(self.letters, self.ends, numbers.astype(np.int64))
        whole, spans = letters.tobytes(), pairwise(ends.tolist())
        text = whole.decode("utf-8", "surrogatepass")
        if len(text) == len(whole):  # as a rule: a letter is a byte
            return [text[start:end] for start, end in spans]
        return [whole[start:end].decode("utf-8", "surrogatepass") for start, end in spans]

    def encoded(self, number: int) -> bytes:
        """The bytes of one text; their order is that of the texts."""
        start = self.ends[number - 1] if number else 0
        return self.letters[start : self.ends[number]].tobytes()

    def order(self, numbers: NDArray[np.int32]) -> NDArray[np.intp]:
        """What sorts the texts with these numbers."""
        lengths = np.diff(self.ends, prepend=0)
        longest = int(lengths.max(initial=0))
        if longest > _SHORT or not self.letters.all():  # NumPy's bytes forget zeros at the end
            texts = np.empty(len(numbers), dtype=object)
            texts[:] = [self.encoded(int(number)) for number in numbers]
            return np.argsort(texts, kind="stable")
        matrix = np.zeros((len(self), max(1, longest)), dtype=np.uint8)
        matrix[np.arange(matrix.shape[1]) < lengths[:, None]] = self.letters
        return np.argsort(matrix.view(f"S{matrix.shape[1]}").ravel()[numbers], kind="stable")

    def __getitem__(self, number: int) -> str:
        return self.encoded(number).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        letters, start = self.letters.tobytes(), 0
        for end in self.ends.tolist():
            yield letters[start:end].decode("utf-8", "surrogatepass")
            start = end

    def __len__(self) -> int:
        return len(self.ends)


class Chosen(Sequence[str]):
    """Some of the texts, each read when somebody looks at it: few answers name all of them."""

    def __init__(self, texts: Texts, numbers: NDArray[np.integer[Any]]) -> None:
        self._texts, self._numbers = texts, numbers
        self._read: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            return tuple(self._texts.some(self._numbers[at]))
        if at not in self._read:
            self._read[at] = self._texts[int(self._numbers[at])]
        return self._read[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts.some(self._numbers))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))


@compiled(types.Tuple((types.uint8[::1], types.int64[::1]))(_LETTERS, _ENDS, _ENDS))
def _gathered(
    letters: NDArray[np.uint8], ends: NDArray[np.int64], numbers: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The letters of some texts, and (n + 1,) where each begins and, behind it, ends.

    They lie far from each other, so all are asked for before any is read.
    """
    starts, bounds = np.zeros_like(numbers), np.zeros(len(numbers) + 1, dtype=np.int64)
    for number in numbers:
        prefetch(ends, number)
    for i in range(len(numbers)):
        if numbers[i] > 0:
            starts[i] = ends[numbers[i] - 1]
        prefetch(letters, starts[i])
        bounds[i + 1] = bounds[i] + ends[numbers[i]] - starts[i]
    found = np.empty(bounds[-1], dtype=np.uint8)
    for i in range(len(numbers)):
        for at in range(bounds[i + 1] - bounds[i]):
            found[bounds[i] + at] = letters[starts[i] + at]
    return found, bounds
