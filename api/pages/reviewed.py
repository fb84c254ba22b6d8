"""Demands as those read them who review them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from markupsafe import Markup

from api.pages.contexts.inbox import Item, Quality, Row, State
from api.pages.presenting import FIELD_LABELS, moment
from api.pages.rendering import marked
from api.security.redaction import HIDDEN, public_demand
from api.services.disclosing import FIELDS, Giveaway, giveaways_of, joined
from api.services.quality import parts
from api.services.visibility import Review
from api.store import Stored
from matcher.pairing.wording import GRADE_NAMES
from matcher.records import Demand, Span
from matcher.values import BROKERS, PENDING, REVIEW_STATES

_PREVIEW: Final = 110
"""Characters of the problem that the inbox shows."""


def item(stored: Stored[Demand], grade: int | None, picked: bool) -> Item:
    """A demand in the inbox."""
    demand, places = stored.record, giveaways_of(stored.record)
    facts = (demand.organisation, demand.field, demand.region)
    return Item(
        id=demand.id,
        version=stored.version,
        href=f"/inbox/{demand.id}",
        title=marked(demand.title, _spans(places, "title")),
        facts=[fact for fact in facts if fact],
        times=times(stored),
        preview=_preview(demand.problem, _spans(places, "problem")),
        giveaways=len(places),
        quality=quality(stored),
        grade=grade_name(grade),
        confidential=demand.confidentiality == BROKERS,
        state=state_of(stored),
        picked=picked,
    )


def rows(demand: Demand, places: Sequence[Giveaway]) -> list[Row]:
    """The texts of a demand beside what the public would see of them."""
    public = public_demand(demand)
    return [
        Row(
            FIELD_LABELS[name],
            marked(text, _spans(places, name)),
            None if _text(public, name) == text else _with_gaps(_text(public, name)),
        )
        for name in FIELDS
        if (text := _text(demand, name))
    ]


def state_of(stored: Stored[Demand]) -> State:
    """Where a demand stands, without who reviewed it."""
    return shown_state(Review(stored.state, stored.review_note, stored.reviewed_at))


def shown_state(review: Review) -> State:
    """Where a demand stands."""
    at = moment(review.at) if review.at else ""
    return State(review.state, REVIEW_STATES[review.state], review.note, at, review.reviewer)


def quality(stored: Stored[Demand]) -> Quality | None:
    """The score that was stored, with the criteria behind it."""
    return None if stored.coach is None else Quality(stored.coach, parts(stored.record))


def grade_name(grade: int | None) -> str:
    """The best grade that is known, in words."""
    return GRADE_NAMES[grade] if grade else ""


def times(stored: Stored[Demand], now: datetime | None = None) -> str:
    """When a demand was sent in, and how long it has waited since it was last changed."""
    sent = f"{moment(stored.created_at)} 提交"
    if stored.state != PENDING:
        return sent
    return f"{sent}，{waited((now or datetime.now(UTC)) - stored.updated_at)}"


def waited(time: timedelta) -> str:
    """About how long: 刚到, 已等 5 小时, 已等 3 天."""
    hours = int(time.total_seconds() // 3600)
    if hours < 1:
        return "刚到"
    return f"已等 {hours} 小时" if hours < 48 else f"已等 {hours // 24} 天"


def _text(demand: Demand, name: str) -> str:
    value = getattr(demand, name)
    return joined(value) if isinstance(value, tuple) else str(value)


def _spans(places: Sequence[Giveaway], field: str) -> list[Span]:
    return [place.span for place in places if place.field == field]


def _preview(text: str, spans: Sequence[Span]) -> Markup:
    inside = [(start, min(end, _PREVIEW)) for start, end in spans if start < _PREVIEW]
    rest = "……" if len(text) > _PREVIEW else ""
    return marked(text[:_PREVIEW], inside) + rest


def _with_gaps(text: str) -> Markup:
    gap = Markup('<span class="gap">{}</span>').format(HIDDEN)
    return gap.join(text.split(HIDDEN))
