"""The server that browsers visit: demo records, an account of each role, and one sent demand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap import open_workspace
from api.security.roles import visitor
from api.services.demo import load_demo
from api.services.drafts import DemandDraft
from api.services.fitting import fit
from api.services.submission import submit
from api.services.workspace import Workspace
from tests.databases import Folders
from tests.journey.running import Running
from tests.unit.rows import demand_row, draft_values
from tests.web.people import add_people


@dataclass(frozen=True)
class Site:
    """Where it is, and what is known to be there."""

    address: str
    demand: str
    achievement: str
    receipt: str


@contextmanager
def served(folders: Folders, folder: Path) -> Iterator[Site]:
    """A server of its own process on a free port. It limits nobody's rate."""
    workspace = open_workspace(folders.settings(folder))
    known = prepared(workspace)
    workspace.close()
    with Running(folders.environment(folder)) as server:
        yield Site(f"http://127.0.0.1:{server.port}", *known)


def prepared(workspace: Workspace) -> tuple[str, str, str]:
    """Fill a new workspace; a demand, an achievement and the code of a receipt."""
    load_demo(workspace)
    fit(workspace)
    add_people(workspace)
    demand, achievement = min(workspace.demands.stamps()), min(workspace.achievements.stamps())
    _, receipt = submit(workspace, DemandDraft(**draft_values(demand_row())), visitor())
    return demand, achievement, receipt
