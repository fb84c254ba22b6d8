"""Several pairings of one record side by side, point by point."""

from collections.abc import Sequence
from typing import Final

from api.pages.contexts.deciding import Compare, Deciding, Row
from api.pages.presenting import card, facts, href
from api.services.matching import weigh
from api.services.workspace import Workspace
from matcher.pairing.contrast import contrast
from matcher.records import Achievement, Claim, Demand, Pairing

MOST: Final = 4
_NOTHING: Final = "—"
_MARKS: Final = {"met": "✓ 符合", "unmet": "✗ 不符", "unknown": "？ 无法判断"}
_MANY: Final = f"一次最多比较 {MOST} 项，以下是其中相关程度最高的 {MOST} 项。"
_FEW: Final = "请在配对列表中勾选 2 至 4 项，再按“比较所选”。"


def comparison(space: Workspace, record: Demand | Achievement, chosen: Sequence[str]) -> Compare:
    """The chosen ones, best first."""
    offers, ids = isinstance(record, Demand), dict.fromkeys(chosen)
    found = weigh(space, record, list(ids))
    pairings = found[:MOST]
    return Compare(
        title="成果比较" if offers else "需求比较",
        noun="成果" if offers else "需求",
        base=href(record),
        base_title=record.title,
        cards=[card(pairing, offers) for pairing in pairings],
        rows=_rows(pairings, offers),
        indicators=_indicators(pairings) if offers else [],
        deciding=Deciding("demand" if offers else "achievement", href(record), ""),
        problem=_MANY if len(found) > MOST else _FEW if len(pairings) < 2 else "",
    )


def _rows(pairings: Sequence[Pairing], offers: bool) -> list[Row]:
    """The facts that any of them has, then what speaks for and against."""
    known = [
        {fact.label: fact.value for fact in facts(p.achievement if offers else p.demand)}
        for p in pairings
    ]
    labels = dict.fromkeys(label for one in known for label in one)
    return [
        *(Row(label, [one.get(label, _NOTHING) for one in known]) for label in labels),
        Row("理由", [p.reason.summary for p in pairings]),
        Row("需要留意", ["\n".join(p.reason.against) or _NOTHING for p in pairings]),
        Row("与最靠前的一项相比", [_why(pairings[0], p) for p in pairings]),
    ]


def _why(best: Pairing, other: Pairing) -> str:
    return "最靠前" if other is best else "\n".join(contrast(best, other)) or _NOTHING


def _indicators(pairings: Sequence[Pairing]) -> list[Row]:
    """One row for each requirement of the demand, with what each achievement says of it."""
    beside = [{(c.property, c.required): c for c in p.reason.claims} for p in pairings]
    wanted = dict.fromkeys(key for one in beside for key in one)
    return [
        Row(f"{name} {required}".strip(), [_claim(one.get((name, required))) for one in beside])
        for name, required in wanted
    ]


def _claim(claim: Claim | None) -> str:
    if claim is None or claim.claimed is None:
        return "没有写明"
    return f"{_MARKS[claim.verdict]}：{claim.claimed}"
