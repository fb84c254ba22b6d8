"""``hongniang jobs``."""

from typing import Annotated

import typer

from api.cli.output import print_json
from api.cli.session import workspace


def jobs(
    limit: Annotated[int, typer.Option(min=1, max=100, help="列出的条数。")] = 20,
    json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")] = False,
) -> None:
    """列出导入任务，新的在前，附进度和结果。

    Example: hongniang jobs
    """
    from api.services.jobs import STATE_NAMES

    with workspace() as space:
        found = space.store.jobs.newest(limit)
    if json:
        shown = ("id", "kind", "state", "step", "done", "total", "message")
        print_json([{name: getattr(job, name) for name in shown} for job in found])
        return
    for job in found:
        progress = f"  {job.step} {job.done}/{job.total}" if job.total else ""
        name = job.parameters.get("name", "")
        typer.echo(f"{job.id}  {STATE_NAMES[job.state]}  {name}{progress}  {job.message}")
    if not found:
        typer.echo("还没有导入任务。")
