"""What a stored pairing may still lack, and which stored resources could give it."""

from typing import Final

from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.times import today
from api.services.workspace import Workspace
from matcher.pairing.plan import SupportPlan
from matcher.records import Achievement, Demand

RESOURCES_SHOWN: Final = 3
"""Resources for each blocker, unless more or fewer are asked for."""


def support(
    workspace: Workspace, demand_id: str, achievement_id: str, k: int = RESOURCES_SHOWN
) -> SupportPlan:
    """The plan for two records by their ids. Raises NotFound, and InvalidQuery for ``k``."""
    demand = catalogue.get(workspace, DEMANDS, demand_id)
    return support_of(workspace, demand, catalogue.get(workspace, ACHIEVEMENTS, achievement_id), k)


def support_of(
    workspace: Workspace, demand: Demand, achievement: Achievement, k: int = RESOURCES_SHOWN
) -> SupportPlan:
    """The plan for two records that were just read, as things stand today in Beijing."""
    return workspace.matchmaker.support(demand, achievement, today(), k)
