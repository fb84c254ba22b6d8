"""What is kept, in a relational database. The only place with SQL."""

from api.store.audit import AuditEntry
from api.store.case_lists import CaseLine, CaseQuery
from api.store.cases import Case, CaseEvent
from api.store.database import Database
from api.store.decisions import Decision
from api.store.drafts import Unsent
from api.store.jobs import Job, State
from api.store.repository import Page, Repository, Stored, achievements, demands
from api.store.store import Store
from api.store.unit import Unit

__all__ = [
    "AuditEntry",
    "Case",
    "CaseEvent",
    "CaseLine",
    "CaseQuery",
    "Database",
    "Decision",
    "Job",
    "Page",
    "Repository",
    "State",
    "Store",
    "Stored",
    "Unit",
    "Unsent",
    "achievements",
    "demands",
]
