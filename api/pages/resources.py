"""资源库: resources by kind, and one of them."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from api.access.guard import GuardedRoute, StaffReader
from api.access.parameters import Cursor, Space, TitlePart
from api.access.threads import at_once
from api.pages import hrefs
from api.pages import resource_facts as told
from api.pages.contexts.base import Line
from api.pages.contexts.resources import KindTab, ResourceLine, ResourcePage, Resources
from api.pages.presenting import href, moment
from api.pages.rendering import render
from api.services import catalogue
from api.services.kinds import RESOURCES
from api.services.resource_demands import Near, near
from api.services.times import today
from api.services.workspace import Workspace
from api.store import ResourceNarrowing, Validity
from matcher.resources import Resource
from matcher.values import RESOURCE_KINDS

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_PER_PAGE: Final = 30
_BASE: Final = "/resources"
_OVER: Final = "over"


@dataclass(frozen=True)
class Wanted:
    """A dependency: parameters of the address, each left out if empty."""

    kind: Literal["", "finance", "expert", "pilot", "scenario", "policy"] = ""
    q: TitlePart = ""
    field: Annotated[str, Query(max_length=50)] = ""
    region: Annotated[str, Query(max_length=200)] = ""
    state: Literal["", "over"] = ""

    @property
    def is_over(self) -> bool:
        """Whether the list is of those that cannot be had any more."""
        return self.state == _OVER

    def address(self, **changes: str) -> str:
        """The address of the same list with some things changed."""
        return hrefs.address(_BASE, **{**vars(self), **changes})

    def narrowing(self, kind: str, is_over: bool) -> ResourceNarrowing:
        """As the store understands it, today."""
        validity = Validity.over if is_over else Validity.kept
        return ResourceNarrowing(
            kind or None, self.field or None, self.region or None, today(), validity
        )


@router.get(_BASE)
def resources(
    request: Request,
    space: Space,
    _: StaffReader,
    wanted: Annotated[Wanted, Depends(at_once(Wanted))],
    after: Cursor = None,
) -> HTMLResponse:
    """A list by kind, newest first; those that are over have a list of their own."""
    table, is_over = space.resources, wanted.is_over
    page = table.page(
        _PER_PAGE, after, text=wanted.q, narrowed=wanted.narrowing(wanted.kind, is_over)
    )
    other = table.counts("kind", wanted.q, wanted.narrowing(wanted.kind, not is_over))
    context = Resources(
        title="资源库",
        kind=wanted.kind,
        kind_name=RESOURCE_KINDS.get(wanted.kind, "资源"),
        tabs=_tabs(space, wanted),
        chosen={"q": wanted.q, "field": wanted.field, "region": wanted.region},
        query=_exported(wanted),
        columns=told.columns(wanted.kind),
        lines=[_line(resource, wanted.kind) for resource in page.items],
        total=page.total,
        is_over=is_over,
        other=sum(other.values()),
        other_href=wanted.address(state="" if is_over else _OVER),
        newest=wanted.address() if after else "",
        more=wanted.address(after=page.next_after) if page.next_after else "",
    )
    return render(request, context)


@router.get(_BASE + "/{id}")
def resource(request: Request, space: Space, _: StaffReader, id: str) -> HTMLResponse:
    """All of one resource, with its contact."""
    stored = catalogue.stored(space, RESOURCES, id)
    one = stored.record
    state = told.state(one, today())
    context = ResourcePage(
        title=one.title,
        id=one.id,
        kind=one.kind,
        kind_name=RESOURCE_KINDS[one.kind],
        state=state,
        summary=one.summary,
        conditions=one.conditions,
        conditions_name=told.labels(one.kind)["conditions"],
        facts=told.facts(one),
        contact=one.contact or "",
        near=[] if state.key == "ended" else [_near(found) for found in near(space, one)],
        updated=moment(stored.updated_at),
    )
    return render(request, context)


def _tabs(space: Workspace, wanted: Wanted) -> list[KindTab]:
    """All, and each kind, with how many there are of those that the form asks for."""
    counts = space.resources.counts("kind", wanted.q, wanted.narrowing("", wanted.is_over))
    named = {"": "全部", **RESOURCE_KINDS}
    of = {"": sum(counts.values()), **counts}
    return [
        KindTab(wanted.address(kind=kind), name, of.get(kind, 0), kind == wanted.kind)
        for kind, name in named.items()
    ]


def _line(resource: Resource, kind: str) -> ResourceLine:
    cells = told.cells(resource, kind)
    who = resource.provider or ""
    is_told = told.labels(kind)["provider"] in (cell.label for cell in cells)
    state = told.state(resource, today())
    return ResourceLine(href(resource), resource.title, "" if is_told else who, state, cells)


def _near(found: Near) -> Line:
    shared = f"相同的词：{'、'.join(found.words)}"
    facts = (found.demand.field, found.demand.region, shared)
    return Line(href(found.demand), found.demand.title, [fact for fact in facts if fact])


def _exported(wanted: Wanted) -> str:
    """What an export of the same list is asked with; it has those that are over too."""
    return hrefs.query((name, value) for name, value in vars(wanted).items() if name != "state")
