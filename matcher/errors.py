"""The one tree of errors. Messages are Chinese sentences that say what was wrong and what to do.

::

    HongniangError
    ├── InvalidInput          the caller's text, number or choice cannot be used
    │   ├── InvalidQuery      … in a request for pairings
    │   └── InvalidRecord     … in an achievement or a demand
    ├── NotFound              no record carries this id
    ├── ImportRejected        a file was refused as a whole; nothing was changed
    ├── NotFitted             the representation has learned nothing yet
    ├── IndexDamaged          a saved index is incomplete, altered or of another model
    │   └── IndexOutdated     … of another model or format: no damage, but of no use
    ├── BundleError           a model bundle cannot be used
    │   ├── BundleMissing
    │   ├── BundleDamaged
    │   └── BundleMismatch
    ├── EvaluationDataError   an evaluation folder is incomplete or malformed
    │   └── TrainingDataError its labels are too few or too much alike to learn from
    ├── StoreUnavailable      the data folder or database cannot be used
    └── WorkersLost           a process that shared the work died

Nothing here knows of HTTP or exit codes; the outside translates in one place each.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class HongniangError(Exception):
    """Root of the tree; ``str(error)`` is a sentence for people."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field: which field, and a Chinese sentence."""

    field: str
    message: str


class InvalidInput(HongniangError):
    """Input that cannot be used; ``problems`` names the fields where that is known."""

    def __init__(self, message: str, problems: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class InvalidQuery(InvalidInput):
    """A request for pairings that cannot be answered as it stands."""


class InvalidRecord(InvalidInput):
    """An achievement or a demand with unusable values."""


class NotFound(HongniangError):
    """No record carries the id that was asked for."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One refused cell of an imported file; ``row`` counts as the user's editor does, from 1."""

    row: int
    column: str
    value: str
    reason: str


class ImportRejected(HongniangError):
    """A file was refused as a whole. ``problems`` holds the first of the refused cells."""

    def __init__(self, message: str, problems: Sequence[RowProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class NotFitted(HongniangError):
    """The representation was asked to work before it was fitted."""


class IndexDamaged(HongniangError):
    """A saved index is incomplete, altered, or belongs to another model."""


class IndexOutdated(IndexDamaged):
    """A saved index of another model or format, as every new model leaves behind."""


class BundleError(HongniangError):
    """A model bundle cannot be used."""


class BundleMissing(BundleError):
    """There is no such bundle, or none is current."""


class BundleDamaged(BundleError):
    """A bundle's files do not agree with its manifest."""


class BundleMismatch(BundleError):
    """A bundle was made with another format, segmenter or library than is installed."""


class EvaluationDataError(HongniangError):
    """An evaluation folder is incomplete or malformed."""


class TrainingDataError(EvaluationDataError):
    """Labels that are too few, or too much alike, to learn from."""


class StoreUnavailable(HongniangError):
    """The data folder or the database cannot be used."""


class WorkersLost(HongniangError):
    """A process that shared the work died; what it was to do is not done."""
