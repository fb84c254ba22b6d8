"""Exports: tables written to a file of their own, which is streamed and then removed."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar, Unpack

from api.files import write_table
from api.files.writing import Cell
from api.security.roles import Actor, role_name
from api.services import catalogue
from api.services.auditing import Action, action_name, note
from api.services.headers import ID_LABEL
from api.services.kinds import DEMANDS, Kind
from api.services.ledger import LEDGER, ledger_row
from api.services.matching import match_record
from api.services.times import beijing
from api.services.workspace import Workspace
from api.store import EVERYTHING, AuditEntry, CaseQuery
from api.store.audit import Wanted
from api.store.exporting import Exported, exported
from api.store.narrowing import Narrowed
from matcher import values
from matcher.filters import Filters
from matcher.pairing.wording import GRADE_NAMES
from matcher.records import Pairing
from matcher.resources import Record

R = TypeVar("R", bound=Record)
_VERDICTS: Final = {"met": "符合", "unmet": "不符", "unknown": "无法判断"}
_PAIRING: Final = (
    "名次",
    "等级",
    "较强以上的可能性",
    "相似度",
    "需求名称",
    "成果编号",
    "成果名称",
    "完成单位",
    "地区",
    "理由",
    "指标对照",
    "需要留意",
)
_NAMED: Final = {"confidentiality": values.CONFIDENTIALITY, "kind": values.RESOURCE_KINDS}
"""What is written by its name for people; an import reads that too."""
_AUDIT: Final = ("序号", "时间（北京时间）", "账号", "角色", "地址", "操作", "对象", "详情")


@contextmanager
def records(
    workspace: Workspace,
    kind: Kind[R],
    suffix: str,
    actor: Actor,
    where: Mapping[str, str] = MappingProxyType({}),
    text: str = "",
    narrowed: Narrowed = EVERYTHING,
) -> Iterator[Path]:
    """All columns of the records, in a form that can be imported again.

    ``suffix`` is one of ``api.files.FORMATS``; the conditions are those of ``Repository.page``.
    """
    table = kind.table(workspace)
    header = [ID_LABEL, *kind.draft.labels().values(), "提交时间", "更新时间"]
    found = exported(workspace.store.database, table.mapped, where, text, narrowed)
    rows = (_record(kind, one) for one in found)
    with _written(workspace, table.kind, header, rows, suffix, actor) as path:
        yield path


@contextmanager
def pairings(
    workspace: Workspace,
    demand_id: str,
    k: int,
    suffix: str,
    actor: Actor,
    filters: Filters | None = None,
) -> Iterator[Path]:
    """The best ``k`` achievements for a stored demand, each with its reasons.

    Raises NotFound, and InvalidQuery for ``filters`` that achievements cannot be narrowed by.
    """
    found = match_record(workspace, catalogue.get(workspace, DEMANDS, demand_id), k, filters)
    rows = map(_pairing, found.pairings)
    with _written(workspace, "pairings", _PAIRING, rows, suffix, actor, demand=demand_id) as path:
        yield path


@contextmanager
def ledger(workspace: Workspace, wanted: CaseQuery, suffix: str, actor: Actor) -> Iterator[Path]:
    """The ledger of cases (台账), oldest first, one a row."""
    lines = workspace.store.case_lists.all(wanted)
    rows = (ledger_row(number, line) for number, line in enumerate(lines, start=1))
    with _written(workspace, "cases", LEDGER, rows, suffix, actor) as path:
        yield path


@contextmanager
def audit(
    workspace: Workspace, suffix: str, actor: Actor, **wanted: Unpack[Wanted]
) -> Iterator[Path]:
    """The lines of the audit log that are wanted, oldest first."""
    rows = map(_audit, workspace.store.audit.all(**wanted))
    with _written(workspace, "audit", _AUDIT, rows, suffix, actor) as path:
        yield path


@contextmanager
def _written(
    workspace: Workspace,
    subject: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    suffix: str,
    actor: Actor,
    **more: object,
) -> Iterator[Path]:
    """A finished file, noted in the audit log; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="hongniang-export-") as folder:
        path = Path(folder) / f"{subject}{suffix}"
        count = write_table(path, header, rows)
        with workspace.store.writing() as unit:
            details = {"format": suffix[1:], "rows": count, **more}
            note(workspace.store, unit, actor, Action.export, subject, **details)
        yield path


def _record(kind: Kind[R], one: Exported[R]) -> list[Cell]:
    cells = [_cell(name, getattr(one.record, name)) for name in kind.draft.model_fields]
    return [one.external_id, *cells, _moment(one.created_at), _moment(one.updated_at)]


def _cell(name: str, value: Any) -> Cell:  # noqa: ANN401 - a value of any field
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if name in _NAMED:
        return _NAMED[name][value]
    shown: Cell = value
    return shown


def _pairing(pairing: Pairing) -> list[Cell]:
    grading, reason, offer = pairing.grading, pairing.reason, pairing.achievement
    claims = (
        f"{claim.property}：要求 {claim.required}，"
        f"成果{claim.claimed or '没有写明'}（{_VERDICTS[claim.verdict]}）"
        for claim in reason.claims
    )
    return [
        pairing.rank,
        GRADE_NAMES[grading.grade] if grading else None,
        round(grading.strong, 3) if grading else None,
        round(pairing.score, 3),
        pairing.demand.title,
        offer.id,
        offer.title,
        offer.provider,
        offer.region,
        reason.summary,
        "；".join(claims),
        "；".join(reason.against),
    ]


def _audit(entry: AuditEntry) -> list[Cell]:
    details = "，".join(f"{name}={value}" for name, value in entry.details.items())
    role, action = role_name(entry.role), action_name(entry.action)
    at = _moment(entry.at) if entry.at else None
    return [entry.number, at, entry.who, role, entry.address, action, entry.subject, details]


def _moment(moment: datetime) -> str:
    return f"{beijing(moment):%Y-%m-%d %H:%M:%S}"
