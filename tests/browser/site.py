"""The server that browsers visit, with something in every state of work."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap import open_workspace
from tests.browser.prepared import prepared
from tests.databases import Folders
from tests.journey.running import Running


@dataclass(frozen=True)
class Site:
    """Where it is, and what is known to be there: ids and codes by what they are of."""

    address: str
    known: Mapping[str, str]


@contextmanager
def served(folders: Folders, folder: Path) -> Iterator[Site]:
    """A server of its own process on a free port. It limits nobody's rate."""
    workspace = open_workspace(folders.settings(folder))
    known = prepared(workspace, folder)
    workspace.close()
    with Running(folders.environment(folder)) as server:
        yield Site(f"http://127.0.0.1:{server.port}", known)
