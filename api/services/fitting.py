"""Learn the representation from all that is in the store, and put it to work."""

from collections.abc import Iterator

from api.services import bundles
from api.services.progress import Track, silent
from api.services.workspace import Workspace
from matcher.embedding import count_terms
from matcher.representation import FieldTexts, TfidfRepresentation
from matcher.workers import suitable_workers


def fit(workspace: Workspace, track: Track = silent) -> str:
    """Fit, save as a new bundle, make it current, index everything, and return its name.

    The grader stays: it is learned from labels, not from what is in the store.
    """
    counts = {
        "achievements": workspace.achievements.findable(),
        "demands": workspace.demands.findable(),
    }
    representation = TfidfRepresentation(segmenter=workspace.segmenter)
    records = sum(counts.values())
    texts = track(_texts(workspace), "训练", records)
    representation.learn(count_terms(texts, workspace.segmenter, suitable_workers(records)))
    figures = counts | {"terms": len(representation.vocabulary_)}
    grader, graded = workspace.registry.grader(), bundles.grader_figures(workspace)
    name = workspace.registry.add(representation, {**figures, **graded}, grader, current=False)
    workspace.attach(workspace.registry.load(name), track)
    # Current only now: servers that take it up find its indexes made.
    workspace.registry.use(name)
    workspace.forget_indexes()
    return name


def _texts(workspace: Workspace) -> Iterator[FieldTexts]:
    for achievement in workspace.achievements.all():
        yield achievement.texts()
    for demand in workspace.demands.all():
        yield demand.texts()
