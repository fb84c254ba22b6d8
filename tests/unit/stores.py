"""Records for the store, and a clock that does what a test tells it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.services import signing_in
from api.services.drafts import AchievementDraft, DemandDraft
from api.services.resource_drafts import ResourceDraft
from api.store import accounts, unit
from api.store.decisions import Decision
from matcher.records import Achievement, Demand
from matcher.resources import Resource
from tests.unit.rows import achievement_row, demand_row, draft_values, resource_row


def offer_draft(**changes: Any) -> AchievementDraft:
    return AchievementDraft.model_validate(draft_values(achievement_row(9)) | changes)


def need_draft(**changes: Any) -> DemandDraft:
    return DemandDraft.model_validate(draft_values(demand_row(9)) | changes)


def offer(id_: str, **changes: Any) -> Achievement:
    return offer_draft(**changes).record(id_)


def need(id_: str, **changes: Any) -> Demand:
    return need_draft(**changes).record(id_)


def decided(id_: str, demand_id: str, achievement_id: str, grade: int) -> Decision:
    """What a broker decided just now."""
    verdict = "accepted" if grade > 2 else "rejected"
    now = datetime.now(UTC)
    return Decision(
        id_, demand_id, achievement_id, verdict, None, "", grade, "demand_id",
        1, None, None, None, now, None,
    )  # fmt: skip


def resource(id_: str, **changes: Any) -> Resource:
    return ResourceDraft.model_validate(draft_values(resource_row(9)) | changes).record(id_)


class Clock:
    """Shows one moment until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2027, 3, 1, 12, tzinfo=UTC)

    def move(self, **by: float) -> None:
        """Forward, or back for negative amounts; named as those of ``timedelta``."""
        self.now += timedelta(**by)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Show it to whatever asks for the time of an attempt, a session, a key or a unit."""
        clock = self

        class Shown(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # noqa: ARG003 - as it is called
                return clock.now

        for module in (signing_in, accounts, unit):
            patch.setattr(module, "datetime", Shown)
