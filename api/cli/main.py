"""``hongniang``: the commands, and the one translation of errors to exit codes.

Heavy imports wait inside the commands, so that ``--help`` answers at once.

Exit codes: 0 done · 2 wrong usage or input · 3 not found · 4 file refused · 5 model unusable ·
6 data folder, database, port, mail server or a process of ours unusable · 7 ``doctor`` found
something · 130 interrupted.
"""

import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from api.cli import (
    backup_commands,
    commands,
    jobs_commands,
    mail_commands,
    models_commands,
    pairs_commands,
    report_commands,
    schedule_commands,
    train_commands,
    users_commands,
)
from matcher import errors

_EXIT_CODES = (
    (errors.InvalidInput, 2),
    (errors.EvaluationDataError, 2),
    (errors.NotFound, 3),
    (errors.EditConflict, 2),
    (errors.AccessRefused, 2),
    (errors.DraftsFull, 6),
    (errors.VersionMissing, 2),
    (errors.KeyReused, 2),
    (errors.ImportRejected, 4),
    (errors.RestoreRefused, 4),
    (errors.JobStopped, 4),
    (errors.NotFitted, 5),
    (errors.BundleError, 5),
    (errors.IndexDamaged, 5),
    (errors.StoreUnavailable, 6),
    (errors.MailUnsent, 6),
    (errors.WorkersLost, 6),
)

app = typer.Typer(
    name="hongniang",
    help="红娘：为科技成果与企业需求牵线，给出排好序、讲清理由的配对。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
commands.register(app)
backup_commands.register(app)
app.command("schedule")(schedule_commands.schedule)
report_commands.register(app)
app.command("jobs")(jobs_commands.jobs)
app.command("pairs")(pairs_commands.pairs)
app.add_typer(train_commands.app, name="train", help="从标注中学习。")
app.add_typer(users_commands.app, name="users", help="账号：新增、停用、重设密码。")
app.add_typer(mail_commands.app, name="mail", help="邮件：检查能否发出。")
app.add_typer(models_commands.app, name="models", help="查看、校验、切换和回退模型。")


def run(command: Callable[[], object] = app) -> NoReturn:
    """Run the command line, or a part; errors of ours become a sentence and an exit code."""
    try:
        command()
    except errors.HongniangError as error:
        print(f"错误：{error}", file=sys.stderr)  # noqa: T201 - this is the terminal
        _print_rows(error)
        sys.exit(next(code for kind, code in _EXIT_CODES if isinstance(error, kind)))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def _print_rows(error: errors.HongniangError) -> None:
    if isinstance(error, errors.ImportRejected):
        for problem in error.problems:
            cell = f"{problem.column}“{problem.value}”" if problem.column else ""
            print(f"  第 {problem.row} 行 {cell}：{problem.reason}", file=sys.stderr)  # noqa: T201
