"""Import a file: every row is checked before the first is stored, and all are stored or none.

First the rows are read, checked and staged, some at a time: if the process dies, another goes on
behind the last staged row. Then one unit of work makes records of all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from api.files import read_rows
from api.security.roles import SYSTEM, Actor
from api.services.auditing import Action, note
from api.services.checking import Checked, Checking
from api.services.headers import NOTHING, check_mapping
from api.services.job_orders import ordered, orderer
from api.services.jobs import IMPORT, MOST_LOSSES, Outcome, Work, conclude, report_of, worker_name
from api.services.kinds import KINDS, Kind
from api.services.progress import Track, silent
from api.services.upkeep import fill_in
from api.services.workspace import Workspace
from api.store import Job, State
from api.store.applying import Applying, Duplicate
from api.store.staging import Staged
from matcher.errors import BundleError, ImportRejected, JobStopped
from matcher.resources import Record

R = TypeVar("R", bound=Record)
CHECKING: Final = "检查"
STORING: Final = "入库"
INDEXING: Final = "建立索引"
_REPORTED: Final = 200
"""Refused cells that are kept for the report."""
_STAGED_AT_ONCE: Final = 1000
_CHANGES_AT_ONCE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records were new, changed, or the same as before; and headers nobody knows.

    ``duplicates`` counts rows that were not stored, as another record says the same; ``same_as``
    names the first of them.
    """

    added: int
    changed: int
    unchanged: int
    ignored: tuple[str, ...] = ()
    duplicates: int = 0
    same_as: tuple[Duplicate, ...] = ()


def import_file(
    workspace: Workspace,
    kind: Kind[R],
    path: Path,
    track: Track = silent,
    actor: Actor = SYSTEM,
    keep_duplicates: bool = False,
) -> Imported:
    """Store all records of a file by external id. Importing the same file again changes nothing.

    Raises ImportRejected, with the refused cells, and then has changed nothing.
    """
    store = workspace.store
    job = new_job(workspace, kind, path.name, actor, keep_duplicates, worker_name())
    with store.writing() as unit:
        store.jobs.add(unit, job)
    work = Work(store.jobs, job, track)
    try:
        with work.alive():
            done = _imported(workspace, work, path)
    except BaseException as error:
        conclude(workspace, job, State.failed, str(error) or "导入中断。", report_of(error))
        raise
    conclude(workspace, job, State.done, sentence(done), asdict(done))
    return done


def order(
    workspace: Workspace,
    kind: Kind[R],
    name: str,
    content: BinaryIO,
    actor: Actor,
    keep_duplicates: bool = False,
    mapping: Mapping[str, str] = NOTHING,
) -> Job:
    """Keep a file, and queue its import. Raises InvalidInput for a file that cannot be one.

    ``mapping``: header → field, or "" for a column to pass over; others are known by their names.
    """
    check_mapping(kind, mapping)
    job = new_job(workspace, kind, name, actor, keep_duplicates)
    file = workspace.uploads.keep(job.id, name, content)
    job = replace(job, parameters={**job.parameters, "file": file, "mapping": dict(mapping)})
    with workspace.store.writing() as unit:
        workspace.store.jobs.add(unit, job)
    return job


def run(workspace: Workspace, work: Work) -> Outcome:
    """Carry out, or go on with, a queued import."""
    file = work.job.parameters.get("file")
    path = workspace.uploads.path(file) if file else None
    if not work.job.report and (path is None or not path.is_file()):
        raise ImportRejected("导入中断，文件已不在，没有导入任何内容，请重新导入。")
    done = _imported(workspace, work, path or Path())
    return sentence(done), asdict(done)


def sentence(done: Imported) -> str:
    """What came of an import."""
    counts = f"新增 {done.added} 条，更新 {done.changed} 条，未变 {done.unchanged} 条"
    if not done.duplicates:
        return f"{counts}。"
    return f"{counts}，另有 {done.duplicates} 条与已有内容相同，没有重复入库。"


def _imported(workspace: Workspace, work: Work, path: Path) -> Imported:
    kind = KINDS[work.job.parameters["kind"]]
    if work.job.report:  # all is stored
        done = _reported(work.job.report)
    else:
        fill_in(workspace)
        ignored = _stage(workspace, kind, path, work)
        done = _apply(workspace, kind, work, ignored)
    work.is_settled = True
    workspace.store.staging.clear(work.job.id)
    if work.job.losses < MOST_LOSSES:  # otherwise it is left to those who follow the changes
        _index(workspace, work.track)
    return done


def _stage(workspace: Workspace, kind: Kind[R], path: Path, work: Work) -> tuple[str, ...]:
    """Check the rows and stage them; the headers that were not understood.

    Nothing behind a refused row is staged, so that a resumed check meets it again. Raises
    ImportRejected if a single cell is not right.
    """
    staging, job = workspace.store.staging, work.job
    total = sum(1 for _ in read_rows(path))
    mapping = job.parameters.get("mapping", {})
    checking = Checking(kind, dict(staging.ids(job.id)), _REPORTED, mapping)
    rows = iter(work.track(read_rows(path), CHECKING, total))
    while some := list(islice(rows, _STAGED_AT_ONCE)):
        right = [checked for row in some if (checked := checking.check(row))]
        if not checking.is_refused:
            staging.add(job.id, _staged(workspace, kind, right))
    checking.finish()
    return checking.headers.ignored()


def _staged(workspace: Workspace, kind: Kind[R], rows: Sequence[Checked]) -> list[Staged]:
    table = kind.table(workspace)
    mapped, ids = table.mapped, [row.external_id for row in rows]
    known = workspace.store.staging.known(mapped, ids) if ids else {}
    staged = []
    for row in rows:
        record: Any = row.draft.record(known.get(row.external_id) or table.new_id())
        values = mapped.columns(record)
        marks = values.pop("stamp"), values.pop("fingerprint")
        values |= kind.derived(record)
        staged.append(Staged(row.number, record.id, row.external_id, *marks, values))
    return staged


def _apply(workspace: Workspace, kind: Kind[R], work: Work, ignored: tuple[str, ...]) -> Imported:
    """All staged rows or none; with them it is noted that only the index is still to do."""
    store, job = workspace.store, work.job
    mapped, keep = kind.table(workspace).mapped, bool(job.parameters["keep_duplicates"])
    total = store.staging.count(job.id)
    with store.writing() as unit:
        if not store.jobs.hold(unit, job):
            raise JobStopped
        applying = Applying(unit, mapped, job.id, keep)
        for _ in work.track(applying.rows(), STORING, total):
            pass
        applied = applying.outcome()
        written = applied.added + applied.changed
        note(store, unit, orderer(job), Action.import_, kind.label, rows=written, job=job.id)
        counts = applied.added, applied.changed, applied.unchanged
        done = Imported(*counts, ignored, applied.duplicates, applied.named)
        store.jobs.pass_on(unit, job, INDEXING, asdict(done))
    return done


def _index(workspace: Workspace, track: Track) -> None:
    """Make the records findable, if there is a usable model; otherwise ``fit`` will."""
    try:
        workspace.live.catch_up(track, most=_CHANGES_AT_ONCE)
    except BundleError:
        return
    workspace.save_indexes()


def new_job(
    workspace: Workspace,
    kind: Kind[R],
    name: str,
    actor: Actor,
    keep_duplicates: bool,
    worker: str | None = None,
) -> Job:
    """An import that waits, or one that ``worker`` has begun."""
    given = {
        "kind": kind.table(workspace).kind,
        "name": name.replace("\\", "/").rpartition("/")[2][:100],
        "keep_duplicates": keep_duplicates,
    }
    return ordered(workspace.store.jobs.new_id(), IMPORT, actor, given, worker)


def _reported(report: Any) -> Imported:  # noqa: ANN401 - as JSON holds it
    same_as = tuple(Duplicate(**duplicate) for duplicate in report["same_as"])
    return Imported(**{**report, "ignored": tuple(report["ignored"]), "same_as": same_as})
