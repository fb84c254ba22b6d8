"""Rows of import files, as spreadsheets and forms hold them."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Cells = Mapping[str, Any]


def achievement_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A complete achievement; ``number`` makes it different from others."""
    return {
        "external_id": f"A-{number}",
        "title": f"膜曝气生物反应器脱氮技术第{number}代",
        "abstract": "针对高氨氮废水，采用疏水膜曝气，出水氨氮低于5 mg/L。",
        "keywords": "膜曝气、氨氮",
        "provider": "沧澜理工大学（示例）",
        "field": "资源与环境",
    } | changes


def demand_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A complete demand."""
    return {
        "external_id": f"D-{number}",
        "title": f"养殖废水氨氮超标第{number}厂",
        "problem": "出水氨氮长期超标，冬季尤其严重。",
        "indicators": "氨氮低于10 mg/L。",
        "goal": "低成本稳定达标。",
        "keywords": "氨氮、养殖废水",
        "field": "资源与环境",
        "region": "江苏-苏州",
        "solution_mode": "合作研发",
        "organisation": "吴江清源养殖有限公司（示例）",
        "contact": "张经理（示例）",
        "phone": "000-12345678",
    } | changes


def resource_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A complete resource: a pilot platform."""
    return {
        "external_id": f"R-{number}",
        "kind": "pilot",
        "title": f"膜分离中试平台第{number}线",
        "summary": "日处理十吨的膜组件试验线，可做连续运行考核。",
        "provider": "沧澜中试基地（示例）",
    } | changes


def draft_values(row: Cells) -> dict[str, Any]:
    """The row as a form sends it: without the importer's id."""
    return {name: value for name, value in row.items() if name != "external_id"}


def write_csv(path: Path, rows: Sequence[Cells], encoding: str = "utf-8", **style: Any) -> Path:
    """The header is the first row's keys."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, **style)
        writer.writerow(rows[0])
        writer.writerows([row[name] for name in rows[0]] for row in rows)
    return path


def write_jsonl(path: Path, rows: Sequence[Cells]) -> Path:
    """One object a line."""
    path.write_text("".join(f"{json.dumps(r, ensure_ascii=False)}\n" for r in rows), "utf-8")
    return path


def write_xlsx(path: Path, table: Sequence[Sequence[Any]], **options: Any) -> Path:
    """Cells of their own types: texts as text, numbers as numbers, dates as dates."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"} | options) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write(number, column, cell)
    return path
