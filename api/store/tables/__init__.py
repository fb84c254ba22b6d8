"""The tables. Importing this package declares them all."""

from api.store.tables.accounts import AccountRow, KeyRow, SessionRow, ThrottleRow
from api.store.tables.base import Base
from api.store.tables.calls import CallRow
from api.store.tables.casework import CaseEventRow, CaseRow, DecisionRow, OutlookRow, StrongRow
from api.store.tables.days import DayRow, MeetingRow
from api.store.tables.drafts import DraftRow
from api.store.tables.history import AuditRow, ChangeRow, IdempotencyRow, MetaRow
from api.store.tables.jobs import JobRow, StagedRow
from api.store.tables.records import AchievementRow, DemandRow, RecordRow, ResourceRow
from api.store.tables.subscriptions import DigestRow, FindingRow, SubscriptionRow

__all__ = [
    "AccountRow",
    "AchievementRow",
    "AuditRow",
    "Base",
    "CallRow",
    "CaseEventRow",
    "CaseRow",
    "ChangeRow",
    "DayRow",
    "DecisionRow",
    "DemandRow",
    "DigestRow",
    "DraftRow",
    "FindingRow",
    "IdempotencyRow",
    "JobRow",
    "KeyRow",
    "MeetingRow",
    "MetaRow",
    "OutlookRow",
    "RecordRow",
    "ResourceRow",
    "SessionRow",
    "StagedRow",
    "StrongRow",
    "SubscriptionRow",
    "ThrottleRow",
]
