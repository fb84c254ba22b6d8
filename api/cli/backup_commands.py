"""``backup`` and ``restore``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import bar, print_json
from api.cli.session import settings, workspace

if TYPE_CHECKING:
    from api.services.archive import Manifest

Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，例如 hongniang.tar.gz。")],
    json: Json = False,
) -> None:
    """把数据库和模型备份到一个文件；服务可以照常运行。

    Example: hongniang backup backups/hongniang.tar.gz
    """
    from api.services import backup as service

    with workspace() as space:
        manifest = service.backup(space, file, track=bar)
    if json:
        print_json(_figures(manifest))
        return
    size = file.stat().st_size / 1_000_000
    typer.echo(f"已备份到 {file}（{size:.1f} MB）：{_counts(manifest)}。")
    typer.echo("不含登录状态、登录失败记录、签名密钥 secret.key、索引和未完成的任务。")
    typer.echo("文件中有联系方式和口令的散列值，请妥善保管。")


def restore(
    file: Annotated[Path, typer.Argument(help="hongniang backup 制作的备份文件。")],
    json: Json = False,
) -> None:
    """把备份恢复到空的数据目录和数据库；只恢复自己制作的备份，其中的模型会被载入运行。

    Example: hongniang restore backups/hongniang.tar.gz
    """
    from api.bootstrap import open_workspace
    from api.services import backup as service

    manifest = service.restore(settings(), open_workspace, file, bar)
    if json:
        print_json(_figures(manifest))
        return
    typer.echo(f"已恢复 {manifest.created} 的备份：{_counts(manifest)}。")
    typer.echo("账号和密钥照旧有效，请重新登录；索引会在首次启动时重新建立。")


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    for command in (backup, restore):
        app.command(command.__name__)(command)


def _counts(manifest: "Manifest") -> str:
    rows = manifest.rows
    models = {name.split("/")[1] for name in manifest.members if name.count("/") == 2}
    return (
        f"成果 {rows['achievements']} 条，需求 {rows['demands']} 条，"
        f"资源 {rows.get('resources', 0)} 条，"
        f"账号 {rows.get('accounts', 0)} 个，模型 {len(models)} 个"
    )


def _figures(manifest: "Manifest") -> dict[str, object]:
    return manifest.model_dump(exclude={"members"}) | {"rows": manifest.rows}
