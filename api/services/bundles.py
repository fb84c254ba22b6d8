"""Which models there are, how good they are, which one is at work; and putting another to work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.workspace import Workspace
from matcher.errors import BundleError, BundleMissing, NotFound
from models.bundle import Manifest
from models.default import CARD, REPORT, is_default

SIZES: Final = ("achievements", "demands", "terms")
"""Figures of the representation; all others are of the grader."""
_MOST: Final = 30
_GRADER: Final = "grader.json"


@dataclass(frozen=True, slots=True)
class Seen:
    """A bundle in the list. ``problem`` says why it cannot be used, and is empty if it can.

    ``manifest`` is None where that is unreadable.
    """

    name: str
    manifest: Manifest | None
    is_current: bool
    problem: str

    @property
    def created(self) -> datetime | None:
        """When it was made."""
        try:
            return datetime.fromisoformat(self.manifest.created) if self.manifest else None
        except ValueError:
            return None

    @property
    def figures(self) -> Mapping[str, float | int]:
        """Sizes, and the training report of its grader."""
        own = self.manifest.figures if self.manifest else {}
        return {**own, **REPORT} if self.has_default_grader else own

    @property
    def has_default_grader(self) -> bool:
        """Whether its grades come from the grader that ships."""
        return self.manifest is not None and is_default(self.manifest.sha256.get(_GRADER))


@dataclass(frozen=True, slots=True)
class Models:
    """``current`` is the bundle that all processes should use, ``at_work`` that of this one.

    ``before`` is where a roll-back leads; ``others`` counts older bundles that are left out.
    """

    current: str
    at_work: str | None
    before: str | None
    bundles: tuple[Seen, ...]
    others: int
    problem: str


def models(workspace: Workspace) -> Models:
    """The newest bundles, and the current one wherever it stands."""
    registry, problem = workspace.registry, ""
    try:
        current, recent = registry.newest(), registry.recent(2)
    except BundleError as error:  # the list of what was current is damaged
        current, recent, problem = "", [], str(error)
    names = registry.names()
    shown = names[:_MOST] + [name for name in names[_MOST:] if name == current]
    return Models(
        current=current,
        at_work=workspace.model,
        before=recent[1] if len(recent) > 1 else None,
        bundles=tuple(_seen(workspace, name, name == current) for name in shown),
        others=len(names) - len(shown),
        problem=problem,
    )


def model(workspace: Workspace, name: str) -> Seen:
    """One bundle, its files read through. Raises NotFound."""
    if name not in workspace.registry.names():
        raise NotFound("没有这个模型包，请返回模型列表查看。")
    seen = _seen(workspace, name, is_current=name == models(workspace).current)
    try:
        workspace.registry.verify(name)
    except BundleError as error:
        return Seen(name, seen.manifest, seen.is_current, str(error))
    return seen


def use(workspace: Workspace, actor: Actor, name: str) -> None:
    """Make a bundle current, once; every process takes it up. Raises BundleError."""
    before = _current(workspace)
    if name == before:
        workspace.registry.verify(name)
        return
    if name not in workspace.registry.names():
        raise BundleMissing(f"没有名为“{name[:40]}”的模型包，请返回模型列表查看。")
    with workspace.store.writing() as unit:
        note(workspace.store, unit, actor, Action.model, name[:64], before=before)
        workspace.registry.use(name)


def roll_back(workspace: Workspace, actor: Actor, current: str | None = None) -> str:
    """Go back to the bundle before ``current``, and return its name; nothing if that is not it.

    So a request that is sent twice goes back once. Raises BundleError.
    """
    before = _current(workspace)
    if current is not None and before != current:
        return before
    recent = workspace.registry.recent(2)
    with workspace.store.writing() as unit:
        note(workspace.store, unit, actor, Action.model, recent[-1][:64] if recent else None)
        return workspace.registry.roll_back()


def grader_figures(workspace: Workspace) -> Mapping[str, float | int]:
    """What the current bundle tells of its grader; nothing for the one that ships."""
    return {n: v for n, v in _figures(workspace).items() if n not in SIZES}


def sizes(workspace: Workspace) -> Mapping[str, float | int]:
    """What the current bundle tells of its representation."""
    return {n: v for n, v in _figures(workspace).items() if n in SIZES}


def card() -> str:
    """The model card of the grader that ships, as Markdown."""
    return CARD.read_text("utf-8")


def _figures(workspace: Workspace) -> Mapping[str, float | int]:
    try:
        return workspace.registry.glance(workspace.registry.current()).figures
    except BundleError:
        return {}


def _current(workspace: Workspace) -> str:
    try:
        return workspace.registry.newest()
    except BundleError:
        return ""


def _seen(workspace: Workspace, name: str, is_current: bool) -> Seen:
    manifest = None
    try:
        manifest = workspace.registry.manifest(name)
        workspace.registry.glance(name)
    except BundleError as error:
        return Seen(name, manifest, is_current, str(error))
    return Seen(name, manifest, is_current, "")
