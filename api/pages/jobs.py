"""Jobs as people read them."""

from api.pages.contexts.imports import JobLine
from api.pages.presenting import moment
from api.services.jobs import ARRANGE, STATE_NAMES
from api.services.kinds import KINDS
from api.store import Job, State


def job_line(job: Job) -> JobLine:
    """A job in a list, and at the top of its page."""
    is_moving = not job.is_finished and job.state != State.prepared
    percent = round(100 * job.done / job.total) if job.total and is_moving else None
    counted = f"{job.step} {job.done} / {job.total}" if job.total else job.step
    return JobLine(
        id=job.id,
        href=_href(job),
        name=job.parameters.get("name", ""),
        noun="排期" if job.kind == ARRANGE else KINDS[job.parameters["kind"]].label,
        base=f"/{job.parameters['kind']}",
        who=job.parameters.get("who", ""),
        created=moment(job.created_at),
        state=STATE_NAMES[job.state],
        progress=counted if is_moving else "",
        percent=percent,
        message=job.message,
        is_moving=is_moving,
    )


def _href(job: Job) -> str:
    if job.kind == ARRANGE:
        return f"/days/{job.parameters['day']}"
    return f"/imports/{job.id}"
