"""What is done before the first user comes: data, a model that fits, and everything loaded."""

import gc
from typing import TYPE_CHECKING, Final

import typer

from api.cli.output import bar
from matcher.errors import BundleMismatch, BundleMissing

if TYPE_CHECKING:
    from api.services.workspace import Workspace

_GARBAGE: Final = 10_000
"""New objects after which cycles are looked for: a match makes thousands, a list ten cycles."""


def prepare(workspace: "Workspace", demo: bool) -> None:
    """Fill an empty database if asked to, and see to it that there is a model that fits."""
    from api.services import fitting
    from api.services.demo_history import load_history
    from api.services.upkeep import fill_in
    from matcher import ready

    ready.prepare()
    fill_in(workspace)
    workspace.draft_room.forget_old()
    if demo and not workspace.store.accounts.all():
        _add_demo_account(workspace)
    if demo and not workspace.achievements.count() and not workspace.demands.count():
        typer.echo("正在装入演示数据（机构、人员和对接过程均为虚构）……")
        load_history(workspace, bar)
    try:
        workspace.attach(workspace.registry.load(workspace.registry.current()), bar)
    except (BundleMissing, BundleMismatch) as reason:
        if isinstance(reason, BundleMismatch):
            typer.echo(str(reason))
        typer.echo("正在训练模型……")
        fitting.fit(workspace, bar)


def _add_demo_account(workspace: "Workspace") -> None:
    """Somebody who looks at the demo for the first time wants to see the workbench."""
    from api.security.roles import SYSTEM, Role
    from api.security.tokens import new_token
    from api.services.accounts import add_account

    password = new_token()[:16]
    add_account(workspace, SYSTEM, "demo", Role.administrator, password)
    typer.echo(
        f"演示账号 demo，密码 {password}（只显示这一次；重设：hongniang users password demo）"
    )


def settle(workspace: "Workspace") -> None:
    """Make this process one that serves: all is loaded, threads and collections are few.

    Raises BundleError if there is no model to serve with.
    """
    from threadpoolctl import threadpool_limits

    workspace.live.warm_up()
    threadpool_limits(1, user_api="blas")  # arrays are small: more threads only wait for each other
    gc.freeze()  # what was loaded stays: collections need not look at it again and again
    gc.set_threshold(_GARBAGE)
