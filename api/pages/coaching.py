"""What the coach says of a form, as its page shows it without a script."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from api.pages.contexts.forms import CoachPanel, Meter
from api.pages.rendering import marked
from api.services.coaching import advice
from api.services.disclosing import FIELDS, Giveaway
from api.services.workspace import Workspace
from matcher.coaching.findings import LABELS, Criterion
from matcher.text.quantities import Quantity


def silent() -> CoachPanel:
    """Before anything was asked."""
    return CoachPanel([Meter(name, label) for name, label in LABELS.items()])


def panel(space: Workspace, typed: Mapping[str, str]) -> CoachPanel:
    """The opinion on what is typed; nothing is stored."""
    said = advice(space, typed)
    present = typed.get("keywords", "")
    return CoachPanel(
        meters=[_meter(criterion) for criterion in said.coaching.criteria],
        score=said.coaching.score,
        quantities=list(dict.fromkeys(_measured(q) for _, q in said.coaching.quantities)),
        related=said.related,
        keywords=[word for word in said.keywords if word not in present],
        field="" if typed.get("field") else said.field or "",
        industry="" if typed.get("industry") else said.industry or "",
        giveaways=list(said.giveaways),
        marked=_marked(typed, said.giveaways),
    )


def _meter(criterion: Criterion) -> Meter:
    said = criterion.suggestion
    text, field = (said.text, said.field) if said else ("", "")
    return Meter(criterion.name, criterion.label, criterion.score, text, field)


def _measured(quantity: Quantity) -> str:
    return f"{quantity.property} {quantity.text}".strip()


def _marked(typed: Mapping[str, str], places: Sequence[Giveaway]) -> dict[str, Markup]:
    spans = {name: [p.span for p in places if p.field == name] for name in FIELDS}
    return {name: marked(typed.get(name, ""), found) for name, found in spans.items() if found}
