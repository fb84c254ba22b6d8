"""``hongniang users add|list|disable|enable|password|email``."""

from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.output import print_json
from api.cli.session import workspace

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="账号名。")]
Given = Annotated[
    str | None,
    typer.Option(
        "--password",
        envvar="HONGNIANG_NEW_PASSWORD",
        show_envvar=False,
        help="密码；省略则提示输入，程序可用环境变量 HONGNIANG_NEW_PASSWORD。",
    ),
]


@app.command()
def add(
    name: Name,
    role: Annotated[
        str, typer.Option(help="enterprise 企业、broker 技术经理人、administrator 管理员。")
    ],
    organisation: Annotated[str | None, typer.Option(help="所属单位。")] = None,
    email: Annotated[str, typer.Option(help="接收通知的邮箱。")] = "",
    password: Given = None,
) -> None:
    """新增账号；第一位管理员由此产生。

    Example: hongniang users add admin --role administrator
    """
    from api.security.roles import SYSTEM
    from api.services.accounts import add_account

    with workspace() as space:
        account = add_account(space, SYSTEM, name, role, _asked(password), organisation, email)
    typer.echo(f"账号 {account.name} 已建立，可以登录。")


@app.command("list")
def list_(json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False) -> None:
    """列出全部账号。

    Example: hongniang users list
    """
    from api.security.roles import ROLE_NAMES, Role

    with workspace() as space:
        accounts = space.store.accounts.all()
    if json:
        rows = [asdict(account) for account in accounts]
        print_json([{n: str(v) for n, v in r.items() if n != "password_hash"} for r in rows])
        return
    for account in accounts:
        state = "已停用" if account.disabled_at else "可用"
        typer.echo(f"{account.name}  {ROLE_NAMES[Role(account.role)]}  {state}")
    if not accounts:
        typer.echo(
            "还没有账号，请用 hongniang users add NAME --role administrator 建立第一位管理员。"
        )


@app.command()
def disable(name: Name) -> None:
    """停用账号：登录和密钥立即失效，记录保留。

    Example: hongniang users disable lin.jing
    """
    _enable(name, False)
    typer.echo(f"账号 {name} 已停用。")


@app.command()
def enable(name: Name) -> None:
    """重新启用账号。

    Example: hongniang users enable lin.jing
    """
    _enable(name, True)
    typer.echo(f"账号 {name} 已启用。")


@app.command()
def password(name: Name, password: Given = None) -> None:
    """重设密码，并退出该账号的所有登录。

    Example: hongniang users password lin.jing
    """
    from api.security.roles import SYSTEM
    from api.services.accounts import account_named, change_password

    with workspace() as space:
        change_password(space, SYSTEM, account_named(space, name), _asked(password))
    typer.echo(f"账号 {name} 的密码已更新。")


@app.command()
def email(
    name: Name, address: Annotated[str, typer.Argument(help="邮箱；省略则清除。")] = ""
) -> None:
    """设置或清除账号接收通知的邮箱。

    Example: hongniang users email lin.jing lin.jing@kjj.example
    """
    from api.security.roles import SYSTEM
    from api.services.accounts import account_named, set_email

    with workspace() as space:
        set_email(space, SYSTEM, account_named(space, name), address)
    typer.echo(f"账号 {name} 的邮箱已{'更新' if address.strip() else '清除'}。")


def _enable(name: str, enabled: bool) -> None:
    from api.security.roles import SYSTEM
    from api.services.accounts import account_named, set_enabled

    with workspace() as space:
        set_enabled(space, SYSTEM, account_named(space, name), enabled)


def _asked(password: str | None) -> str:
    if password is not None:
        return password
    return str(typer.prompt("密码", hide_input=True, confirmation_prompt="再输入一次"))
