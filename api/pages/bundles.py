"""模型: what there is, which one is at work, and putting another to work."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from api.access.guard import ADMINISTRATOR, Administrator, GuardedRoute
from api.access.parameters import Space
from api.pages.contexts.admin import BundleLine, ModelPage, ModelsPage, ReportLine
from api.pages.contexts.base import Fact
from api.pages.forms import Typed
from api.pages.markdown import as_html
from api.pages.presenting import moment
from api.pages.rendering import render
from api.services import bundles
from api.services.bundles import Models, Seen
from api.services.workspace import Workspace
from matcher.errors import BundleError
from models.default import NAME as SHIPPED
from models.default import REPORT

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_NONE: Final = "—"
_REPORT: Final = {
    "ndcg@10": "nDCG@10",
    "ndcg@10 ungraded": "nDCG@10，不用等级模型",
    "p@5": "P@5",
    "spearman": "Spearman 秩相关",
    "score": "1/(1+MAE)",
    "ece": "期望校准误差（越小越好）",
}
_FIGURES: Final = {
    "achievements": "训练时的成果",
    "demands": "训练时的需求",
    "terms": "词表",
    "labels": "标注",
    "judged": "有标注的需求",
    "grader_gain": "等级模型使 nDCG@10 提高",
}


@router.get("/admin/models", dependencies=[ADMINISTRATOR])
def models(request: Request, space: Space) -> Response:
    """The bundles, newest first."""
    return _page(request, space)


@router.post("/admin/models/{id}/use")
def use(request: Request, space: Space, actor: Administrator, id: str) -> Response:
    """Make a bundle current; every process takes it up by itself."""
    try:
        bundles.use(space, actor, id)
    except BundleError as error:
        return _page(request, space, str(error))
    return RedirectResponse("/admin/models", status_code=303)


@router.post("/admin/models/rollback")
def roll_back(request: Request, space: Space, actor: Administrator, typed: Typed) -> Response:
    """Back to the bundle before; once, however often the form is sent."""
    try:
        bundles.roll_back(space, actor, typed.get("current", ""))
    except BundleError as error:
        return _page(request, space, str(error))
    return RedirectResponse("/admin/models", status_code=303)


@router.get("/admin/models/{id}", dependencies=[ADMINISTRATOR])
def one_model(request: Request, space: Space, id: str) -> Response:
    """What a bundle says about itself, and the card of its grader."""
    if id == SHIPPED:
        is_current = bundles.models(space).current == SHIPPED
        return render(request, _shipped_page(is_current))
    return render(request, model_context(bundles.model(space, id)))


def models_context(found: Models, problem: str = "") -> ModelsPage:
    """The list as its page shows it."""
    lines = [bundle_line(seen) for seen in found.bundles]
    if found.current == SHIPPED:
        lines.append(_shipped(is_current=True))
    return ModelsPage(
        title="模型",
        problem=problem or found.problem,
        current=found.current,
        at_work=found.at_work or "",
        is_switching=found.at_work is not None and found.at_work != found.current,
        before=found.before or "",
        bundles=lines,
        others=found.others,
    )


def model_context(seen: Seen) -> ModelPage:
    """One bundle as its page shows it."""
    figures = seen.figures
    runtime = seen.manifest.runtime if seen.manifest else None
    told = {"python": runtime.python, **runtime.libraries} if runtime else {}
    names = sorted({name.partition(" ")[2] for name in figures if " " in name}, key=_order)
    report = [
        ReportLine(_REPORT.get(name, name), *(_written(figures.get(f"{of} {name}")) for of in _OF))
        for name in names
    ]
    return ModelPage(
        title="模型",
        line=bundle_line(seen),
        facts=[
            Fact(_FIGURES.get(name, name), _written(value))
            for name, value in figures.items()
            if " " not in name
        ],
        libraries=[Fact(name, version) for name, version in told.items()],
        report=report,
        card=as_html(bundles.card()) if seen.has_default_grader else Markup(),
    )


def bundle_line(seen: Seen) -> BundleLine:
    """A bundle in the list."""
    figures = seen.figures
    sizes = [
        f"{_FIGURES[name].removeprefix('训练时的')} {figures[name]:,}"
        for name in bundles.SIZES
        if name in figures
    ]
    segmenter = seen.manifest.runtime.segmenter if seen.manifest else {}
    return BundleLine(
        name=seen.name,
        href=f"/admin/models/{seen.name}",
        created=moment(seen.created) if seen.created else "不明",
        sizes="，".join(sizes),
        ndcg=_written(figures.get("unseen ndcg@10")),
        grader=_grader(seen),
        segmenter=" ".join(filter(None, (segmenter.get("name"), segmenter.get("version")))),
        is_current=seen.is_current,
        problem=seen.problem,
    )


_OF: Final = ("unseen", "known")


def _grader(seen: Seen) -> str:
    if seen.manifest is None:
        return _NONE
    if seen.has_default_grader:
        return "随程序提供"
    return "自行训练" if "grader.json" in seen.manifest.sha256 else "无"


def _shipped(is_current: bool) -> BundleLine:
    return BundleLine(
        name=SHIPPED,
        href=f"/admin/models/{SHIPPED}",
        created="随程序提供",
        sizes="",
        ndcg=_written(REPORT["unseen ndcg@10"]),
        grader="随程序提供",
        segmenter="",
        is_current=is_current,
        problem="",
    )


def _shipped_page(is_current: bool) -> ModelPage:
    return ModelPage("模型", _shipped(is_current), (), (), (), as_html(bundles.card()))


def _page(request: Request, space: Workspace, problem: str = "") -> Response:
    context = models_context(bundles.models(space), problem)
    return render(request, context, 422 if problem else 200)


def _order(name: str) -> tuple[int, str]:
    known = list(_REPORT)
    return (known.index(name) if name in known else len(known), name)


def _written(value: float | int | None) -> str:
    if value is None:
        return _NONE
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
