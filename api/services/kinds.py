"""The kinds of record, and where each is kept: what most use cases differ by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from api.security.redaction import public_title
from api.security.roles import Actor
from api.services.drafts import AchievementDraft, DemandDraft
from api.services.resource_drafts import ResourceDraft
from api.services.workspace import Workspace
from api.store import Repository
from matcher.coaching import coach_score
from matcher.library import Library
from matcher.records import Achievement, Demand
from matcher.resources import Record, Resource
from matcher.values import PENDING

R = TypeVar("R", bound=Record)

AnyDraft = AchievementDraft | DemandDraft | ResourceDraft


@dataclass(frozen=True)
class Kind(Generic[R]):
    """One kind: its name for people, its rules, its table, and its side of the engine."""

    label: str
    draft: type[AnyDraft]
    table: Callable[[Workspace], Repository[R]]
    library: Callable[[Workspace], Library[R]]
    derived: Callable[[R], Mapping[str, object]]
    """Columns that follow from a record, and that the store cannot work out itself."""
    judged: Callable[[R], Mapping[str, object]] = lambda _: {}
    """More of them, for a review. They take a hundred times as long: never for a whole file."""
    sent: Callable[[Actor], Mapping[str, object]] = lambda _: {}
    """Columns that follow from who sends a record in, or an edit of it."""


ACHIEVEMENTS: Final = Kind[Achievement](
    label="成果",
    draft=AchievementDraft,
    table=lambda workspace: workspace.achievements,
    library=lambda workspace: workspace.matchmaker.achievements,
    derived=lambda _: {},
)
DEMANDS: Final = Kind[Demand](
    label="需求",
    draft=DemandDraft,
    table=lambda workspace: workspace.demands,
    library=lambda workspace: workspace.matchmaker.demands,
    derived=lambda demand: {"public_title": public_title(demand)},
    judged=lambda demand: {"coach": coach_score(demand)},
    sent=lambda actor: {} if actor.is_staff else {"state": PENDING},
)
RESOURCES: Final = Kind[Resource](
    label="资源",
    draft=ResourceDraft,
    table=lambda workspace: workspace.resources,
    library=lambda workspace: workspace.matchmaker.resources,
    derived=lambda _: {},
)
KINDS: Final[Mapping[str, Kind[Any]]] = {
    "achievements": ACHIEVEMENTS,
    "demands": DEMANDS,
    "resources": RESOURCES,
}
"""By the names of their tables."""
