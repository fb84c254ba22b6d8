"""What surrounds the pairings of a record: facets, order, decisions, and what is pinned."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from api.pages.addresses import Address
from api.pages.contexts.deciding import Choice, Deciding, Desk, Facet, Pinned, Said, Toast
from api.pages.ending import days_of
from api.pages.presenting import card, href, moment, without_texts
from api.services.decisions import ACCEPTED, VERDICTS, Decided, decided
from api.services.filtering import FILTERS
from api.services.matching import match_record, weigh
from api.services.workspace import Workspace
from matcher.pairing.contrast import contrast
from matcher.records import (
    Achievement,
    Counts,
    Demand,
    Direction,
    FacetCounts,
    MatchResult,
    Pairing,
)

PARAMETERS: Final = (*FILTERS, "sort", "k", "pin")
"""What the page of a record understands, besides what was just ``said``."""
SIZES: Final = (10, 20)
MOST_PINNED: Final = 4
_FACETS: Final[Sequence[tuple[str, str, Callable[[FacetCounts], Counts]]]] = (
    ("field", "技术领域", lambda counts: counts.fields),
    ("region", "地区", lambda counts: counts.regions),
    ("band", "成熟度", lambda counts: counts.bands),
    ("mode", "合作方式", lambda counts: counts.cooperation_modes),
    ("provider", "完成单位", lambda counts: counts.providers),
)
_SHOWN: Final = 6
"""Values of a facet that are offered."""
_LAST: Final = float("inf")
Key = Callable[[Pairing], tuple[float | str, ...]]
_OFFERS: Final[Mapping[str, tuple[str, Key]]] = {
    "maturity": ("成熟度高的在前", lambda p: (-(p.achievement.maturity or 0),)),
    "price": ("报价低的在前", lambda p: (_or_last(p.achievement.price_min),)),
}
_NEEDS: Final[Mapping[str, tuple[str, Key]]] = {
    "budget": ("预算高的在前", lambda p: (-(p.demand.budget or 0),)),
    "deadline": ("期限近的在前", lambda p: (p.demand.deadline or "9999",)),
}


def size(given: str | None) -> int:
    """How many pairings to show; the smallest size for what is none."""
    return next((n for n in SIZES if str(n) == given), SIZES[0])


def ordered(result: MatchResult, sort: str) -> Sequence[Pairing]:
    """The pairings in the wanted order; each keeps its rank."""
    known = _orders(result.direction)
    if sort not in known:
        return result.pairings
    return sorted(result.pairings, key=known[sort][1])


def desk(
    space: Workspace, record: Demand | Achievement, result: MatchResult, here: Address, just: str
) -> Desk:
    """All of it; ``just`` is the id of the decision that was just made."""
    said = decided(space, record)
    made = next((d for d in said if d.decision.id == just), None)
    facets, days = _facets(result, here), days_of(result, here)
    chosen = [choice for facet in facets for choice in facet.choices if choice.chosen]
    return Desk(
        deciding=Deciding(_side(record), str(here), f"{href(record)}/compare"),
        facets=facets,
        counted=result.facets.counted,
        days=days,
        chosen=chosen if days is None or not days.said else [*chosen, days.chosen],
        sorts=_sorts(result.direction, here),
        sizes=_sizes(here, len(result.pairings)),
        said=[said_of(one) for one in said],
        toast=toast(made, len(said)) if made else None,
        pins=_pins(space, record, result, here),
        subscribe=f"/subscriptions/new?record={record.id}",
    )


def said_of(one: Decided) -> Said:
    """A decision as a line."""
    decision = one.decision
    reason = f"（{decision.reason}）" if decision.reason else ""
    return Said(
        id=decision.id,
        href=f"/demands/{decision.demand_id}/pairings/{decision.achievement_id}",
        title=one.record.title,
        accepted=decision.verdict == ACCEPTED,
        verdict=VERDICTS[decision.verdict] + reason,
        note=decision.note,
        who=decision.who or "",
        at=moment(decision.at),
    )


def toast(made: Decided, count: int) -> Toast:
    """What was just decided, and what it did."""
    verdict, title = VERDICTS[made.decision.verdict], made.record.title
    case = "，对接单已建立" if made.decision.verdict == ACCEPTED else ""
    text = f"“{title}”：{verdict}{case}。列表已按 {count} 条判断重新评估。"
    return Toast(text, made.decision.id)


def _side(record: Demand | Achievement) -> str:
    return "demand" if isinstance(record, Demand) else "achievement"


def _orders(direction: Direction) -> Mapping[str, tuple[str, Key]]:
    return _OFFERS if direction == "achievements" else _NEEDS


def _or_last(value: float | None) -> float:
    return _LAST if value is None else value


def _sorts(direction: Direction, here: Address) -> list[Choice]:
    names = {"": "最相关的在前", **{key: name for key, (name, _) in _orders(direction).items()}}
    now = next(iter(here.all("sort")), "")
    now = now if now in names else ""
    return [Choice(name, str(here.having("sort", key)), key == now) for key, name in names.items()]


def _sizes(here: Address, shown: int) -> list[Choice]:
    now = size(next(iter(here.all("k")), None))
    if shown < SIZES[0]:
        return []
    return [Choice(f"{n} 项", str(here.having("k", str(n))), n == now) for n in SIZES]


def _facets(result: MatchResult, here: Address) -> list[Facet]:
    """Those that apply; demands have neither a provider nor cooperation modes."""
    facets = _FACETS if result.direction == "achievements" else _FACETS[:3]
    found = (Facet(label, _choices(name, get(result.facets), here)) for name, label, get in facets)
    return [facet for facet in found if facet.choices]


def _choices(name: str, counts: Counts, here: Address) -> list[Choice]:
    """The most frequent values, and the one that was chosen wherever it stands."""
    chosen = next(iter(here.all(name)), "")
    shown = dict(counts[:_SHOWN])
    if chosen and chosen not in shown:
        shown[chosen] = dict(counts).get(chosen, 0)
    return [
        Choice(value, str(here.having(name, "" if value == chosen else value)), value == chosen, n)
        for value, n in shown.items()
    ]


def _pins(
    space: Workspace, record: Demand | Achievement, result: MatchResult, here: Address
) -> list[Pinned]:
    pinned = here.all("pin")[:MOST_PINNED]
    if not pinned:
        return []
    offers = isinstance(record, Demand)
    is_long = len(result.pairings) > SIZES[0]
    is_narrowed = any(here.all(name) for name in FILTERS)
    best = match_record(space, record, k=1) if is_narrowed else result
    return [
        Pinned(
            card=without_texts(card(pairing, offers)) if is_long else card(pairing, offers),
            place=f"在候选中排第 {pairing.rank} 位",
            why=lacking(best, pairing),
            unpin=str(here.removing("pin", _found(pairing, offers))),
        )
        for pairing in weigh(space, record, pinned)
    ]


def lacking(best: MatchResult, pairing: Pairing) -> Sequence[str]:
    """Why a pairing is not the best one; nothing if it is."""
    if not best.pairings or pairing.rank == 1:
        return ()
    return contrast(best.pairings[0], pairing)


def _found(pairing: Pairing, offers: bool) -> str:
    return pairing.achievement.id if offers else pairing.demand.id
