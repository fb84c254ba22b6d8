"""What the server of the browsers knows: demo records, and something in every state of work."""

import io
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from api.security.roles import Actor, Role, Scope, visitor
from api.services.case_drafts import CaseChange, Move, Note
from api.services.casework import add_note, change, move
from api.services.decisions import DecisionDraft, decide
from api.services.demo import fill_inbox, load_demo
from api.services.digests import run_now
from api.services.drafts import DemandDraft
from api.services.fitting import fit
from api.services.importing import import_file
from api.services.keys import add_key
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import MatchRequest, match
from api.services.preparing import prepare
from api.services.reviewing import publish, return_
from api.services.submission import submit
from api.services.subscriptions import subscribe
from api.services.times import today
from api.services.unsent import begin
from api.services.wishes import Manner, Wish
from api.services.workspace import Workspace
from api.store.digests import Digest
from matcher.errors import ImportRejected
from tests.browser.chain import chain
from tests.unit.rows import demand_row, draft_values
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, add_people

_MOVES = ("contacted", "negotiating", "signed", "converted")
_WRONG_FILE = "编号,成果名称,摘要\nX-1,只有名称的一行,\nX-2,,没有名称的一行\n"
_OTHER_HEADERS = (
    "名称,内容,关键字,单位,领域,责任人\n"
    "膜曝气脱氮,膜曝气，出水氨氮低于 5 mg/L。,膜曝气、氨氮,沧澜理工大学（示例）,资源与环境,周工\n"
    "低温催化剂,150 ℃ 下脱硝效率不低于 90%。,脱硝,云陵大学（示例）,环境,吴工\n"
)


def prepared(workspace: Workspace, folder: Path) -> dict[str, str]:
    """Fill a new workspace; the ids and codes of what is there, by what they are of."""
    load_demo(workspace)
    fit(workspace)
    add_people(workspace)
    known = _records(workspace) | _receipts(workspace) | _imports(workspace, folder)
    known |= _cases(workspace, known["demand"]) | _subscriptions(workspace)
    add_key(workspace, _actor(workspace, BROKER), "门户对接", [Scope.read, Scope.match])
    known |= chain(workspace, _actor(workspace, BROKER))
    fill_inbox(workspace)
    return known


def _records(workspace: Workspace) -> dict[str, str]:
    demand = min(workspace.demands.stamps())
    found = match(workspace, MatchRequest(id=demand, k=10)).pairings
    account = workspace.store.accounts.named(ENTERPRISE)
    return {
        "demand": demand,
        "achievement": min(workspace.achievements.stamps()),
        "pairing": found[2].achievement.id,
        "pinned": found[9].achievement.id,
        "others": "&with=".join(pairing.achievement.id for pairing in found[1:5]),
        "user": account.id if account else "",
        "model": workspace.model or "",
    }


def _receipts(workspace: Workspace) -> dict[str, str]:
    """Demands of enterprises in each state, and a draft; codes, and the id of one that waits."""
    broker, enterprise = _actor(workspace, BROKER), _actor(workspace, ENTERPRISE)
    waiting, code = submit(workspace, _demand(1), visitor())
    returned, returned_code = submit(workspace, _demand(2), visitor())
    return_(workspace, broker, returned.id, "指标不清：请写明关键指标的数值和单位。", 1)
    published, published_code = submit(workspace, _demand(3), visitor())
    publish(workspace, broker, published.id, 1)
    case = _accepted(workspace, published.id, 0)
    _change(workspace, case, released=True)
    for number, review in ((4, None), (5, publish), (6, _return_unclear)):
        own, _ = submit(workspace, _demand(number), enterprise)
        if review:
            review(workspace, broker, own.id, 1)
    draft, _ = begin(workspace, draft_values(demand_row(7)) | {"goal": ""}, visitor())
    begin(workspace, {"title": "循环水浓缩倍数上不去", "problem": "排污量太大。"}, enterprise)
    return {
        "waiting": waiting.id,
        "receipt": code,
        "returned": returned_code,
        "published": published_code,
        "draft": draft,
    }


def _return_unclear(workspace: Workspace, actor: Actor, id_: str, expected: int) -> None:
    return_(workspace, actor, id_, "请写明现在的氨氮浓度和每天的水量。", expected)


def _cases(workspace: Workspace, demand: str) -> dict[str, str]:
    """One in each stage, one of them late, and one that ended."""
    ids = sorted(workspace.demands.stamps())[1:7]
    cases = [_accepted(workspace, id_, rank) for rank, id_ in enumerate(ids)]
    contract = {"contract_type": "技术开发", "amount": 36, "signed_on": today().isoformat()}
    for number, case in enumerate(cases[:5]):
        for stage in _MOVES[:number]:
            _move(workspace, case, stage=stage, **(contract if stage == "signed" else {}))
    _move(workspace, cases[5], stage="ended", reason="价格不合", note="预算只有报价的三成。")
    for case, days in ((cases[1], -3), (cases[2], 12)):
        day = (today() + timedelta(days)).isoformat()
        _change(workspace, case, next_step="约双方到中试现场看一次", next_date=day)
    text = "企业希望先看一次中试，再谈费用；高校同意下月安排。"
    add_note(workspace, _actor(workspace, BROKER), cases[2], Note(text=text).text)
    rejected = match(workspace, MatchRequest(id=demand, k=6)).pairings[5]
    draft = DecisionDraft(verdict="rejected", reason="尚不成熟", position=6)
    decide(workspace, _actor(workspace, BROKER), demand, rejected.achievement.id, draft)
    return {"case": cases[2], "signed": cases[3]}


def _accepted(workspace: Workspace, demand: str, rank: int) -> str:
    """Accept the pairing at ``rank``; the id of its case."""
    found = match(workspace, MatchRequest(id=demand, k=rank + 1)).pairings[rank].achievement.id
    draft = DecisionDraft(verdict="accepted", position=rank + 1)
    decide(workspace, _actor(workspace, BROKER), demand, found, draft)
    return workspace.store.cases.id_of(demand, found) or ""


def _move(workspace: Workspace, case: str, **values: object) -> None:
    move(workspace, _actor(workspace, BROKER), case, Move(**values), _version(workspace, case))


def _change(workspace: Workspace, case: str, **values: object) -> None:
    draft = CaseChange(**values)
    change(workspace, _actor(workspace, BROKER), case, draft, _version(workspace, case))


def _version(workspace: Workspace, case: str) -> int:
    found = workspace.store.cases.get(case)
    assert found is not None
    return found.version


def _subscriptions(workspace: Workspace) -> dict[str, str]:
    """One that has already told what there is, and one whose last day has passed."""
    broker = _actor(workspace, BROKER)
    wish = Wish(text="印染废水深度处理", direction="achievements", existing=True)
    kept = subscribe(workspace, broker, wish, Manner(name="印染废水", min_grade=2))
    run_now(workspace, broker, kept)
    over = {"date_to": (today() - timedelta(days=3)).isoformat()}
    wish = Wish(text="铝改性吸附剂深度除氟", direction="demands", filters=over, existing=True)
    lapsed = subscribe(workspace, broker, wish, Manner(name="含氟废水的需求"))
    digests = workspace.store.digests
    with workspace.store.writing() as unit:  # as the run of the next day would have told it
        told = Digest(digests.new_id(), lapsed.id, unit.moment, "none")
        digests.add(unit, lapsed.id, [], told)
    return {"subscription": kept.id, "lapsed": lapsed.id}


def _imports(workspace: Workspace, folder: Path) -> dict[str, str]:
    """A file that was refused, and one whose columns wait to be named."""
    wrong = folder / "成果（缺内容）.csv"
    wrong.write_text(_WRONG_FILE, "utf-8")
    with suppress(ImportRejected):
        import_file(workspace, ACHIEVEMENTS, wrong)
    refused = workspace.store.jobs.newest(1)[0].id
    administrator = _actor(workspace, ADMINISTRATOR)
    file = io.BytesIO(_OTHER_HEADERS.encode())
    job = prepare(workspace, ACHIEVEMENTS, "学院成果清单.csv", file, administrator)
    return {"refused": refused, "columns": job.id}


def _demand(number: int) -> DemandDraft:
    return DemandDraft(**draft_values(demand_row(number)))


def _actor(workspace: Workspace, name: str) -> Actor:
    account = workspace.store.accounts.named(name)
    assert account is not None
    return Actor(account.id, account.name, Role(account.role))
