"""All terms of some records as numbers in one array: what the counting loops run over."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.text import Tokenizer

FieldTexts = Mapping[str, str]
"""The texts of one record by field name; the field ``title`` may be missing or empty."""
TITLE: Final = "title"


class Numbering(Protocol):
    """Gives every term a number of its own, or a column."""

    def words(self, lines: str, /) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The numbers of the terms of ``Batch.lines``, and where those of each line end."""
        ...

    def characters(self, codes: NDArray[np.uint32], /) -> NDArray[np.int32]:
        """The numbers of single characters, given as code points."""
        ...


class Occurrences(NamedTuple):
    """Runs of numbers; every run belongs to one field of one record.

    ``numbers`` : int32, one for each occurrence of a term.
    ``runs`` : int64 of shape (runs, 2), where each begins and ends in ``numbers``.
    ``fields`` : the field of each run.
    ``records`` : int64 of shape (records + 1,), where the runs of each record begin and end.
    """

    numbers: NDArray[np.int32]
    runs: NDArray[np.int64]
    fields: Sequence[str]
    records: NDArray[np.int64]

    def factors(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """What one occurrence counts in each run."""
        return np.array([weights.get(field, 1.0) for field in self.fields], np.float32)

    @property
    def titles(self) -> NDArray[np.bool_]:
        """Which runs are of a title."""
        return np.array([field == TITLE for field in self.fields], np.bool_)


def in_columns(columns: NDArray[np.int32], sizes: Mapping[str, int]) -> Occurrences:
    """The occurrences in one record, whose fields have as many terms as their ``sizes`` say."""
    ends = [*accumulate(sizes.values(), initial=0)]
    runs = np.array([*pairwise(ends)], np.int64).reshape(-1, 2)
    return Occurrences(columns, runs, list(sizes), np.array([0, len(sizes)], np.int64))


def in_texts(
    records: Sequence[FieldTexts], tokenizer: Tokenizer, numbering: Numbering
) -> Occurrences:
    """The occurrences in records: three runs for each field, names, words and characters."""
    batch = tokenizer.batch([text for record in records for text in record.values()])
    words, ends = numbering.words(batch.lines)
    numbers = np.concatenate((words, numbering.characters(batch.characters)))
    texts = len(batch.ends) - 1
    bounds = np.stack((ends[: texts + 1], ends[texts:], batch.ends + len(words)), axis=1)
    runs = np.stack((bounds[:-1], bounds[1:]), axis=2).reshape(-1, 2)
    fields, by_record = _fields(records)
    return Occurrences(numbers, runs, [f for f in fields for _ in range(3)], 3 * by_record)


def _fields(records: Sequence[Mapping[str, object]]) -> tuple[list[str], NDArray[np.int64]]:
    bounds = np.cumsum([0, *map(len, records)])
    return [field for record in records for field in record], bounds
