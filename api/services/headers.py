"""Which column of a file is which field: by its own name, its label, or another name for it."""

from collections import Counter
from typing import Any, Final

from api.services.kinds import Kind
from matcher.errors import ImportRejected

EXTERNAL_ID: Final = "external_id"
ID_LABEL: Final = "编号"
_ALIASES: Final = {
    EXTERNAL_ID: (ID_LABEL, "成果编号", "需求编号", "外部编号", "id"),
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


class Headers:
    """The columns of one file; in JSONL, every line has its own."""

    def __init__(self, kind: Kind[Any]) -> None:
        self._kind = kind
        self._known: dict[tuple[str, ...], dict[str, str]] = {}

    def fields(self, headers: tuple[str, ...]) -> dict[str, str]:
        """Header → field name. Raises ImportRejected if columns are missing or meant twice."""
        if headers not in self._known:
            self._known[headers] = _columns(self._kind, headers, complete=not self._known)
        return self._known[headers]

    def ignored(self) -> tuple[str, ...]:
        """Headers that nobody knows."""
        found = {h for headers, known in self._known.items() for h in headers if h not in known}
        return tuple(sorted(found))


def _columns(kind: Kind[Any], headers: tuple[str, ...], complete: bool) -> dict[str, str]:
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


def _check_complete(kind: Kind[Any], fields: set[str], headers: tuple[str, ...]) -> None:
    required = {n: i.title for n, i in kind.draft.model_fields.items() if i.is_required()}
    missing = [
        f"{label}（{name}）"
        for name, label in {EXTERNAL_ID: ID_LABEL, **required}.items()
        if name not in fields
    ]
    if missing:
        found = "、".join(headers)[:200]
        raise ImportRejected(f"缺少列：{'、'.join(missing)}；文件中有：{found}。")
