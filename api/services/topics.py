"""Demands that nothing in the library serves, by topic: what an open call could be about.

Everything that is said of a topic, its name included, is made from the public views of its demands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.security.redaction import public_demand
from api.services.topic_groups import Grouping, grouping
from api.services.workspace import Workspace
from api.store import Narrowing, Outlook
from matcher.calls import Group, Indicators, Near, indicators, nearest_groups
from matcher.errors import InvalidInput, NotFound
from matcher.records import Demand
from matcher.values import BROKERS, PUBLISHED

MOST_DEMANDS: Final = 2_000
"""Demands that are grouped at a time, the newest first."""
MOST_IN_TOPIC: Final = 30
"""Demands of one topic that are looked at, and called for together."""
PER_PAGE: Final = 20
GRADES: Final = {3: "没有较强相关的成果", 2: "没有弱相关的成果", 4: "没有强相关的成果"}
"""Below which grade the best achievement of a demand has to stay."""
_FIRST: Final = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demands, and how alike those of a topic are; ``width`` is one of ``WIDTHS``."""

    below: int = 3
    field: str = ""
    province: str = ""
    width: str = "usual"

    @property
    def narrowing(self) -> Narrowing:
        """The demands that may be called for: published ones."""
        return Narrowing(field=self.field or None, province=self.province or None, state=PUBLISHED)


@dataclass(frozen=True, slots=True)
class Topic:
    """Demands of one topic, as everybody may see them, ``size`` of them in all.

    ``best`` is the best grade that an achievement has for any of them, ``closed`` the ids of those
    that only brokers may see.
    """

    name: tuple[str, ...]
    demands: tuple[Demand, ...]
    size: int
    best: int | None
    groups: tuple[Group, ...]
    indicators: Indicators
    closed: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Of its demands."""
        return tuple(demand.id for demand in self.demands)

    @property
    def title(self) -> str:
        """Its strongest terms; of a topic without any, its first demand."""
        return "、".join(self.name) or self.demands[0].title


@dataclass(frozen=True, slots=True)
class Topics:
    """One page of them, the largest first; ``grouped`` of ``demands`` were looked at."""

    items: tuple[Topic, ...]
    total: int
    demands: int
    grouped: int


def topics(workspace: Workspace, wanted: Wanted, page: int = 1) -> Topics:
    """The topics of a page, counted from 1. Raises BundleError without a model."""
    found, total = workspace.store.calls.unserved(wanted.narrowing, wanted.below, MOST_DEMANDS)
    if not found:  # nothing is asked of an engine that may have no model yet
        return Topics((), 0, total, 0)
    grouped = grouping(workspace, found, wanted.width)
    shown = grouped.topics[(page - 1) * PER_PAGE : page * PER_PAGE]
    items = [_listed(workspace, ids, grouped) for ids in shown]
    topics = tuple(topic for topic in items if topic is not None)
    return Topics(topics, len(grouped.topics), total, len(found))


def topic(workspace: Workspace, ids: Sequence[str]) -> Topic:
    """The topic of these demands, with the groups that a search finds now.

    Raises InvalidInput for none or too many, and NotFound if none of them is published any more.
    """
    wanted = list(dict.fromkeys(ids))
    if not 1 <= len(wanted) <= MOST_IN_TOPIC:
        raise InvalidInput.of("ids", f"一个主题可以有 1 到 {MOST_IN_TOPIC} 条需求，请重新选择。")
    demands = _published(workspace, wanted)
    if not demands:
        raise NotFound("这些需求已不在已发布的需求中，请从主题列表重新选择。")
    found, _ = workspace.store.calls.unserved(Wanted().narrowing, 3, MOST_DEMANDS)
    known = {id_ for id_, _ in found}
    added = [(demand.id, "") for demand in demands if demand.id not in known]
    grouped = grouping(workspace, [*added, *found], "usual")
    near = [near for demand in demands for near in _searched(workspace, demand)]
    return _topic(workspace, demands, len(demands), near, grouped)


def _listed(workspace: Workspace, ids: Sequence[str], grouped: Grouping) -> Topic | None:
    """With the groups that the survey has found: nothing is searched for a list."""
    demands = _published(workspace, ids[:MOST_IN_TOPIC])
    if not demands:
        return None
    known = workspace.store.outlooks.of_many([demand.id for demand in demands])
    offers = workspace.achievements.get_many(
        [one.achievement_id for one in known.values() if one.achievement_id]
    )
    near = [
        Near(one.demand_id, offers[offer], one.expected or 0.0, one.grade)
        for one in known.values()
        if (offer := one.achievement_id) and offer in offers
    ]
    return _topic(workspace, demands, len(ids), near, grouped, known)


def _topic(
    workspace: Workspace,
    demands: Sequence[Demand],
    size: int,
    near: Sequence[Near],
    grouped: Grouping,
    known: Mapping[str, Outlook] | None = None,
) -> Topic:
    if known is None:
        known = workspace.store.outlooks.of_many([demand.id for demand in demands])
    public = tuple(map(public_demand, demands))
    return Topic(
        name=grouped.name(public),
        demands=public,
        size=size,
        best=max((one.grade or 1 for one in known.values()), default=None),
        groups=nearest_groups(near),
        indicators=indicators(public),
        closed=tuple(d.id for d in demands if d.confidentiality == BROKERS),
    )


def _published(workspace: Workspace, ids: Sequence[str]) -> list[Demand]:
    stored = workspace.demands.stored_many(ids)
    return [one.record for one in stored if one.state == PUBLISHED]


def _searched(workspace: Workspace, demand: Demand) -> list[Near]:
    try:
        found = workspace.matchmaker.match(demand, _FIRST).pairings
    except InvalidInput:  # too long to be matched: nothing can be found
        return []
    return [Near.of(demand.id, one.achievement, one.grading, one.score) for one in found]
