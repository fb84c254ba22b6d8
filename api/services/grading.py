"""Learn the grader from a labelled collection, and put it to work if it is better."""

from dataclasses import dataclass
from pathlib import Path

from api.services import bundles
from api.services.workspace import Workspace
from matcher.evaluation.collection import read_collection
from models.grading import Trained, learn


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was learned, and the bundle that it is in now; None if it was not better."""

    trained: Trained
    bundle: str | None


def train_grader(workspace: Workspace, folder: Path, split: str) -> Outcome:
    """Train and cross-validate; promote only what beats the unsupervised ranking.

    The new bundle takes its representation from the current one. Raises EvaluationDataError.
    """
    trained = learn(read_collection(folder, split))
    if not trained.is_better:
        return Outcome(trained, None)
    representation = workspace.registry.load().representation
    figures = {**bundles.sizes(workspace), **_report(trained)}
    return Outcome(trained, workspace.registry.add(representation, figures, trained.grader))


def _report(trained: Trained) -> dict[str, float | int]:
    """The training report, as numbers in the bundle: cross-validated, without what is not known."""
    reports = {"unseen": trained.unseen, "known": trained.known}
    found = {f"{of} {n}": v for of, report in reports.items() for n, v in report.items()}
    gain = round(trained.gain[0], 4)
    known = {name: value for name, value in found.items() if value is not None}
    return {"labels": trained.labels, "judged": trained.demands, "grader_gain": gain, **known}
