"""What is kept: achievements and demands in a relational database. The only place with SQL."""

from api.store.database import Database
from api.store.repository import Page, Repository, achievements, demands

__all__ = ["Database", "Page", "Repository", "achievements", "demands"]
