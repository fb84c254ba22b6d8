"""The research groups that are nearest to a topic: who has the best achievements for its demands.

Nearest is not near: for a call there is no strong achievement, and what these groups have is where
work could begin.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from matcher.records import Achievement, Grading

MOST: Final = 5
UNNAMED: Final = "未注明单位"


@dataclass(frozen=True, slots=True)
class Near:
    """An achievement that was found for a demand; ``expected`` is its mean grade, in 1 … 4.

    Without a grader it is the score, in (0, 1]. ``grade`` is None then.
    """

    demand_id: str
    achievement: Achievement
    expected: float
    grade: int | None = None

    @classmethod
    def of(
        cls, demand_id: str, achievement: Achievement, grading: Grading | None, score: float
    ) -> "Near":
        """From a pairing."""
        if grading is None:
            return cls(demand_id, achievement, score)
        return cls(demand_id, achievement, grading.expected, grading.grade)


@dataclass(frozen=True, slots=True)
class Group:
    """A provider with its best achievements for a topic, best first.

    ``demands`` counts those of the topic that any of them comes near to; ``contacts`` are as the
    achievements name them, each once.
    """

    provider: str
    achievements: tuple[Near, ...]
    demands: int
    contacts: tuple[str, ...]

    @property
    def best(self) -> Near:
        """Its nearest achievement."""
        return self.achievements[0]


def nearest_groups(found: Iterable[Near], most: int = MOST) -> tuple[Group, ...]:
    """At most ``most`` groups: by their best achievement, then by how many demands they reach."""
    by_provider: dict[str, list[Near]] = defaultdict(list)
    for near in found:
        by_provider[near.achievement.provider or UNNAMED].append(near)
    groups = [_group(provider, near) for provider, near in by_provider.items()]
    return tuple(sorted(groups, key=_worth)[:most])


def _group(provider: str, found: Sequence[Near]) -> Group:
    best: dict[str, Near] = {}
    for near in sorted(found, key=_order):
        best.setdefault(near.achievement.id, near)
    contacts = (near.achievement.contact for near in best.values())
    return Group(
        provider,
        tuple(best.values()),
        len({near.demand_id for near in found}),
        tuple(dict.fromkeys(contact for contact in contacts if contact)),
    )


def _order(near: Near) -> tuple[int, float, str]:
    return (-(near.grade or 0), -near.expected, near.achievement.id)


def _worth(group: Group) -> tuple[int, float, int, str]:
    grade, expected, _ = _order(group.best)
    return (grade, expected, -group.demands, group.provider)
