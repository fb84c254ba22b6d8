"""A plan of support as people read it."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from api.pages.contexts.support import Aid, Lack, Place, Sign, Stage, Support, Term
from api.pages.presenting import FIELD_LABELS
from api.pages.rendering import marked
from matcher.pairing.evidence import Evidence
from matcher.pairing.offers import Offer
from matcher.pairing.path import STEPS, Standing
from matcher.pairing.plan import SupportPlan
from matcher.pairing.rules import LIKELY, NONE, POSSIBLE
from matcher.pairing.support import Blocker, Diagnosis
from matcher.values import RESOURCE_KINDS

_PARTIES: Final = {"demand": "需求", "achievement": "成果"}
_LABELS: Final = {
    "maturity": "成熟度",
    "maturity_min": "最低成熟度",
    "budget": "预算",
    "price_min": "价格",
    "price_max": "价格",
    "application_state": "应用状态",
    "ip_kinds": "知识产权",
    "ip_status": "知识产权",
    "cooperation_modes": "合作方式",
    "solution_mode": "解决方式",
    "confidentiality": "公开范围",
    "deadline": "期望完成",
}
_MARKS: Final = {LIKELY: "badge-warn", POSSIBLE: "badge-info", NONE: ""}
_UNWRITTEN: Final = "没有写明"


def supporting(plan: SupportPlan) -> Support:
    """The section of a pairing's report."""
    shown: dict[str, str] = {}
    offers = {one.blocker: one.offers for one in plan.help}
    opened = _opened(plan.diagnosis)
    lacks = [
        _lack(b, offers.get(b.name, ()), shown, b.name in opened) for b in plan.diagnosis.blockers
    ]
    return Support(
        stages=_stages(plan.standing),
        where=_where(plan.standing),
        takes=f"{plan.standing.takes}。",
        links=plan.standing.links,
        lacks=lacks,
        summary=_summary(lacks),
    )


def _summary(lacks: list[Lack]) -> str:
    """The likely ones by name, and how many more are possible."""
    likely = [lack.name for lack in lacks if lack.mark == _MARKS[LIKELY]]
    possible = [lack.name for lack in lacks if lack.mark == _MARKS[POSSIBLE]]
    parts = [f"{'、'.join(likely)}较可能"] if likely else []
    parts += [f"{'、'.join(possible)}有可能"] if possible else []
    return "，".join(parts) or "六类卡点在文中都未见迹象"


def _opened(diagnosis: Diagnosis) -> set[str]:
    """The likely ones; if there are none, the first of which there is any sign."""
    likely = {b.name for b in diagnosis.blockers if b.likelihood == LIKELY}
    return likely or set(islice((b.name for b in diagnosis.blockers if b.shows), 1))


def _lack(
    blocker: Blocker, offers: tuple[Offer, ...], shown: dict[str, str], is_open: bool
) -> Lack:
    """``shown`` : under which blocker a resource was shown first; those of this one are added."""
    aids = [_aid(offer, shown) for offer in offers]
    for offer in offers:
        shown.setdefault(offer.resource.id, blocker.name)
    return Lack(
        name=blocker.name,
        label=blocker.label,
        mark=_MARKS[blocker.likelihood],
        signs=[
            Sign(f"{found.says}。", [place(one) for one in found.evidence])
            for found in blocker.findings
        ],
        aids=aids,
        is_open=is_open,
    )


def place(evidence: Evidence) -> Place:
    """Where something stands, its words highlighted within the clause."""
    labels = FIELD_LABELS if evidence.span else {**FIELD_LABELS, **_LABELS}
    label = f"{_PARTIES[evidence.party]} · {labels[evidence.field]}"
    if not evidence.span or not evidence.mark:
        return Place(label, marked(evidence.text or _UNWRITTEN), is_quoted=False)
    start = evidence.span[0]
    inside = (evidence.mark[0] - start, evidence.mark[1] - start)
    return Place(label, marked(evidence.text, [inside]), is_quoted=True)


def _aid(offer: Offer, shown: Mapping[str, str]) -> Aid:
    resource = offer.resource
    return Aid(
        href=f"/resources/{resource.id}",
        kind=RESOURCE_KINDS[resource.kind],
        title=resource.title,
        provider=resource.provider or "",
        because=f"{offer.because}。",
        terms=[Term(c.text, c.state == "unknown") for c in offer.conditions],
        above=shown.get(resource.id, ""),
    )


def _stages(standing: Standing) -> list[Stage]:
    return [
        Stage(
            step.name,
            f"TRL {step.low}" if step.low == step.high else f"TRL {step.low}–{step.high}",
            _state(number, standing.at),
            number == standing.wanted,
        )
        for number, step in enumerate(STEPS)
    ]


def _state(number: int, at: int | None) -> str:
    if at is None or number > at:
        return "later"
    return "now" if number == at else "done"


def _where(standing: Standing) -> str:
    if standing.at is None:
        return "成果没有写明成熟度，位置未知。"
    here = f"成果为 TRL {standing.maturity}，处在“{STEPS[standing.at].name}”"
    if standing.missing and standing.wanted is not None:
        return f"{here}，离需求要的“{STEPS[standing.wanted].name}”还差 {standing.missing} 步。"
    return f"{here}。"
