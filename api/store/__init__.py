"""What is kept, in a relational database. The only place with SQL."""

from api.store.audit import AuditEntry
from api.store.calls import Call
from api.store.case_counts import CasesWanted, CountedCase
from api.store.case_lists import CaseLine, CaseQuery
from api.store.cases import Case, CaseEvent
from api.store.database import Database
from api.store.days import Booked, DayLine, MatchDay, MeetingLine
from api.store.decisions import Decision
from api.store.drafts import Unsent
from api.store.jobs import Job, State
from api.store.narrowing import EVERYTHING, Narrowing, Prospect, Standing
from api.store.outlooks import Outlook
from api.store.repository import Page, Repository, Stored, achievements, demands
from api.store.resource_narrowing import ALL_RESOURCES, ResourceNarrowing, Validity
from api.store.store import Store
from api.store.unit import Unit

__all__ = [
    "ALL_RESOURCES",
    "EVERYTHING",
    "AuditEntry",
    "Booked",
    "Call",
    "Case",
    "CaseEvent",
    "CaseLine",
    "CaseQuery",
    "CasesWanted",
    "CountedCase",
    "Database",
    "DayLine",
    "Decision",
    "Job",
    "MatchDay",
    "MeetingLine",
    "Narrowing",
    "Outlook",
    "Page",
    "Prospect",
    "Repository",
    "ResourceNarrowing",
    "Standing",
    "State",
    "Store",
    "Stored",
    "Unit",
    "Unsent",
    "Validity",
    "achievements",
    "demands",
]
