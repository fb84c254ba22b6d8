"""Where a pairing stands on the way from knowledge to capital, and what its next step takes."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from matcher.records import Achievement, Demand
from matcher.values import CHAIN, PATH

_RESEARCH, _ENGINEERING, _TRANSFER, _FINANCE, _PEOPLE = CHAIN


class Step(NamedTuple):
    """One of ``values.PATH`` with its levels of maturity (TRL).

    ``takes`` is what leads beyond it, ``links`` the links of ``values.CHAIN`` that this concerns.
    """

    name: str
    low: int
    high: int
    takes: str
    links: tuple[str, ...]


STEPS: Final = (
    Step(
        PATH[0],
        1,
        3,
        "把原理做成样品样机，先在实验室、再在接近现场的条件下达到需求的指标",
        (_RESEARCH, _ENGINEERING, _PEOPLE),
    ),
    Step(
        PATH[1],
        4,
        6,
        "做中试或放大，在真实现场由第一家用户连续试用，并验证指标",
        (_ENGINEERING, _TRANSFER, _FINANCE),
    ),
    Step(
        PATH[2],
        7,
        8,
        "定型、认证并批量供货，谈定许可、转让或作价入股，备好扩产的资金和人手",
        (_TRANSFER, _FINANCE, _PEOPLE),
    ),
    Step(
        PATH[3],
        9,
        9,
        "扩大规模和市场，引入股权投资，并为下一代技术投入研发",
        (_FINANCE, _RESEARCH),
    ),
)
_UNKNOWN: Final = "成熟度未注明，请成果方先按 TRL 1–9 自评，再看还差哪一步"


@dataclass(frozen=True, slots=True)
class Standing:
    """The steps by their numbers in ``STEPS``: where it stands, and where the demand wants it.

    ``at`` is None where the maturity is unknown, ``wanted`` where the demand does not say.
    """

    maturity: int | None
    at: int | None
    wanted: int | None

    @property
    def takes(self) -> str:
        """What the next step takes, without a full stop."""
        return _UNKNOWN if self.at is None else STEPS[self.at].takes

    @property
    def links(self) -> tuple[str, ...]:
        """The links of the innovation chain that it concerns."""
        return () if self.at is None else STEPS[self.at].links

    @property
    def missing(self) -> int:
        """How many steps the demand wants it further; 0 if none, or if nobody can say."""
        if self.at is None or self.wanted is None:
            return 0
        return max(0, self.wanted - self.at)


def standing(demand: Demand, achievement: Achievement) -> Standing:
    """Where a pairing stands."""
    at, wanted = _step(achievement.maturity), _step(demand.maturity_min)
    return Standing(achievement.maturity, at, wanted)


def _step(maturity: int | None) -> int | None:
    """The number of the step that a TRL belongs to."""
    if maturity is None:
        return None
    return next(n for n, step in enumerate(STEPS) if step.low <= maturity <= step.high)
