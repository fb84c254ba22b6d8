"""Who sees what of a record: brokers all of it, the public what gives nobody away."""

from dataclasses import dataclass
from datetime import datetime

from api.security.redaction import public_demand
from api.security.roles import Actor
from api.services import catalogue
from api.services.kinds import DEMANDS
from api.services.workspace import Workspace
from api.store import EVERYTHING, Narrowing, Page, Standing, Stored
from matcher.errors import NotAllowed
from matcher.records import Achievement, Demand
from matcher.values import PUBLIC, PUBLISHED


@dataclass(frozen=True)
class Review:
    """Where a demand stands, with what the last review said, when, and for brokers by whom."""

    state: str
    note: str
    at: datetime | None
    reviewer: str = ""


@dataclass(frozen=True)
class Seen:
    """A demand as somebody may see it; ``whole`` if nothing is left out."""

    demand: Demand
    version: int
    whole: bool
    review: Review | None = None
    """Only for those who see all of it."""


def owns(actor: Actor, stored: Stored[Demand]) -> bool:
    """Whether an enterprise submitted this demand itself."""
    return actor.account_id is not None and stored.owner_id == actor.account_id


def seen_demand(workspace: Workspace, actor: Actor, id_: str) -> Seen:
    """A demand as this actor may see it. Raises NotFound, also for what is not for its eyes."""
    stored = catalogue.stored(workspace, DEMANDS, id_)
    if actor.is_staff or owns(actor, stored):
        return Seen(stored.record, stored.version, True, review_of(workspace, actor, stored))
    if stored.record.confidentiality != PUBLIC or stored.state != PUBLISHED:
        raise catalogue.not_found(DEMANDS.label, id_)
    return Seen(public_demand(stored.record), stored.version, whole=False)


def editable_demand(workspace: Workspace, actor: Actor, id_: str) -> Seen:
    """A demand that this actor may change. Raises NotFound and NotAllowed."""
    seen = seen_demand(workspace, actor, id_)
    if not seen.whole:
        raise NotAllowed("只有提交这条需求的企业和技术经理人可以修改它。")
    return seen


def list_demands(
    workspace: Workspace,
    actor: Actor,
    limit: int,
    after: str | None = None,
    field: str | None = None,
    text: str = "",
    state: str | None = None,
    narrowed: Narrowing = EVERYTHING,
) -> Page[Demand]:
    """Demands, newest first, searched and shown as this actor may see them.

    Raises NotAllowed for anybody but brokers who asks for a ``state``, or has them ``narrowed`` by
    what is not public.
    """
    where = {"field": field} if field else {}
    if state and not actor.is_staff:
        raise NotAllowed("按审核状态筛选只对技术经理人开放，请省略 state。")
    if actor.is_staff:
        where |= {"state": state} if state else {}
        return workspace.demands.page(limit, after, where, text, narrowed=narrowed)
    if narrowed != EVERYTHING:
        raise NotAllowed("这样筛选需求只对技术经理人开放，请改用技术领域或名称。")
    where |= {"confidentiality": PUBLIC, "state": PUBLISHED}
    page = workspace.demands.page(limit, after, where, text, text_in="public_title")
    return Page([public_demand(demand) for demand in page.items], page.next_after, page.total)


def own_demands(workspace: Workspace, actor: Actor, limit: int) -> list[Stored[Demand]]:
    """What an enterprise submitted itself, in every state, newest first."""
    if actor.account_id is None:
        return []
    return workspace.store.reviews.of_owner(actor.account_id, limit)


def review_of(workspace: Workspace, actor: Actor, stored: Stored[Demand]) -> Review:
    """Where a demand stands; who reviewed it is for brokers."""
    account = None
    if actor.is_staff and stored.reviewer_id:
        account = workspace.store.accounts.get(stored.reviewer_id)
    name = account.name if account else ""
    return Review(stored.state, stored.review_note, stored.reviewed_at, name)


def list_achievements(
    workspace: Workspace,
    actor: Actor,
    limit: int,
    after: str | None = None,
    field: str | None = None,
    text: str = "",
    narrowed: Narrowing = EVERYTHING,
) -> Page[Achievement]:
    """Achievements, newest first. Their contacts are left out by whoever shows them.

    Raises NotAllowed for anybody but brokers who asks which of them no demand asks for: the answer
    would tell of confidential demands.
    """
    if narrowed.standing is Standing.unasked and not actor.is_staff:
        raise NotAllowed("按有无需求筛选成果只对技术经理人开放，请改用技术领域或名称。")
    where = {"field": field} if field else {}
    return workspace.achievements.page(limit, after, where, text, narrowed=narrowed)
