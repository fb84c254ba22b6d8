"""The tables. Importing this package declares them all."""

from api.store.tables.accounts import AccountRow, KeyRow, SessionRow, ThrottleRow
from api.store.tables.base import Base
from api.store.tables.history import AuditRow, ChangeRow, IdempotencyRow, MetaRow
from api.store.tables.jobs import JobRow, StagedRow
from api.store.tables.records import AchievementRow, DemandRow, RecordRow

__all__ = [
    "AccountRow",
    "AchievementRow",
    "AuditRow",
    "Base",
    "ChangeRow",
    "DemandRow",
    "IdempotencyRow",
    "JobRow",
    "KeyRow",
    "MetaRow",
    "RecordRow",
    "SessionRow",
    "StagedRow",
    "ThrottleRow",
]
