"""The one tree of errors. Messages are Chinese sentences that say what was wrong and what to do.

::

    HongniangError
    ├── InvalidInput          the caller's text, number or choice cannot be used
    │   ├── InvalidQuery      … in a request for pairings
    │   └── InvalidRecord     … in an achievement or a demand
    ├── NotFound              no record carries this id
    ├── EditConflict          somebody else changed the record meanwhile
    │   └── ReviewConflict    … some of those that were to be reviewed together
    ├── DraftConflict         another window saved something else in the same draft
    │   └── DraftSent         … or has sent it
    ├── DraftsFull            nobody without an account can keep another draft for now
    ├── VersionMissing        an edit that does not say which version it changes
    ├── KeyReused             an idempotency key that was used for something else
    ├── AccessRefused         the caller may not do this
    │   ├── NotSignedIn       … because nobody knows who it is
    │   ├── NotAllowed        … with this role or key
    │   ├── FormExpired       … from a form that was not served to this browser
    │   └── TooManyAttempts   … before some seconds have passed
    ├── ImportRejected        a file was refused as a whole; nothing was changed
    ├── RestoreRefused        a backup that cannot be used, or not here; nothing was changed
    ├── JobStopped            a job was cancelled, or another process has taken it over
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
    ├── MailUnsent            the mail server cannot be reached, or refuses a letter
    └── WorkersLost           a process that shared the work died

Nothing here knows of HTTP or exit codes; the outside translates in one place each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


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

    @classmethod
    def of(cls, field: str, message: str) -> Self:
        """One thing wrong with one field."""
        return cls(message, [FieldProblem(field, message)])


class InvalidQuery(InvalidInput):
    """A request for pairings that cannot be answered as it stands."""


class InvalidRecord(InvalidInput):
    """An achievement or a demand with unusable values."""


class NotFound(HongniangError):
    """No record carries the id that was asked for."""


class EditConflict(HongniangError):
    """The record is not the version that was edited: somebody else was faster."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or "这条记录刚被别人修改过，请重新打开，核对后再改；您填写的内容没有保存。"
        )


class ReviewConflict(EditConflict):
    """Some of several records are not as they were seen; ``ids`` names them. None was changed."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(
            f"所选的需求中有 {len(ids)} 条刚被处理、修改或删除，这次全部没有改动，请核对后再选。"
        )
        self.ids = tuple(ids)


class DraftConflict(HongniangError):
    """A draft that was saved with other content since the page that wants to save it was made."""

    def __init__(self, message: str = "另一窗口改过这份草稿，本页的内容还没有保存。") -> None:
        super().__init__(message)


class DraftSent(DraftConflict):
    """A draft that was sent, with other content than this."""

    def __init__(self) -> None:
        super().__init__("这份需求已经提交过，本页的内容和提交的不同，还没有提交。")


class DraftsFull(HongniangError):
    """There are as many drafts of people without an account as there may be."""

    def __init__(self) -> None:
        super().__init__("草稿暂时存满，这次没有保存；您填写的内容都还在表单里，可以直接提交。")


class VersionMissing(HongniangError):
    """An edit without the version that it starts from could undo that of somebody else."""

    def __init__(self) -> None:
        super().__init__("修改时请用 If-Match 标头带上读取时得到的 ETag，以免覆盖别人的修改。")


class KeyReused(HongniangError):
    """An idempotency key came again with other content."""

    def __init__(self) -> None:
        super().__init__("这个 Idempotency-Key 已用于内容不同的请求，请为新的请求换一个。")


class AccessRefused(HongniangError):
    """The caller may not do this."""


class NotSignedIn(AccessRefused):
    """Nobody knows who is calling, or the session, key or password does not hold."""


class NotAllowed(AccessRefused):
    """The role or the key of the caller does not reach this far."""


class FormExpired(AccessRefused):
    """A form without the token that its page was served with."""

    def __init__(self) -> None:
        super().__init__("页面已过期或不是从本站打开的，请刷新页面后重新提交。")


class TooManyAttempts(AccessRefused):
    """Come back in ``seconds``."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


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


class RestoreRefused(HongniangError):
    """A backup is damaged or of a newer version, or what it was to be restored to is not empty."""


class JobStopped(HongniangError):
    """Whoever works on a job must let go of it, and leave everything as it was."""

    def __init__(self) -> None:
        super().__init__("任务已取消，没有改动任何内容。")


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


class MailUnsent(HongniangError):
    """A letter did not leave; ``is_final`` if trying again would not help."""

    def __init__(self, message: str, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


class WorkersLost(HongniangError):
    """A process that shared the work died; what it was to do is not done."""
