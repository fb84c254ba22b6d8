"""The demo library: invented organisations, marked as such."""

import json
from pathlib import Path
from typing import Any

import api
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


def demo_lines(name: str) -> list[dict[str, Any]]:
    """The lines of one file of the demo."""
    return [json.loads(line) for line in (demo_folder() / name).read_text("utf-8").splitlines()]
