"""The demo library: invented organisations, marked as such."""

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

import api
from api.security.roles import visitor
from api.services import catalogue
from api.services.auditing import Action
from api.services.drafts import DemandDraft
from api.services.importing import import_file
from api.services.kinds import DEMANDS, KINDS
from api.services.progress import Track, silent
from api.services.workspace import Workspace

DEMO: Final = "演示"
"""What the audit log says of where things of the demo were done."""


def demo_folder() -> Path:
    """Where the demo data is: beside the code in an installed package, else in the checkout."""
    package = Path(api.__file__).parent
    installed = package / "demo"
    return installed if installed.is_dir() else package.parent / "demo"


def load_demo(workspace: Workspace, track: Track = silent) -> int:
    """Import the demo records of every kind, and return how many are new or changed."""
    files = ((kind, demo_folder() / f"{name}.jsonl") for name, kind in KINDS.items())
    imported = (import_file(workspace, kind, file, track) for kind, file in files if file.is_file())
    return sum(done.added + done.changed for done in imported)


def fill_inbox(workspace: Workspace, most: int = 100) -> int:
    """Send in some demands as enterprises would, so that there is something to review.

    The next ones, ``most`` at a time, of those that were never sent in; how many were.
    """
    rows = demo_lines("pending.jsonl")
    known = workspace.demands.ids_by_external_id(row["external_id"] for row in rows)
    new = list(islice((row for row in rows if row["external_id"] not in known), most))
    for row in new:
        send_in(workspace, row)
    return len(new)


def send_in(workspace: Workspace, row: Mapping[str, Any]) -> None:
    """Hand in one demand of the demo, as a visitor does."""
    values = dict(row)
    name = values.pop("external_id")
    draft = DemandDraft.model_validate(values)

    def columns(_: str) -> dict[str, object]:
        return {"external_id": name}

    catalogue.add(workspace, DEMANDS, draft, visitor(DEMO), None, Action.submit, columns)


def demo_lines(name: str) -> list[dict[str, Any]]:
    """The lines of one file of the demo."""
    return [json.loads(line) for line in (demo_folder() / name).read_text("utf-8").splitlines()]
