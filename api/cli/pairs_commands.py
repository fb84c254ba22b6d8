"""``hongniang pairs``."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import DateFrom, DateTo
from api.cli.output import bar, print_json
from api.cli.session import workspace


class Sought(StrEnum):
    """What is looked for."""

    achievements = "achievements"
    demands = "demands"


def pairs(
    output: Annotated[Path, typer.Option(help="写到 .jsonl、.csv 或 .parquet 文件。")],
    direction: Annotated[
        Sought, typer.Option(help="achievements：为每条需求找成果；demands：为每项成果找需求。")
    ] = Sought.achievements,
    k: Annotated[int, typer.Option("-k", help="每条至多写出的配对数，1 到 100。")] = 10,
    least: Annotated[int | None, typer.Option(help="最低等级，1 到 4，例如 3 较强相关。")] = None,
    field: Annotated[list[str] | None, typer.Option(help="只找这些技术领域，可重复。")] = None,
    region: Annotated[list[str] | None, typer.Option(help="只找这些地区，可重复。")] = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    public: Annotated[
        bool, typer.Option("--public", help="不含“仅经理人可见”和未发布的需求，名称用公开版本。")
    ] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="每个配对附一句理由，用时约多一半。")
    ] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="库在中断后有改动也接着做，改动只影响其后的配对。")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")] = False,
) -> None:
    """为全库每条需求（或每项成果）写出最好的配对，等级和名次与逐条匹配相同。

    不加 --public 时，文件含有仅经理人可见的需求，请妥善保管。作过决定的配对不再列出。
    中断后用同样的选项再次运行，即从断点继续；其间库有改动则先提醒。

    Example: hongniang pairs --output pairs.csv -k 5 --least 3
    """
    from threadpoolctl import threadpool_limits

    from api.services.pair_files import write_pairs
    from api.services.pairs import Wanted
    from matcher.filters import Filters

    filters = Filters(
        frozenset(field or ()), frozenset(region or ()), date_from=date_from, date_to=date_to
    )
    wanted = Wanted(direction.value, k, least, filters, public, reasons)
    with workspace() as space, threadpool_limits(1, user_api="blas"):
        done = write_pairs(space, wanted, output, bar, changed)
    if json:
        print_json(asdict(done))
        return
    typer.echo(f"已为 {done.records} 条记录写出 {done.pairs} 个配对：{output}。")
    if done.resumed:
        typer.echo(f"其中 {done.resumed} 条在上次中断前已经完成。")
    if done.too_long:
        typer.echo(f"有 {done.too_long} 条文字过长，没有配对，请精简后再试。")
