"""One pairing to be read and printed, several side by side, and what brokers decide on them."""

from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import MATCHER, GuardedRoute, StaffFilling, StaffWriter
from api.access.parameters import Space
from api.pages.addresses import Address, local
from api.pages.comparing import comparison
from api.pages.contexts.deciding import Deciding, PairingPage, Party
from api.pages.desk import lacking, said_of, toast
from api.pages.forms import Typed
from api.pages.presenting import card, facts, href, moment, passages
from api.pages.records import behind
from api.pages.rendering import render
from api.pages.supporting import supporting
from api.services import catalogue, decisions
from api.services.decisions import Decided, DecisionDraft
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.matching import match_record, weigh
from api.services.messages import valid
from api.services.support import support_of
from api.services.workspace import Workspace
from matcher.errors import NotFound
from matcher.records import Demand, Pairing

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_SAID: Final = "said"
_LIST: Final = "#answers-title"
_IN_FORMS: Final = ("verdict", "reason", "note", "position", "shown_grade", "asked")
With = Annotated[tuple[str, ...], Query(alias="with", max_length=8)]


@router.get("/demands/{id}/pairings/{achievement}", dependencies=[MATCHER])
def pairing(request: Request, space: Space, id: str, achievement: str, said: str = "") -> Response:
    """配对报告: all that is known of one pairing, and the way to decide on it."""
    demand = catalogue.get(space, DEMANDS, id)
    catalogue.get(space, ACHIEVEMENTS, achievement)
    found = next(iter(weigh(space, demand, [achievement])), None)
    if found is None:
        raise NotFound("这项成果还没有进入索引，请稍后再打开。")
    return render(request, _page(request, space, demand, found, said))


@router.get("/demands/{id}/compare", dependencies=[MATCHER])
def compare_achievements(request: Request, space: Space, id: str, chosen: With = ()) -> Response:
    """Achievements for one demand side by side."""
    return render(request, comparison(space, catalogue.get(space, DEMANDS, id), chosen))


@router.get("/achievements/{id}/compare", dependencies=[MATCHER])
def compare_demands(request: Request, space: Space, id: str, chosen: With = ()) -> Response:
    """Demands for one achievement side by side."""
    return render(request, comparison(space, catalogue.get(space, ACHIEVEMENTS, id), chosen))


@router.post("/decisions")
def decide(space: Space, actor: StaffFilling, typed: Typed) -> Response:
    """Keep the decision and go back to the list, which says what it did."""
    draft = valid(DecisionDraft, {name: typed[name] for name in _IN_FORMS if name in typed})
    pair = typed.get("demand", ""), typed.get("achievement", "")
    made = decisions.decide(space, actor, *pair, draft)
    return RedirectResponse(_back(typed.get("back", ""), made.id), status_code=303)


@router.post("/decisions/{id}/withdraw")
def withdraw(space: Space, actor: StaffWriter, id: str, typed: Typed) -> Response:
    """Take it back; the pairing is among the others again."""
    decisions.withdraw(space, actor, id)
    return RedirectResponse(_back(typed.get("back", ""), ""), status_code=303)


def _back(address: str, said: str) -> str:
    """The page that the decision came from, to say what it did, where its list begins."""
    path, _, query = local(address).partition("#")[0].partition("?")
    items = tuple(item for item in parse_qsl(query) if item[0] != _SAID)
    return f"{Address(path, items).having(_SAID, said)}{_LIST}"


def _page(
    request: Request, space: Workspace, demand: Demand, found: Pairing, just: str
) -> PairingPage:
    best = match_record(space, demand, k=1)
    standing = space.store.decisions.of_pairing(demand.id, found.achievement.id)
    mine = Decided(standing, found.achievement) if standing else None
    case = space.store.cases.id_of(demand.id, found.achievement.id)
    return PairingPage(
        title=f"{demand.title} × {found.achievement.title}",
        card=card(found, offers=True),
        place=f"在候选中排第 {found.rank} 位",
        parties=[_demand_side(found), _achievement_side(found)],
        support=supporting(support_of(space, demand, found.achievement)),
        why=lacking(best, found),
        said=said_of(mine) if mine else None,
        toast=toast(mine, 1) if mine and mine.decision.id == just else None,
        deciding=Deciding("demand", str(Address(request.url.path)), f"{href(demand)}/compare"),
        case=f"/cases/{case}" if case else "",
        made=moment(datetime.now(UTC)),
    )


def _demand_side(found: Pairing) -> Party:
    demand, spans = found.demand, found.reason.demand_highlights
    texts = passages(demand, spans)
    return Party("需求", href(demand), demand.title, facts(demand), texts, behind(demand))


def _achievement_side(found: Pairing) -> Party:
    offer, spans = found.achievement, found.reason.achievement_highlights
    texts = passages(offer, spans)
    return Party("成果", href(offer), offer.title, facts(offer), texts, behind(offer))
