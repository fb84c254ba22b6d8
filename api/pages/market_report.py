"""The report for the bureau: one file with everything in it, safe to hand on.

It has neither links nor scripts, and it names nobody who asks: of demands that are not public it
holds numbers alone, of public ones what everybody may read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from api.pages.contexts.market import GroupLine, Headline, Matrix
from api.pages.market_parts import charts, group_lines, headlines, notes, said
from api.pages.matrix import Ways, matrix
from api.pages.rendering import STATIC, filled
from api.security.redaction import public_demand
from api.services.market import Market, demands_in, market
from api.services.periods import Span
from api.services.times import beijing
from api.services.workspace import Workspace
from api.store import Prospect
from matcher.values import PUBLIC, PUBLISHED

_STYLES: Final = ("report.css", "charts.css", "market.css")
_PICTURES: Final = "report-pictures.css"
_SHOWN: Final = 20
_PICTURE: Final = re.compile(r"<svg[^>]*>")
_SIZE: Final = re.compile(r' (?:width|height)="\d{3,}"')
"""Of large pictures, which take the width that they are given."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A public demand without a strong achievement: title, field, province."""

    title: str
    field: str
    province: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the template shows; ``unnamed`` are the demands that are counted but not named."""

    made: str
    said: str
    notes: Sequence[str]
    headlines: Sequence[Headline]
    matrix: Matrix
    charts: Sequence[Markup]
    groups: Sequence[GroupLine]
    groups_total: int
    is_surveyed: bool
    wanted: Sequence[Wanted]
    unnamed: int
    style: Markup


@dataclass(frozen=True, slots=True)
class Made:
    """A finished report, and the name of its file."""

    name: str
    html: str


def report(workspace: Workspace, span: Span, now: datetime | None = None) -> Made:
    """The report of a span."""
    data = market(workspace, span, now or datetime.now(UTC))
    wanted = _wanted(workspace, data)
    values = _report(data, wanted)
    html = filled("report.html", {name: getattr(values, name) for name in Report.__slots__})
    return Made(f"hongniang-map-{beijing(data.at):%Y-%m-%d}.html", html)


def for_paper(html: str) -> str:
    """The same for a renderer that keeps the style of the page away from its pictures."""
    style = f"<style>{_read(_PICTURES)}</style>"
    return _PICTURE.sub(lambda found: _SIZE.sub("", found[0]) + style, html)


def _report(data: Market, wanted: Sequence[Wanted]) -> Report:
    ways = Ways(data.span, is_linked=False)
    return Report(
        made=f"{beijing(data.at):%Y-%m-%d %H:%M}",
        said=said(data),
        notes=notes(data),
        headlines=headlines(data, ways),
        matrix=matrix(data, ways),
        charts=charts(data, ways),
        groups=group_lines(data, ways) if data.surveyed else [],
        groups_total=data.groups.total,
        is_surveyed=data.surveyed > 0,
        wanted=wanted,
        unnamed=data.whole.weak - len(wanted),
        style=Markup("\n".join(map(_read, _STYLES))),  # noqa: S704 - files of ours
    )


def _wanted(workspace: Workspace, data: Market) -> list[Wanted]:
    """The newest demands of the span that nothing answers, as the public sees them."""
    weak = replace(demands_in(data.span), outlook=Prospect.weak)
    public = {"confidentiality": PUBLIC, "state": PUBLISHED}
    found = map(public_demand, workspace.demands.page(_SHOWN, where=public, narrowed=weak).items)
    return [
        Wanted(demand.title, demand.field or "", (demand.region or "").partition("-")[0])
        for demand in found
    ]


def _read(name: str) -> str:
    return (STATIC / name).read_text("utf-8")
