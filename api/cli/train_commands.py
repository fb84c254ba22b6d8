"""``hongniang train grader``."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import print_json
from api.cli.session import workspace

if TYPE_CHECKING:
    from models.grading import Trained

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def train() -> None:
    """从标注中学习。"""


@app.command()
def grader(
    data: Annotated[Path, typer.Option("--data", help="BEIR 布局的标注数据目录。")],
    split: Annotated[str, typer.Option(help="qrels 的名称，如 train。")] = "train",
    output: Annotated[
        Path | None, typer.Option(help="只把 grader.json 写到这个目录，不启用。")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """训练等级模型，做两种交叉验证；只有在未见过的需求上胜过无监督排序才启用。

    Example: hongniang train grader --data ../shared/data/bdci2019
    """
    if output is not None:
        trained, name = _written(data, split, output), None
    else:
        from api.services.grading import train_grader

        with workspace() as space:
            outcome = train_grader(space, data, split)
        trained, name = outcome.trained, outcome.bundle
    report = {n: v for n, v in asdict(trained).items() if n != "grader"}
    report |= {"threshold": trained.grader.threshold, "better": trained.is_better, "bundle": name}
    if json:
        print_json(report)
        return
    _print(trained)
    if output is None:
        _print_outcome(trained.is_better, name)


def _written(data: Path, split: str, output: Path) -> "Trained":
    from matcher.evaluation.collection import read_collection
    from matcher.files import sha256
    from models.grader_file import write_grader
    from models.grading import learn

    trained = learn(read_collection(data, split))
    output.mkdir(parents=True, exist_ok=True)
    path = output / "grader.json"
    write_grader(trained.grader, path)
    path.with_name("grader.json.sha256").write_text(f"{sha256(path)}  grader.json\n", "ascii")
    return trained


def _print(trained: "Trained") -> None:
    typer.echo(f"{trained.demands} 条需求，{trained.labels} 个标注。交叉验证：")
    columns = {
        "未见过的需求": trained.unseen,
        "已有评价的需求": trained.known,
        "（各折合并排序）": trained.pooled,
    }
    for title, report in columns.items():
        shown = "  ".join(f"{n} {'—' if v is None else v}" for n, v in report.items())
        typer.echo(f"  {title}  {shown}")
    mean, low, high = trained.gain
    typer.echo(
        f"未见过的需求上 nDCG@10 比无监督排序变化 {mean:+.4f}"
        f"（95% 区间 {low:+.4f} 到 {high:+.4f}）。"
    )


def _print_outcome(is_better: bool, name: str | None) -> None:
    if is_better:
        typer.echo(f"已启用新的等级模型：{name}。正在运行的服务会自动换用。")
    else:
        typer.echo("没有胜过无监督排序，保留原来的等级模型。")
