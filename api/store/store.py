"""Everything that is kept in one database."""

from contextlib import AbstractContextManager
from typing import TypeVar

from api.store.accounts import Accounts
from api.store.audit import AuditLog
from api.store.calls import Calls
from api.store.case_counts import CaseCounts
from api.store.case_lists import CaseLists
from api.store.cases import Cases
from api.store.changes import ChangeLog
from api.store.database import Database
from api.store.days import Days
from api.store.decisions import Decisions
from api.store.digests import Digests
from api.store.directory import Directory
from api.store.drafts import Drafts
from api.store.jobs import Jobs
from api.store.mapping import Mapped
from api.store.market import MarketCounts
from api.store.outbox import Outbox
from api.store.outlooks import Outlooks
from api.store.overview import Counts
from api.store.repository import achievements, demands, resources
from api.store.reviews import Reviews
from api.store.staging import Staging
from api.store.subscriptions import Subscriptions
from api.store.unit import Clock, Unit, now, unit_of_work
from api.store.upkeep import Upkeep
from matcher.resources import Record

R = TypeVar("R", bound=Record)


class Store:
    """The tables, by what they hold. Reading needs nothing else; writes belong to a unit.

    ``clock`` tells units what time it is; to tell of the past, set another one.
    """

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self.database = database
        self.clock = clock
        self.achievements = achievements(database)
        self.demands = demands(database)
        self.resources = resources(database)
        self.reviews = Reviews(database, self.demands)
        self.drafts = Drafts(database)
        self.accounts = Accounts(database)
        self.directory = Directory(database)
        self.audit = AuditLog(database)
        self.calls = Calls(database)
        self.cases = Cases(database)
        self.case_lists = CaseLists(database)
        self.changes = ChangeLog(database)
        self.days = Days(database)
        self.decisions = Decisions(database)
        self.jobs = Jobs(database)
        self.staging = Staging(database)
        self.outlooks = Outlooks(database)
        self.counts = Counts(database)
        self.case_counts = CaseCounts(database)
        self.market = MarketCounts(database)
        self.subscriptions = Subscriptions(database)
        self.digests = Digests(database)
        self.outbox = Outbox(database)

    def upkeep(self, mapped: Mapped[R]) -> Upkeep[R]:
        """What looks after the rows of one table."""
        return Upkeep(self.database, mapped)

    def writing(self) -> AbstractContextManager[Unit]:
        """A unit of work; see there."""
        return unit_of_work(self.database, self.clock)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()
