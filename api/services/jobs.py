"""Work in the background: each server process carries out one job at a time."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self, TypeVar

from api.services.progress import Track, silent
from api.services.workspace import Workspace
from api.store import Job, State
from api.store.jobs import Jobs, further
from matcher.errors import HongniangError, ImportRejected, JobStopped, NotFound, StoreUnavailable

T = TypeVar("T")
Outcome = tuple[str, Mapping[str, Any]]
"""A sentence for people, and the report."""
_log = logging.getLogger(__name__)
IMPORT: Final = "import"
ARRANGE: Final = "arrange"
"""The kinds of jobs: files to import, and matchmaking days to arrange."""
STATE_NAMES: Final[Mapping[str, str]] = {
    State.prepared: "待开始",
    State.waiting: "等待中",
    State.running: "进行中",
    State.stopping: "正在取消",
    State.done: "已完成",
    State.failed: "未完成",
    State.cancelled: "已取消",
}
MOST_LOSSES: Final = 5
"""A job that so many processes were lost with is not begun again: it may be what kills them."""
_SECOND: Final = 1.0
_QUIET: Final = 5
"""Seconds after which even a job that makes no progress says that it is alive."""
_KEPT: Final = timedelta(days=90)
_UNSTARTED: Final = timedelta(days=1)
_TIDY_EVERY: Final = 3600.0
_UNEXPECTED: Final = "任务出现意外错误，没有改动任何内容，请查看服务器日志后重试。"
_GIVEN_UP: Final = {
    IMPORT: "处理文件时服务中断了 {} 次，已停止，没有导入任何内容；请检查或拆分文件后重新导入。",
    ARRANGE: "排期时服务中断了 {} 次，已停止；请减少参加的需求、成果或时段后重新排期。",
}


class Work:
    """One job in the hands of this process."""

    def __init__(self, jobs: Jobs, job: Job, shown: Track = silent) -> None:
        """``shown`` also hears of the progress, at once."""
        self.job = job
        self.is_settled = False
        """Whether what the job is for has been done for good, so that it cannot be cancelled."""
        self._jobs, self._shown = jobs, shown
        self._now = (job.step, job.done, job.total)
        self._stop = threading.Event()

    def track(self, items: Iterable[T], label: str, total: int) -> Iterator[T]:
        """Hand the items through. Raises JobStopped between two of them if the job is to end."""
        for done, item in enumerate(self._shown(items, label, total)):
            self._now = (label, done, total)
            if self._stop.is_set() and not self.is_settled:
                raise JobStopped
            yield item
        self._now = (label, total, total)

    def stop(self) -> None:
        """Ask the job to end soon."""
        self._stop.set()

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Meanwhile tell the others that the job is in good hands, and how far it is."""
        ended = threading.Event()
        thread = threading.Thread(target=self._beat, args=(ended,), name="beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _beat(self, ended: threading.Event) -> None:
        told, told_at = self._now, time.monotonic()
        while not ended.wait(_SECOND):
            if self._now == told and time.monotonic() - told_at < _QUIET:
                continue
            told, told_at = self._now, time.monotonic()
            try:
                if not self._jobs.beat(further(self.job, *told)):
                    self.stop()
            except StoreUnavailable:  # busy, perhaps with this very job
                _log.info("the progress of a job could not be noted")


Handler = Callable[[Workspace, Work], Outcome]


class JobRunner:
    """Takes jobs from the queue, oldest first, and those of processes that have died."""

    def __init__(self, workspace: Workspace, handlers: Mapping[str, Handler]) -> None:
        """``handlers`` by kind of job."""
        self._workspace, self._handlers = workspace, handlers
        self._worker = worker_name()
        self._ending = threading.Event()
        self._work: Work | None = None
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave a job that is under way to the next process."""
        self._ending.set()
        if work := self._work:
            work.stop()
        self._thread.join()

    def run_next(self) -> bool:
        """Carry out one job, if there is one; whether there was."""
        store = self._workspace.store
        job = store.jobs.claim(self._worker)
        if job is None:
            return False
        self._work = Work(store.jobs, job)
        try:
            if job.state == State.stopping:  # by somebody who has not seen it die
                self._work.stop()
            with self._work.alive():
                ended = _carried_out(self._workspace, self._handlers, self._work)
            if ended[0] is State.cancelled and self._ending.is_set() and not self._is_cancelled():
                store.jobs.release(job)
            else:
                conclude(self._workspace, job, *ended)
        finally:
            self._work = None
        return True

    def _is_cancelled(self) -> bool:
        assert self._work is not None  # noqa: S101 - called while at work
        job = self._workspace.store.jobs.get(self._work.job.id)
        return job is not None and job.state == State.stopping

    def _run(self) -> None:
        due = time.monotonic()
        while not self._ending.is_set():
            try:
                if time.monotonic() >= due:
                    tidy(self._workspace)
                    due = time.monotonic() + _TIDY_EVERY
                busy = self.run_next()
            except StoreUnavailable as reason:
                _log.warning("no jobs are done now: %s", reason)
                busy = False
            if not busy:
                self._ending.wait(_SECOND)


def worker_name() -> str:
    """A name that no other process has, nor another worker of this one."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"


def conclude(
    workspace: Workspace, job: Job, state: State, message: str, report: Mapping[str, Any]
) -> None:
    """Note how a job ended, and remove what only it needed; unless another has taken it over."""
    store = workspace.store
    with store.writing() as unit:
        if not store.jobs.is_of(unit, job):
            return
    store.staging.clear(job.id)
    with store.writing() as unit:
        store.jobs.finish(unit, job, state, message, report)
    if file := job.parameters.get("file"):
        workspace.uploads.remove(file)


def get(workspace: Workspace, id_: str, kind: str = IMPORT) -> Job:
    """A job of this kind. Raises NotFound."""
    job = workspace.store.jobs.get(id_)
    if job is None or job.kind != kind:
        raise NotFound(f"没有编号为“{id_[:40]}”的任务，它可能已过期，请返回列表查看。")
    return job


def cancel(workspace: Workspace, id_: str) -> Job:
    """Cancel a job that has not ended; one that has stays as it is. Raises NotFound."""
    job = get(workspace, id_)
    with workspace.store.writing() as unit:
        workspace.store.jobs.cancel(unit, id_)
    after = get(workspace, id_)
    if after.state == State.cancelled and (file := job.parameters.get("file")):
        workspace.uploads.remove(file)
    return after


def tidy(workspace: Workspace) -> None:
    """Forget old jobs, those that nobody started within a day, and files that no job needs."""
    now, jobs = datetime.now(UTC), workspace.store.jobs
    with workspace.store.writing() as unit:
        jobs.forget(unit, now - _KEPT)
        jobs.give_up(unit, now - _UNSTARTED)
    workspace.uploads.remove_all_but(jobs.unfinished)


def _carried_out(
    workspace: Workspace, handlers: Mapping[str, Handler], work: Work
) -> tuple[State, str, Mapping[str, Any]]:
    try:
        if work.job.losses >= MOST_LOSSES and not work.job.report:  # nothing is done for good
            return _given_up(work.job)
        return State.done, *handlers[work.job.kind](workspace, work)
    except JobStopped as stopped:
        return State.cancelled, str(stopped), {}
    except HongniangError as error:
        return State.failed, str(error), report_of(error)
    except Exception:
        _log.exception("job of kind %s failed", work.job.kind)
        return State.failed, _UNEXPECTED, {}


def _given_up(job: Job) -> tuple[State, str, Mapping[str, Any]]:
    """How a job ends that takes one process after the other with it. Raises JobStopped."""
    _log.error("job of kind %s was lost %d times and is given up", job.kind, job.losses)
    if job.state == State.stopping:
        raise JobStopped
    return State.failed, _GIVEN_UP[job.kind].format(job.losses), {}


def report_of(error: BaseException) -> dict[str, Any]:
    """What a failed job leaves to be read: the refused cells of a file."""
    if isinstance(error, ImportRejected):
        return {"problems": [asdict(problem) for problem in error.problems]}
    return {}
