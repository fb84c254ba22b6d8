"""``import``, ``fit``, ``match``, ``evaluate``, ``serve``, ``demo`` and ``doctor``."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import DateFrom, DateTo
from api.cli.output import bar, print_json, print_pairings
from api.cli.session import settings, workspace

Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]

_SHOWN = 20
"""Duplicates that are listed."""


class KindName(StrEnum):
    """What a file contains."""

    achievements = "achievements"
    demands = "demands"
    resources = "resources"


def import_(
    kind: Annotated[
        KindName, typer.Argument(help="achievements 成果，demands 需求，或 resources 资源。")
    ],
    file: Annotated[Path, typer.Argument(help="CSV、JSONL 或 xlsx 文件，首行为表头。")],
    keep_duplicates: Annotated[
        bool, typer.Option("--keep-duplicates", help="内容与已有记录相同的行也入库。")
    ] = False,
    json: Json = False,
) -> None:
    """导入成果、需求或资源：逐行检查，全部合格才入库；同一编号再次导入即更新。

    Example: hongniang import achievements demo/achievements.jsonl
    """
    from api.services.importing import import_file, sentence
    from api.services.kinds import KINDS

    with workspace() as space:
        done = import_file(space, KINDS[kind], file, bar, keep_duplicates=keep_duplicates)
    if json:
        print_json(asdict(done))
        return
    typer.echo(sentence(done))
    for one in done.same_as[:_SHOWN]:
        typer.echo(f"  第 {one.row} 行 {one.external_id}：内容与 {one.same_as} 相同。")
    if done.ignored:
        typer.echo(f"未识别、已忽略的列：{'、'.join(done.ignored)}。")


def fit(json: Json = False) -> None:
    """用库中全部成果和需求训练表示模型，建立索引，并设为当前模型。

    Example: hongniang fit
    """
    from api.services import fitting

    with workspace() as space:
        name = fitting.fit(space, bar)
        manifest = space.registry.verify(name)
    if json:
        print_json({"name": name, "figures": manifest.figures})
        return
    figures = manifest.figures
    counts = f"成果 {figures['achievements']} 条，需求 {figures['demands']} 条"
    typer.echo(f"模型 {name} 已训练并启用（{counts}）。")


def match(
    text: Annotated[str | None, typer.Option(help="一段需求文字。")] = None,
    demand: Annotated[str | None, typer.Option(help="已入库需求的编号。")] = None,
    achievement: Annotated[str | None, typer.Option(help="已入库成果的编号，查找需求。")] = None,
    k: Annotated[int, typer.Option("-k", help="返回条数，1 到 100。")] = 10,
    field: Annotated[list[str] | None, typer.Option(help="技术领域，可重复。")] = None,
    region: Annotated[list[str] | None, typer.Option(help="地区，可重复。")] = None,
    provider: Annotated[list[str] | None, typer.Option(help="完成单位，可重复。")] = None,
    mode: Annotated[list[str] | None, typer.Option(help="合作方式，可重复。")] = None,
    maturity_min: Annotated[int | None, typer.Option(help="成熟度下限，TRL 1–9。")] = None,
    maturity_max: Annotated[int | None, typer.Option(help="成熟度上限，TRL 1–9。")] = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    json: Json = False,
) -> None:
    """为一段文字、一条需求或一项成果查找配对，并说明理由。

    Example: hongniang match --text "印染废水色度高、COD 难达标，想要低成本深度处理" -k 5
    """
    from api.services.matching import MatchRequest
    from api.services.matching import match as find
    from matcher.errors import InvalidQuery
    from matcher.filters import Filters
    from matcher.records import Direction

    given = [value for value in (text, demand, achievement) if value is not None]
    if len(given) != 1:
        raise InvalidQuery("请用 --text、--demand 或 --achievement 之一给出要匹配的内容。")
    direction: Direction = "demands" if achievement is not None else "achievements"
    filters = Filters(
        frozenset(field or ()),
        frozenset(region or ()),
        frozenset(provider or ()),
        frozenset(mode or ()),
        maturity_min,
        maturity_max,
        date_from=date_from,
        date_to=date_to,
    )
    with workspace() as space:
        id_ = None if text is not None else given[0]
        result = find(space, MatchRequest(text, id_, direction, k, filters))
        if json:
            import orjson

            from api.answers import match_answer

            print_json(orjson.loads(match_answer(result, space.model)))
        else:
            print_pairings(result)


def evaluate(
    folder: Annotated[Path, typer.Argument(help="BEIR 布局的数据目录。")],
    split: Annotated[str, typer.Option(help="qrels 的名称，如 train、dev。")],
    judged: Annotated[bool, typer.Option("--judged", help="只排有标注的成果。")] = False,
    grader: Annotated[
        str, typer.Option(help="等级模型：none、default，或 grader.json 的路径。")
    ] = "none",
    json: Json = False,
) -> None:
    """在带标注的数据上评测排序（和等级），输出各项指标。

    Example: hongniang evaluate ../shared/data/bdci2019 --split train --judged --json
    """
    from matcher.evaluation.collection import read_collection
    from matcher.evaluation.run import evaluate as run
    from models.default import grader_of

    report = run(read_collection(folder, split), judged, grader_of(grader), track=bar)
    if json:
        print_json(report)
        return
    for name, value in report.items():
        typer.echo(f"{name:>15}  {'—' if value is None else value}")


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认只监听本机。")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="监听端口。")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="服务进程数，默认 1。")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="库为空时先装入演示数据。")] = False,
) -> None:
    """启动服务：经理人工作台、企业需求填报和 JSON 接口。

    Example: hongniang serve --port 8000 --workers 2
    """
    from api.cli.serving import serve as run

    run(settings(), host, port, workers, demo)


def demo(json: Json = False) -> None:
    """装入演示数据（机构均为虚构），并训练模型。

    Example: hongniang demo
    """
    from api.services import fitting
    from api.services.demo import load_demo

    with workspace() as space:
        changed = load_demo(space, bar)
        name = fitting.fit(space, bar)
    if json:
        print_json({"changed": changed, "model": name})
    else:
        typer.echo(f"演示数据已就绪（新增或更新 {changed} 条），当前模型 {name}。")


def doctor(json: Json = False) -> None:
    """检查数据目录、数据库、模型、索引和端口，逐项说明问题和办法。

    Example: hongniang doctor
    """
    from api.bootstrap import open_workspace
    from api.services.diagnosis import diagnose

    findings = diagnose(settings(), open_workspace)
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{'✓' if finding.good else '✗'} {finding.subject}：{finding.message}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(7)


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("import")(import_)
    for command in (fit, match, evaluate, serve, demo, doctor):
        app.command(command.__name__)(command)
