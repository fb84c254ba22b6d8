"""``hongniang mail test``."""

from typing import Annotated

import typer

from api.cli.session import settings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def mail() -> None:
    """邮件。"""


@app.command()
def test(address: Annotated[str, typer.Argument(help="收件邮箱。")]) -> None:
    """发一封测试邮件，检查邮件服务器的设置。

    Example: hongniang mail test lin.jing@kjj.example
    """
    from api.pages.letters import trial
    from api.services.accounts import checked_email
    from api.services.post_check import finding
    from api.services.posting import send
    from matcher.errors import InvalidInput

    smtp, to = settings(), checked_email(address)
    if not smtp.smtp_host:
        raise InvalidInput(
            "没有设置邮件服务器，请先设置 HONGNIANG_SMTP_HOST 等，见 docs/deploy.md。"
        )
    found = finding(smtp)
    if not found.good or to is None:
        raise InvalidInput(found.message)
    send(smtp, trial(smtp, to))
    typer.echo("邮件服务器已接收测试邮件，请到收件箱查看。")
