"""``report``: supply and demand as one file."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.session import workspace


def report(
    output: Annotated[Path, typer.Option(help="输出文件，以 .html 或 .pdf 结尾。")],
    since: Annotated[str, typer.Option("--from", help="首月，如 2026-01；省略则不限。")] = "",
    until: Annotated[str, typer.Option("--to", help="末月，含在内；省略则到今天。")] = "",
) -> None:
    """把供需图谱写成一份可以转发的报告：不含企业名称和联系方式，未公开的需求只计数。

    Example: hongniang report --output 供需图谱.html --from 2026-01 --to 2026-06
    """
    from api.pages.market_report import report as made
    from api.pages.pdf import pdf
    from api.services.periods import span_of
    from matcher.errors import InvalidInput
    from matcher.files import write_whole

    suffix, span = output.suffix.lower(), span_of(since, until)
    if suffix not in (".html", ".pdf"):
        raise InvalidInput(f"输出文件请以 .html 或 .pdf 结尾，现在是“{output.name}”。")
    if not output.absolute().parent.is_dir():
        raise InvalidInput(f"没有目录 {output.absolute().parent}，请先建立或换一个位置。")
    with workspace() as space:
        html = made(space, span).html
    write_whole(output, pdf(html) if suffix == ".pdf" else html.encode())
    typer.echo(f"报告已写入 {output}。")


def register(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("report")(report)
