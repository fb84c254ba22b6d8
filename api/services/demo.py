"""The demo library: invented organisations, marked as such."""

import json
from pathlib import Path

import api
from api.security.roles import visitor
from api.services import catalogue
from api.services.auditing import Action
from api.services.drafts import DemandDraft
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.progress import Track, silent
from api.services.workspace import Workspace


def demo_folder() -> Path:
    """Where the demo data is: beside the code in an installed package, else in the checkout."""
    package = Path(api.__file__).parent
    installed = package / "demo"
    return installed if installed.is_dir() else package.parent / "demo"


def load_demo(workspace: Workspace, track: Track = silent) -> int:
    """Import the demo achievements and demands, and return how many are new or changed."""
    folder = demo_folder()
    achievements = import_file(workspace, ACHIEVEMENTS, folder / "achievements.jsonl", track)
    demands = import_file(workspace, DEMANDS, folder / "demands.jsonl", track)
    return sum(r.added + r.changed for r in (achievements, demands))


def fill_inbox(workspace: Workspace) -> int:
    """Send in some demands as enterprises would, so that there is something to review.

    Those that were ever sent in are not sent again; how many were.
    """
    lines = (demo_folder() / "pending.jsonl").read_text("utf-8").splitlines()
    rows = {row.pop("external_id"): row for row in map(json.loads, lines)}
    known = workspace.demands.ids_by_external_id(rows)
    new = {name: row for name, row in rows.items() if name not in known}
    for name, row in new.items():
        _send(workspace, name, DemandDraft.model_validate(row))
    return len(new)


def _send(workspace: Workspace, name: str, draft: DemandDraft) -> None:
    def columns(_: str) -> dict[str, object]:
        return {"external_id": name}

    catalogue.add(workspace, DEMANDS, draft, visitor("演示"), None, Action.submit, columns)
