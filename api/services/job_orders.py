"""A job as somebody orders it, and who that was."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from api.security.roles import Actor, Role
from api.store import Job, State


def ordered(
    id_: str, kind: str, actor: Actor, parameters: Mapping[str, Any], worker: str | None = None
) -> Job:
    """A job that waits, or one that ``worker`` has begun; its parameters say who ordered it."""
    now = datetime.now(UTC)
    said = {"who": actor.name, "role": actor.role, "address": actor.address}
    return Job(
        id=id_,
        kind=kind,
        state=State.running if worker else State.waiting,
        account_id=actor.account_id,
        parameters={**parameters, **said},
        step="",
        done=0,
        total=None,
        message="",
        report={},
        worker=worker,
        created_at=now,
        beat_at=now,
        finished_at=None,
    )


def orderer(job: Job) -> Actor:
    """Who ordered a job."""
    given = job.parameters
    return Actor(job.account_id, given["who"], Role(given["role"]), given["address"])
