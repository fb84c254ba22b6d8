"""The server that browsers visit, with something in every state of work."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.bootstrap import open_workspace
from tests.browser.prepared import prepared
from tests.databases import Folders, Prepare
from tests.journey.running import Running

_KNOWN: Final = "known.json"


@dataclass(frozen=True)
class Site:
    """Where it is, and what is known to be there: ids and codes by what they are of."""

    address: str
    known: Mapping[str, str]


@contextmanager
def served(folders: Folders, prepare: Prepare, folder: Path) -> Iterator[Site]:
    """A server of its own process on a free port. It limits nobody's rate."""

    def make(new: Path) -> None:
        workspace = open_workspace(folders.settings(new))
        known = prepared(workspace, new)
        workspace.close()
        (new / _KNOWN).write_text(json.dumps(known), "utf-8")

    folders.copy(prepare("browser", make), folder)
    known = json.loads((folder / _KNOWN).read_text("utf-8"))
    with Running(folders.environment(folder)) as server:
        yield Site(f"http://127.0.0.1:{server.port}", known)
