"""A service in use, as the manual shows it: the history of the demo, and something of everybody."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap import open_workspace
from api.security.roles import Actor, Role, visitor
from api.services.demo_history import load_history
from api.services.drafts import DemandDraft
from api.services.fitting import fit
from api.services.kinds import ACHIEVEMENTS
from api.services.outlooks import survey
from api.services.preparing import prepare
from api.services.reviewing import return_
from api.services.submission import submit
from api.services.workspace import Workspace
from api.settings import Settings
from tests.journey.running import UNLIMITED, Running
from tests.unit.rows import demand_row, draft_values
from tests.web.people import ADMINISTRATOR, BROKER, add_people

_FILE = """\
编号,技术名,内容,关键字,研制方,领域,成熟度,责任人
K-01,膜曝气脱氮,疏水膜曝气，氨氮低于 5 mg/L。,氨氮,沧澜理工大学（示例）,资源与环境,7,周工
K-02,低温脱硝催化剂,150 ℃ 下脱硝效率不低于 90%。,脱硝、催化剂,云陵大学（示例）,环境保护,6,吴工
K-03,碳纤维回收,过热蒸汽解聚，强度保留 92%。,碳纤维、回收,东屿理工大学（示例）,新材料,5,郑工
"""


@dataclass(frozen=True)
class Known:
    """Where the service is, and the ids and codes of what the manual looks at."""

    address: str
    ids: Mapping[str, str]


@contextmanager
def in_use(folder: Path) -> Iterator[Known]:
    """A server of its own process on a free port."""
    workspace = open_workspace(Settings(data=folder))
    load_history(workspace)
    fit(workspace)
    add_people(workspace)
    while survey(workspace, budget=60):
        pass
    ids = _records(workspace) | _receipts(workspace) | _file(workspace)
    workspace.close()
    with Running({"HONGNIANG_DATA": str(folder), **UNLIMITED}) as server:
        yield Known(f"http://127.0.0.1:{server.port}", ids)


def _records(workspace: Workspace) -> dict[str, str]:
    named = ("DEMO-D-001", "DEMO-D-019", "DEMO-D-022")
    demands = workspace.demands.ids_by_external_id(named)
    names = [f"DEMO-A-{number:03}" for number in (1, 158, 2, 50, 59)]
    a1, a158, a2, a50, a59 = map(workspace.achievements.ids_by_external_id(names).get, names)
    case = workspace.store.cases.id_of(demands["DEMO-D-022"], a59 or "") or ""
    others = f"{a1}&with={a158}&with={a2}"
    lacking = f"{demands['DEMO-D-019']}/pairings/{a50}"
    return {"demand": demands["DEMO-D-001"], "others": others, "lacking": lacking, "case": case}


def _receipts(workspace: Workspace) -> dict[str, str]:
    _, sent = submit(workspace, _demand("养殖废水氨氮冬天总超标"), visitor())
    unclear, returned = submit(workspace, _demand("想把鱼塘的水养好一些"), visitor())
    reason = "指标不清：请写明关键指标的数值和单位。现在的氨氮浓度和每天的水量也请补上。"
    return_(workspace, _actor(workspace, BROKER), unclear.id, reason, 1)
    return {"sent": sent, "returned": returned}


def _file(workspace: Workspace) -> dict[str, str]:
    file, who = io.BytesIO(_FILE.encode()), _actor(workspace, ADMINISTRATOR)
    return {"file": prepare(workspace, ACHIEVEMENTS, "学院成果清单.csv", file, who).id}


def _demand(title: str) -> DemandDraft:
    return DemandDraft(**draft_values(demand_row(title=title)))


def _actor(workspace: Workspace, name: str) -> Actor:
    account = workspace.store.accounts.named(name)
    assert account is not None
    return Actor(account.id, account.name, Role(account.role))
