"""A file that was sent and is looked at before its import is started, or that nobody starts."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Final

from api.security.roles import Actor
from api.services import jobs
from api.services.headers import check_mapping, faults, recognised
from api.services.importing import new_job
from api.services.jobs import IMPORT
from api.services.kinds import KINDS, Kind
from api.services.previewing import Preview, Sample, preview, sample
from api.services.workspace import Workspace
from api.store import Job, State
from matcher.errors import ImportRejected, InvalidInput

_EARLIER: Final = 100
"""Imports among which one of the same columns is looked for."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that waits to be started; ``is_proposed`` if an earlier mapping was taken over."""

    job: Job
    kind: Kind[Any]
    preview: Preview
    is_proposed: bool


def prepare(
    workspace: Workspace,
    kind: Kind[Any],
    name: str,
    content: BinaryIO,
    actor: Actor,
    keep_duplicates: bool = False,
) -> Job:
    """Keep a file to be looked at. Raises InvalidInput for one that cannot be read at all.

    If a file with the same columns was sent before, its mapping is proposed again.
    """
    job = new_job(workspace, kind, name, actor, keep_duplicates)
    file = workspace.uploads.keep(job.id, name, content)
    try:
        headers = sample(workspace.uploads.path(file)).headers
    except ImportRejected as error:
        workspace.uploads.remove(file)
        raise InvalidInput.of("file", str(error)) from error
    mark = _mark(headers)
    mapping = _proposed(workspace, job.parameters["kind"], mark)
    is_proposed = recognised(kind, headers, mapping) != recognised(kind, headers)
    given = {"file": file, "headers": mark, "mapping": mapping, "proposed": is_proposed}
    job = replace(job, state=State.prepared, parameters={**job.parameters, **given})
    with workspace.store.writing() as unit:
        workspace.store.jobs.add(unit, job)
    return job


def look(workspace: Workspace, job: Job) -> Prepared:
    """The prepared file as its mapping has it. Raises InvalidInput if it is not here."""
    kind = KINDS[job.parameters["kind"]]
    found = preview(kind, _sample(workspace, job), job.parameters["mapping"])
    return Prepared(job, kind, found, job.parameters["proposed"])


def map_columns(workspace: Workspace, job: Job, fields: Mapping[int, str]) -> Job:
    """Note what the columns are, by their numbers in the file; of an unstarted job only.

    Raises InvalidInput for a field that does not exist.
    """
    return _revised(workspace, _mapped(workspace, job, fields)[0])


def start(workspace: Workspace, job: Job, fields: Mapping[int, str], actor: Actor) -> Job:
    """Note the columns and queue the import, which is the starter's; once, however often asked.

    Raises InvalidInput if columns are missing or meant twice; what was chosen is kept.
    """
    if job.state != State.prepared:
        return job
    mapped, found = _mapped(workspace, job, fields)
    if found:
        _revised(workspace, mapped)
        raise InvalidInput.of("mapping", found[0])
    who = {"who": actor.name, "role": actor.role, "address": actor.address}
    parameters = {**mapped.parameters, **who}
    waiting = replace(
        mapped, state=State.waiting, account_id=actor.account_id, parameters=parameters
    )
    return _revised(workspace, waiting)


def _mapped(workspace: Workspace, job: Job, fields: Mapping[int, str]) -> tuple[Job, Sequence[str]]:
    """The job with this mapping, and what is wrong with the columns then."""
    kind, headers = KINDS[job.parameters["kind"]], _sample(workspace, job).headers
    chosen = {headers[n]: field for n, field in fields.items() if 0 <= n < len(headers)}
    check_mapping(kind, chosen)
    mapping = {**job.parameters["mapping"], **chosen}
    found = faults(kind, recognised(kind, headers, mapping), headers)
    return replace(job, parameters={**job.parameters, "mapping": mapping, "proposed": False}), found


def _revised(workspace: Workspace, job: Job) -> Job:
    with workspace.store.writing() as unit:
        workspace.store.jobs.revise(unit, job)
    return jobs.get(workspace, job.id)


def _sample(workspace: Workspace, job: Job) -> Sample:
    try:
        return sample(workspace.uploads.path(job.parameters["file"]))
    except ImportRejected as error:
        message = "文件已不在这台服务器上，没有导入任何内容，请重新上传。"
        raise InvalidInput.of("file", message) from error


def _proposed(workspace: Workspace, kind: str, mark: str) -> dict[str, str]:
    """The mapping of the newest of such files, if there was one."""
    for earlier in workspace.store.jobs.parameters(IMPORT, _EARLIER):
        if (earlier["kind"], earlier.get("headers")) == (kind, mark):
            return dict(earlier["mapping"])
    return {}


def _mark(headers: Sequence[str]) -> str:
    """The same for files with the same columns in the same order."""
    return hashlib.sha256("\x1f".join(headers).encode()).hexdigest()[:16]
