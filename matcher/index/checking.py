"""Whether the arrays of a segment fit together: compiled code does not look where it reads.

Checksums say that files are as they were written; this says that what wrote them was a segment.
"""

from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.index.coarse import Coarse
from matcher.index.columns import OPEN
from matcher.index.forward import Forward
from matcher.index.lists import PER_CHUNK
from matcher.index.postings import BLOCK, Postings
from matcher.index.segment import Segment

_TYPES: Final = {
    "runs": np.int64, "starts": np.int64, "groups": np.uint16, "terms": np.uint16,
    "places": np.uint8, "ends": np.uint64, "weights": np.float32, "scales": np.float32,
    "rows": np.int32, "dense": np.uint8, "sparse": np.int64,
    "blocks": np.uint16, "bounds": np.uint8, "columns": np.int32, "frequencies": np.int32,
    "sizes": np.uint16, "by_id": np.int32, "ranks": np.int32, "exists": np.uint64,
}  # fmt: skip
_COARSE: Final = [np.int32, np.uint8, np.int64, np.uint16, np.uint8]
"""Of the fields of ``Coarse``."""
_FORWARD: Final = [np.int64, np.int32, np.float32]
"""Of the fields of ``Forward``."""


def check(segment: Segment) -> None:
    """Raise ValueError unless every array has the type, shape and range that the others imply."""
    own = ("columns", "frequencies", "sizes", "by_id", "ranks", "exists")
    arrays = segment.postings._asdict() | {name: getattr(segment, name) for name in own}
    for name, dtype in _TYPES.items():
        _demand(arrays[name].dtype == dtype, name)
    _check_shapes(segment, segment.postings)
    _check_ranges(segment, segment.postings)
    _check_coarse(segment.search.coarse, len(segment.columns), len(segment.exists))
    _check_forward(segment.search.forward, len(segment.columns), segment.sizes)
    _check_documents(segment)


def _check_shapes(segment: Segment, found: Postings) -> None:
    blocks, terms, dense = len(found.starts) - 1, len(segment.columns), len(found.dense)
    expected: dict[str, tuple[NDArray[Any], tuple[int, ...]]] = {
        "runs": (found.runs, (blocks + 1,)),
        "groups": (found.groups, (blocks, found.groups.shape[1], 2)),
        "scales": (found.scales, (terms,)),
        "rows": (found.rows, (terms,)),
        "sparse": (found.sparse, (terms + 1,)),
        "frequencies": (segment.frequencies, (terms,)),
        "dense": (found.dense, (dense, blocks)),
        "terms": (found.terms, (found.runs[-1] + 32,)),
        "places": (found.places, (found.starts[-1],)),
        "weights": (found.weights, (found.starts[-1],)),
        "ends": (found.ends, (-(-found.starts[-1] // 64) + 1,)),
        "blocks": (found.blocks, (found.sparse[-1],)),
        "bounds": (found.bounds, (found.sparse[-1],)),
        "ranks": (segment.ranks, (blocks * BLOCK,)),
        "exists": (segment.exists, (blocks,)),
    }
    for name, (array, shape) in expected.items():
        _demand(array.shape == shape, name)


def _check_ranges(segment: Segment, found: Postings) -> None:
    blocks, columns = len(found.starts) - 1, segment.columns
    for name in ("runs", "starts", "sparse"):
        array = getattr(found, name)
        _demand(array[0] == 0 and bool((np.diff(array) >= 0).all()), name)
    _demand(bool((np.diff(columns) > 0).all()), "columns")
    _demand(not len(columns) or (columns[0] >= 0 and columns[-1] < segment.width), "columns")
    _within(found.rows, -1, len(found.dense), "rows")
    _within(found.blocks, 0, blocks, "blocks")
    _within(segment.by_id, 0, len(segment.documents), "by_id")


def _check_coarse(found: Coarse | None, terms: int, blocks: int) -> None:
    """Fitting a segment of so many terms and blocks, if it has them."""
    if found is None:
        return
    _demand([array.dtype for array in found] == _COARSE, "coarse")
    starts = found.starts.ravel()
    _demand(found.common.shape == (terms,), "coarse-common")
    _demand(found.dense.shape == (len(found.dense), blocks * BLOCK), "coarse-dense")
    _demand(found.starts.shape == (terms, -(-blocks // PER_CHUNK) + 1), "coarse-starts")
    _demand(starts[0] == 0 and bool((np.diff(starts) >= 0).all()), "coarse-starts")
    _demand(found.places.shape == found.codes.shape == (starts[-1],), "coarse-places")
    _within(found.common, -1, len(found.dense), "coarse-common")


def _check_forward(found: Forward | None, terms: int, sizes: NDArray[np.uint16]) -> None:
    """Fitting a segment of so many terms whose documents have these sizes, if it has them."""
    if found is None:
        return
    _demand([array.dtype for array in found] == _FORWARD, "forward")
    _demand(found.starts.shape == (len(sizes) + 1,) and found.starts[0] == 0, "forward-starts")
    _demand(bool((np.diff(found.starts) == sizes).all()), "forward-starts")
    _demand(found.terms.shape == found.weights.shape == (found.starts[-1],), "forward-terms")
    _within(found.terms, 0, terms, "forward-terms")


def _check_documents(segment: Segment) -> None:
    count, documents = len(segment.documents), segment.documents
    _demand(-(-count // BLOCK) == len(segment.exists), "documents")
    _demand(len(segment.sizes) == count == len(documents.stamps), "sizes")
    _demand(len(documents.columns.maturity) == count, "maturity")
    _demand(documents.columns.maturity.dtype == np.int8, "maturity")
    _check_days(documents.columns.days, count)
    _demand(segment.by_id.shape == (int(np.bitwise_count(segment.exists).sum()),), "by_id")
    for name, coded in documents.columns.coded.items():
        _demand(coded.codes.dtype == np.min_scalar_type(len(coded.values)), name)
        _demand(coded.codes.shape == (count,), name)
        _within(coded.codes, 0, len(coded.values) + 1, name)
    for texts in (documents.ids, documents.stamps):
        _demand(texts.ends.dtype == np.int64 and texts.letters.dtype == np.uint8, "texts")
        ends = np.concatenate([[0], texts.ends])
        _demand(bool((np.diff(ends) >= 0).all()) and ends[-1] == len(texts.letters), "texts")


def _check_days(days: NDArray[np.int32], count: int) -> None:
    """Each is a day of the calendar, or OPEN."""
    _demand(days.shape == (count,) and days.dtype == np.int32, "days")
    _within(days[days != OPEN], 1, date.max.toordinal() + 1, "days")


def _within(array: NDArray[Any], low: int, high: int, name: str) -> None:
    _demand(not len(array) or bool(array.min() >= low and array.max() < high), name)


def _demand(holds: bool | np.bool_, name: str) -> None:
    if not holds:
        raise ValueError(f"the array {name} of a segment does not fit the others")
