"""Who takes part in a matchmaking day: demands and achievements, and the parties behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from api.services.day_drafts import MOST_RECORDS, DayPlan
from api.services.workspace import Workspace
from api.store import Narrowing
from matcher.errors import InvalidInput
from matcher.pairing.batch import nearest_graded
from matcher.records import Achievement, Demand
from matcher.values import PUBLISHED

PROPOSED: Final = ("demands", "achievements")
"""What is proposed where a plan leaves it open."""
_PER_PAGE: Final = 100
_CANDIDATES: Final = 20
"""Achievements that are graded for each demand."""
_EACH: Final = 6
"""Achievements, at most, that are proposed for the sake of one demand."""
_NO_DEMANDS: Final = "这个范围内还没有已发布的需求，请放宽技术领域或地区，或先在收件箱发布需求。"
_NO_ACHIEVEMENTS: Final = "没有成果达到这个最低等级，请调低最低等级，或放宽技术领域和地区。"
_TOO_MANY: Final = f"这个范围内的需求超过 {MOST_RECORDS} 条，请用技术领域或地区缩小范围。"


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a day that can take part; ``missing`` says of the others why they cannot."""

    demands: Sequence[Demand]
    achievements: Sequence[Achievement]
    missing: Sequence[str]

    @property
    def titles(self) -> dict[str, str]:
        """The title of every record by its id."""
        needs = {one.id: one.title for one in self.demands}
        return needs | {one.id: one.title for one in self.achievements}

    @property
    def parties(self) -> dict[str, str]:
        """The names of all parties by their ids, demanding ones first."""
        needing = {demand_party(one): one.organisation or one.title for one in self.demands}
        offering = {achievement_party(one): one.provider or one.title for one in self.achievements}
        return {**needing, **offering}


def demand_party(demand: Demand) -> str:
    """The id of the party behind a demand: whoever is named alike is the same."""
    return demand.organisation or demand.id


def achievement_party(achievement: Achievement) -> str:
    """The same of an achievement."""
    return achievement.provider or achievement.id


def proposed(workspace: Workspace, plan: DayPlan) -> DayPlan:
    """The plan with what it leaves open: published demands, and the achievements that fit them.

    Raises InvalidInput if there are none, or too many.
    """
    if plan.demands and plan.achievements:
        return plan
    demands = plan.demands or tuple(_published(workspace, plan))
    if not demands:
        raise InvalidInput.of("demands", _NO_DEMANDS)
    achievements = plan.achievements or tuple(_fitting(workspace, demands, plan.least))
    if not achievements:
        raise InvalidInput.of("least", _NO_ACHIEVEMENTS)
    return plan.model_copy(update={"demands": demands, "achievements": achievements})


def taking_part(workspace: Workspace, plan: DayPlan) -> Records:
    """The records of a plan as they are now: demands if they are published."""
    titles = workspace.store.days.titles((*plan.demands, *plan.achievements))
    stored = workspace.demands.stored_many(plan.demands)
    demands = {one.record.id: one.record for one in stored if one.state == PUBLISHED}
    there = {one.record.id for one in stored}
    offers = workspace.achievements.get_many(plan.achievements)
    gone = [
        *(("需求", id_) for id_ in plan.demands if id_ not in demands),
        *(("成果", id_) for id_ in plan.achievements if id_ not in offers),
    ]
    return Records(
        [demands[id_] for id_ in plan.demands if id_ in demands],
        [offers[id_] for id_ in plan.achievements if id_ in offers],
        [_missing(noun, titles.get(id_), id_ in there) for noun, id_ in gone],
    )


def _published(workspace: Workspace, plan: DayPlan) -> list[str]:
    """Those of the field and region, newest first. Raises InvalidInput if there are too many."""
    where = {"state": PUBLISHED} | ({"field": plan.field} if plan.field else {})
    narrowed = Narrowing(province=plan.region or None)
    found: list[str] = []
    after: str | None = None
    while True:
        page = workspace.demands.page(_PER_PAGE, after, where, narrowed=narrowed)
        if page.total > MOST_RECORDS:
            raise InvalidInput.of("demands", _TOO_MANY)
        found += [demand.id for demand in page.items]
        after = page.next_after
        if after is None:
            return found


def _fitting(workspace: Workspace, ids: Iterable[str], least: float) -> list[str]:
    """Achievements that some demand would meet: the best of every demand, then the second …"""
    demands = list(workspace.demands.get_many(list(ids)).values())
    decisions = workspace.store.decisions.grades_of_many("demand_id", [one.id for one in demands])
    graded = nearest_graded(workspace.matchmaker, demands, _CANDIDATES, decisions)
    by_demand = [_best(grades, least) for grades in graded]
    rounds = (id_ for place in zip_longest(*by_demand) for id_ in place if id_ is not None)
    return list(dict.fromkeys(rounds))[:MOST_RECORDS]


def _best(grades: Mapping[str, float], least: float) -> list[str]:
    ranked = sorted((-grade, id_) for id_, grade in grades.items())
    return [id_ for grade, id_ in ranked if -grade >= least][:_EACH]


def _missing(noun: str, title: str | None, is_there: bool) -> str:
    if title is None:
        return f"有一条{noun}的编号不存在，没有参加。"
    reason = "尚未发布或已退回" if is_there else "已被删除"
    return f"{noun}“{title}”{reason}，没有参加。"
