"""``hongniang models list|verify|use|rollback``."""

from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.output import print_json
from api.cli.session import workspace

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str | None, typer.Argument(help="模型包名称，省略则为当前模型。")]


@app.command("list")
def list_(json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False) -> None:
    """列出全部模型包，标出当前使用的一个。

    Example: hongniang models list
    """
    with workspace() as space:
        bundles = space.registry.bundles()
    if json:
        print_json([asdict(bundle) for bundle in bundles])
        return
    for bundle in bundles:
        figures = "，".join(f"{name} {value}" for name, value in bundle.figures.items())
        typer.echo(f"{'*' if bundle.current else ' '} {bundle.name}  {bundle.created}  {figures}")
    if not bundles:
        typer.echo("还没有模型，请先运行 hongniang fit。")


@app.command()
def verify(name: Name = None) -> None:
    """校验模型包的文件和环境是否与清单一致，不载入其中的代码。

    Example: hongniang models verify
    """
    with workspace() as space:
        space.registry.verify(name)
        typer.echo(f"模型包 {name or space.registry.current()} 完好，可以使用。")


@app.command()
def use(name: Annotated[str, typer.Argument(help="模型包名称。")]) -> None:
    """校验后把指定的模型包设为当前模型。

    Example: hongniang models use 20260101-120000-000000
    """
    from api.security.roles import SYSTEM
    from api.services import bundles

    with workspace() as space:
        bundles.use(space, SYSTEM, name)
    typer.echo(f"当前模型已改为 {name}，正在运行的服务会自动换用。")


@app.command()
def rollback() -> None:
    """回到上一个使用过的模型包。

    Example: hongniang models rollback
    """
    from api.security.roles import SYSTEM
    from api.services import bundles

    with workspace() as space:
        name = bundles.roll_back(space, SYSTEM)
    typer.echo(f"已回退到 {name}，正在运行的服务会自动换用。")
