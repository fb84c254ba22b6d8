"""Import a file: every row is checked before the first is stored, and all are stored or none."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from api.files import Row, read_rows
from api.security.roles import SYSTEM, Actor
from api.services.auditing import Action, note
from api.services.drafts import clean_text
from api.services.kinds import Kind
from api.services.messages import problems
from api.services.progress import Track, silent
from api.services.workspace import Workspace
from matcher.errors import BundleError, ImportRejected, RowProblem
from matcher.library import stamp
from matcher.records import Achievement, Demand

R = TypeVar("R", bound=Achievement | Demand)
EXTERNAL_ID: Final = "external_id"
_ALIASES: Final = {
    EXTERNAL_ID: ("编号", "成果编号", "需求编号", "外部编号", "id"),
    "title": ("名称", "标题", "成果标题", "需求标题"),
    "abstract": ("简介", "摘要", "成果摘要", "成果介绍", "详细介绍"),
    "provider": ("单位", "成果单位", "所属单位"),
    "field": ("领域", "所属领域", "所属技术领域"),
    "region": ("所在地", "所在地区", "区域"),
    "maturity": ("技术成熟度", "成熟度等级", "TRL"),
    "indicators": ("技术指标", "关键技术与指标"),
    "phone": ("电话", "手机", "联系方式"),
    "organisation": ("单位名称", "需求单位"),
}
_REPORTED: Final = 200
"""Refused cells that are kept for the report."""
_TOO_LONG: Final = 40
_AT_ONCE: Final = 1_000_000
"""Changes."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records were new, changed, or the same as before; and headers nobody knows."""

    added: int
    changed: int
    unchanged: int
    ignored: tuple[str, ...] = ()


def import_file(
    workspace: Workspace,
    kind: Kind[R],
    path: Path,
    track: Track = silent,
    actor: Actor = SYSTEM,
) -> Imported:
    """Store all records of a file by external id. Importing the same file again changes nothing.

    A record that was deleted, and that the file still has, comes back.

    Raises ImportRejected, with the refused cells, and then has changed nothing.
    """
    rows = list(read_rows(path))
    drafts, ignored = _checked(kind, track(rows, "检查", len(rows)))
    table = kind.table(workspace)
    known, ids = table.by_external_id(drafts), table.ids_by_external_id(drafts)
    records = {
        external_id: draft.record(ids.get(external_id) or table.new_id())
        for external_id, draft in drafts.items()
    }
    changed = [
        external_id
        for external_id, record in records.items()
        if external_id not in known or stamp(known[external_id]) != stamp(record)
    ]
    with workspace.store.writing() as unit:
        for external_id in track(changed, "入库", len(changed)):
            record = records[external_id]
            extra = {**kind.derived(record), "external_id": external_id}
            table.put(unit, record, columns=extra)
        note(workspace.store, unit, actor, Action.import_, kind.label, rows=len(changed))
    _index(workspace, track)
    added = len(records) - len(known)
    return Imported(added, len(changed) - added, len(records) - len(changed), ignored)


def _index(workspace: Workspace, track: Track) -> None:
    """Make the records findable, if there is a usable model; otherwise ``fit`` will."""
    try:
        workspace.live.catch_up(track, most=_AT_ONCE)
    except BundleError:
        return
    workspace.save_indexes()


def _checked(kind: Kind[R], rows: Iterable[Row]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The drafts by external id, and the headers that were not understood.

    Raises ImportRejected if a single cell is not right.
    """
    columns: dict[tuple[str, ...], dict[str, str]] = {}  # in JSONL, every line has its own
    drafts: dict[str, Any] = {}
    first_seen: dict[str, int] = {}
    refused: list[RowProblem] = []
    for row in rows:
        headers = tuple(row.cells)
        if headers not in columns:
            columns[headers] = _columns(kind, headers, complete=not columns)
        fields = columns[headers]
        values = {fields[name]: cell for name, cell in row.cells.items() if name in fields}
        external_id = _id_text(values.pop(EXTERNAL_ID, None))
        refused += _id_problems(row, external_id, first_seen)
        try:
            drafts[external_id] = kind.draft.model_validate(_present(values))
        except ValidationError as error:
            refused += _row_problems(kind, row.number, values, error)
    if refused:
        rows_refused = len({problem.row for problem in refused})
        raise ImportRejected(
            f"文件中有 {rows_refused} 行不合要求，没有导入任何内容，请按提示修改后重新导入。",
            refused[:_REPORTED],
        )
    if not drafts:
        raise ImportRejected("文件只有表头，没有可导入的内容。")
    ignored = {name for headers, known in columns.items() for name in headers if name not in known}
    return drafts, tuple(sorted(ignored))


def _columns(kind: Kind[R], headers: tuple[str, ...], complete: bool) -> dict[str, str]:
    """Header → field name, by the field's own name, its label, or another name for it."""
    names: dict[str, str] = {}
    for field, label in {EXTERNAL_ID: EXTERNAL_ID, **kind.draft.labels()}.items():
        for name in (field, label, *_ALIASES.get(field, ())):
            names.setdefault(name, field)
    columns = {header: names[_plain(header)] for header in headers if _plain(header) in names}
    twice = [field for field, count in Counter(columns.values()).items() if count > 1]
    if twice:
        alike = "、".join(header for header, field in columns.items() if field == twice[0])
        raise ImportRejected(f"“{alike}”表示同一项内容，请只保留一列。")
    if complete:
        _check_complete(kind, set(columns.values()), headers)
    return columns


def _plain(header: str) -> str:
    """成果名称*（必填） → 成果名称."""
    return header.partition("（")[0].partition("(")[0].strip(" *＊\ufeff")


def _check_complete(kind: Kind[R], fields: set[str], headers: tuple[str, ...]) -> None:
    required = {n: i.title for n, i in kind.draft.model_fields.items() if i.is_required()}
    missing = [
        f"{label}（{name}）"
        for name, label in {EXTERNAL_ID: "编号", **required}.items()
        if name not in fields
    ]
    if missing:
        found = "、".join(headers)[:200]
        raise ImportRejected(f"缺少列：{'、'.join(missing)}；文件中有：{found}。")


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without blank cells, which mean: not given; numbers as people write them."""
    return {name: _written(value) for name, value in values.items() if value not in ("", None)}


def _written(value: object) -> object:
    """13800001111 for the cell 13800001111.0: spreadsheets keep every number as a fraction."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _id_text(value: object) -> str:
    """An unusable id becomes an empty one, which is refused."""
    try:
        return str(clean_text("" if value is None else str(_written(value))))
    except PydanticCustomError:
        return ""


def _id_problems(row: Row, external_id: str, first_seen: dict[str, int]) -> list[RowProblem]:
    if not 1 <= len(external_id) <= 100:
        shown = external_id[:_TOO_LONG]
        return [RowProblem(row.number, EXTERNAL_ID, shown, "请填写 100 字以内的编号。")]
    first = first_seen.setdefault(external_id, row.number)
    if first != row.number:
        reason = f"编号与第 {first} 行重复。"
        return [RowProblem(row.number, EXTERNAL_ID, external_id, reason)]
    return []


def _row_problems(
    kind: Kind[R], number: int, values: Mapping[str, Any], error: ValidationError
) -> list[RowProblem]:
    labels = kind.draft.labels()
    found = []
    for problem in problems(error.errors()):
        name = problem.field.partition(".")[0]
        shown = str(values.get(name, ""))
        shown = shown if len(shown) <= _TOO_LONG else f"{shown[:_TOO_LONG]}…"
        found.append(RowProblem(number, labels.get(name, name), shown, problem.message))
    return found
