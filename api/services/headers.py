"""Which column of a file is which field: by its own name, its label, or another name for it.

Whoever imports may say otherwise with a *mapping*: header → field name, or "" for a column that is
to be passed over. Columns that it does not name are recognised as usual.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from api.services.kinds import Kind
from matcher.errors import ImportRejected, InvalidInput

EXTERNAL_ID: Final = "external_id"
ID_LABEL: Final = "编号"
IGNORED: Final = ""
"""The field of a column that is to be passed over."""
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_MOST: Final = 500
"""Columns that a mapping may name."""
_ALIASES: Final = {
    EXTERNAL_ID: (ID_LABEL, "成果编号", "需求编号", "资源编号", "外部编号", "id"),
    "title": ("名称", "标题", "成果标题", "需求标题", "资源标题"),
    "abstract": ("简介", "摘要", "成果摘要", "成果介绍", "详细介绍"),
    "provider": ("单位", "成果单位", "所属单位"),
    "field": ("领域", "所属领域", "所属技术领域"),
    "region": ("所在地", "所在地区", "区域"),
    "maturity": ("技术成熟度", "成熟度等级", "TRL"),
    "indicators": ("技术指标", "关键技术与指标"),
    "phone": ("电话", "手机", "联系方式"),
    "kind": ("类别", "资源种类"),
    "summary": ("简介", "介绍", "资源介绍"),
    "fields": ("领域", "所属领域", "所属技术领域"),
    "services": ("服务", "服务内容"),
    "equipment": ("主要设备", "设备清单"),
    "term": ("贷款期限", "服务期限"),
    "valid_from": ("起始日期", "生效时间"),
    "valid_until": ("有效期至", "截止时间", "失效日期"),
    "source": ("文号", "出处"),
    "organisation": ("单位名称", "需求单位"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that a column can be."""

    field: str
    label: str
    is_required: bool


class Headers:
    """The columns of one file; in JSONL, every line has its own."""

    def __init__(self, kind: Kind[Any], mapping: Mapping[str, str] = NOTHING) -> None:
        self._kind, self._mapping = kind, mapping
        self._known: dict[tuple[str, ...], dict[str, str]] = {}

    def fields(self, headers: tuple[str, ...]) -> dict[str, str]:
        """Header → field name. Raises ImportRejected if columns are missing or meant twice."""
        if headers not in self._known:
            columns = recognised(self._kind, headers, self._mapping)
            is_first = not self._known
            if found := faults(self._kind, columns, headers, complete=is_first):
                raise ImportRejected(found[0])
            self._known[headers] = columns
        return self._known[headers]

    def ignored(self) -> tuple[str, ...]:
        """Headers that nobody knows, or that were to be passed over."""
        found = {h for headers, known in self._known.items() for h in headers if h not in known}
        return tuple(sorted(found))


def choices(kind: Kind[Any]) -> tuple[Choice, ...]:
    """All fields, the id first, then as the form of such a record has them."""
    fields = kind.draft.model_fields.items()
    own = (Choice(name, info.title or name, info.is_required()) for name, info in fields)
    return (Choice(EXTERNAL_ID, ID_LABEL, True), *own)


def recognised(
    kind: Kind[Any], headers: Sequence[str], mapping: Mapping[str, str] = NOTHING
) -> dict[str, str]:
    """Header → field name, without the columns that nobody knows or wants."""
    names: dict[str, str] = {}
    for field, label in {EXTERNAL_ID: EXTERNAL_ID, **kind.draft.labels()}.items():
        for name in (field, label, *_ALIASES.get(field, ())):
            names.setdefault(name, field)
    known = {header: names.get(_plain(header), IGNORED) for header in headers}
    known |= {header: mapping[header] for header in headers if header in mapping}
    return {header: field for header, field in known.items() if field != IGNORED}


def faults(
    kind: Kind[Any], columns: Mapping[str, str], headers: Sequence[str], complete: bool = True
) -> list[str]:
    """Sentences about columns that mean the same, and, if asked, about those that are missing."""
    counts = Counter(columns.values())
    found = []
    for field in (field for field, count in counts.items() if count > 1):
        alike = "、".join(header for header, meant in columns.items() if meant == field)
        found.append(f"“{alike}”表示同一项内容，请只保留一列。")
    required = [choice for choice in choices(kind) if choice.is_required]
    missing = [f"{one.label}（{one.field}）" for one in required if one.field not in counts]
    if complete and missing:
        named = "、".join(headers)[:200]
        found.append(f"缺少列：{'、'.join(missing)}；文件中有：{named}。")
    return found


def check_mapping(kind: Kind[Any], mapping: Mapping[str, str]) -> None:
    """Raise InvalidInput for a mapping to fields that do not exist, or of too many columns."""
    if len(mapping) > _MOST:
        raise InvalidInput.of("mapping", f"列的对应最多写 {_MOST} 列，请删去不需要的列。")
    known = {IGNORED, *(choice.field for choice in choices(kind))}
    unknown = sorted(set(mapping.values()) - known)
    if unknown:
        raise InvalidInput.of(
            "mapping",
            f"没有名为“{unknown[0][:40]}”的栏目，可选：{'、'.join(sorted(known - {IGNORED}))}，"
            "或留空表示忽略。",
        )


def _plain(header: str) -> str:
    """成果名称*（必填） → 成果名称."""
    return header.partition("（")[0].partition("(")[0].strip(" *＊\ufeff")
