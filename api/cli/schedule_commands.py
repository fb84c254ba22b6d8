"""``hongniang schedule``."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import print_json
from api.cli.session import workspace

_SHOWN = 20
"""Participants without a meeting that are listed."""


def schedule(
    plan: Annotated[Path, typer.Argument(help="计划：TOML 或 JSON 文件，至少写明名称和日期。")],
    output: Annotated[Path, typer.Option(help="结果：.xlsx、.ics 或 .json 文件。")],
    calendars: Annotated[
        Path | None, typer.Option(help="另为每个参会方在此文件夹写一份日历。")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="求解最多用几秒。")] = 60.0,
    json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")] = False,
) -> None:
    """为对接会排期：先公平，再求期望等级合计最大，并说明离最优还有多远。

    计划的各项与 POST /api/v1/days 相同。结果含有仅经理人可见的需求，分发前请核对。

    Example: hongniang schedule plan.toml --output day.xlsx --calendars 日历
    """
    from api.services.programme_files import (
        as_json,
        check_output,
        write_calendars,
        write_programme,
    )
    from api.services.scheduling import arranged, read_plan

    check_output(output)
    draft = read_plan(plan)
    with workspace() as space:
        found = arranged(space, draft, seconds)
    write_programme(output, found)
    count = 0 if calendars is None else write_calendars(calendars, found.programme)
    if json:
        print_json(as_json(found))
        return
    typer.echo(f"{found.programme.quality}已写入 {output}。")
    if count:
        typer.echo(f"{count} 个参会方的日历在 {calendars}。")
    for sentence in found.missing:
        typer.echo(f"  {sentence}")
    for party, why in found.programme.unplaced[:_SHOWN]:
        typer.echo(f"  没有安排“{party}”：{why}")
    if len(found.programme.unplaced) > _SHOWN:
        typer.echo(
            f"  还有 {len(found.programme.unplaced) - _SHOWN} 个参会方没有安排，见结果文件。"
        )
