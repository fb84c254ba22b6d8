"""核对列: what the columns of a file are taken for, and what would come of its first rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request, Response

from api.pages.contexts.base import Fact
from api.pages.contexts.imports import ColumnLine, ColumnsPage, Option, RecordCard, TroubleLine
from api.pages.jobs import job_line
from api.pages.rendering import render
from api.services.checking import Checked
from api.services.headers import ID_LABEL, IGNORED, choices
from api.services.kinds import Kind
from api.services.preparing import Prepared, look
from api.services.previewing import Column, Preview, Trouble
from api.services.workspace import Workspace
from api.store import Job
from matcher import values
from matcher.errors import InvalidInput

_MOST: Final = 90
"""Columns with a select: a form carries no more than a hundred values."""
_NAME: Final = "column-"
_NAMED: Final = {"confidentiality": values.CONFIDENTIALITY, "kind": values.RESOURCE_KINDS}
_LONGEST_CELL: Final = 40
_LONGEST_FACT: Final = 120


def chosen(typed: Mapping[str, str]) -> dict[int, str]:
    """What was chosen, by the number of the column."""
    numbers = {name: name.removeprefix(_NAME) for name in typed if name.startswith(_NAME)}
    return {
        int(number): typed[name]
        for name, number in numbers.items()
        if number.isascii() and number.isdecimal() and len(number) <= len(str(_MOST))
    }


def columns_page(request: Request, space: Workspace, job: Job, problem: str = "") -> Response:
    """The page of a file that waits to be started; ``problem`` is what was wrong with the form."""
    try:
        context = columns_context(look(space, job), problem)
    except InvalidInput as error:  # the file is gone
        context = _without_file(job, str(error))
    return render(request, context, 422 if problem else 200)


def columns_context(prepared: Prepared, problem: str = "") -> ColumnsPage:
    """A prepared file as its page shows it."""
    seen, kind = prepared.preview, prepared.kind
    labels = {choice.field: choice.label for choice in choices(kind)}
    return ColumnsPage(
        title="核对列",
        line=job_line(prepared.job),
        problem=problem,
        faults=[fault for fault in seen.faults if fault != problem],
        is_proposed=prepared.is_proposed,
        options=_options(kind),
        columns=[_column(n, column) for n, column in enumerate(seen.columns[:_MOST])],
        others=max(0, len(seen.columns) - _MOST),
        records=[_card(record, labels) for record in seen.records],
        troubles=[_trouble(trouble) for trouble in seen.troubles],
        verdict=verdict(seen),
        is_good=not (problem or seen.faults or seen.rows_refused),
    )


def verdict(seen: Preview) -> str:
    """What the first rows say about the import, in one sentence."""
    looked = f"前 {seen.rows:,} 行" if seen.more else f"全部 {seen.rows:,} 行"
    if seen.faults:
        return f"读取了{looked}；先把下面的列对应好，再检查各行。"
    if seen.rows_refused:
        return (
            f"{looked}中有 {seen.rows_refused:,} 行不合要求，"
            "这样开始不会导入任何内容；请修改文件后重新上传，或把有问题的列改为“忽略”。"
        )
    rest = "；其余各行在导入时检查" if seen.more else ""
    return f"{looked}都合要求，可以开始导入{rest}。"


def _without_file(job: Job, problem: str) -> ColumnsPage:
    none: Sequence[Any] = ()
    line = job_line(job)
    return ColumnsPage(
        "核对列", line, problem, none, False, none, none, 0, none, none, "", is_good=False
    )


def _options(kind: Kind[Any]) -> list[Option]:
    fields = [Option(c.field, f"{c.label} *" if c.is_required else c.label) for c in choices(kind)]
    return [Option(IGNORED, "忽略"), *fields]


def _column(number: int, column: Column) -> ColumnLine:
    if column.refused:
        note = f"{column.refused:,} 处有问题"
    else:
        note = "对应好" if column.field else "不导入"
    cells = [clipped(cell, _LONGEST_CELL) for cell in column.cells]
    return ColumnLine(
        f"{_NAME}{number}", column.header, column.field, cells, note, column.refused > 0
    )


def _card(record: Checked, labels: Mapping[str, str]) -> RecordCard:
    given = {name: _shown(name, value) for name, value in record.draft}
    title = given.pop("title")
    facts = [Fact(labels[name], value) for name, value in given.items() if value]
    return RecordCard(record.number, title, [Fact(ID_LABEL, record.external_id), *facts])


def _shown(name: str, value: Any) -> str:  # noqa: ANN401 - a value of any field
    if value is None:
        return ""
    if isinstance(value, tuple):
        return clipped("、".join(value), _LONGEST_FACT)
    if isinstance(value, float):
        return f"{values.written(value)} 万元"
    if name in _NAMED:
        return _NAMED[name][value]
    if isinstance(value, int):
        return f"{value} 个月" if name == "term" else f"TRL {value}"
    return clipped(value, _LONGEST_FACT)


def _trouble(trouble: Trouble) -> TroubleLine:
    rows = "、".join(map(str, trouble.rows))
    more = " 等" if trouble.count > len(trouble.rows) else ""
    cells = "、".join(f"“{clipped(cell, _LONGEST_CELL)}”" for cell in trouble.cells)
    return TroubleLine(trouble.column, trouble.reason, trouble.count, f"{rows}{more}", cells)


def clipped(text: str, longest: int) -> str:
    """The beginning of a text, without halves of characters."""
    whole = text.encode("utf-8", "replace").decode()
    return whole if len(whole) <= longest else f"{whole[:longest]}…"
