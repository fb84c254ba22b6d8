"""One letter to the mail server, within a time that is known beforehand."""

import asyncio
from contextlib import suppress
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from api.smtp import Smtp
from matcher.errors import MailUnsent

LONGEST: Final = 60.0
"""Seconds that a letter may take, however slowly a server answers."""
_ANSWER: Final = 20.0
_FAREWELL: Final = 2.0
_AT_FAULT: Final = 500
"""Replies from here on say that trying again is of no use."""


def send(smtp: Smtp, letter: EmailMessage) -> None:
    """Hand a letter over; when this returns, the server has taken it on.

    Raises MailUnsent, with a sentence that names nobody. If the connection breaks after the whole
    letter was sent and before the server's answer, nobody can know whether it was taken: the letter
    counts as unsent, and carries the same Message-ID when it is sent again.
    """
    try:
        asyncio.run(_handed_over(smtp, letter))
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _refused_address(min(one.code for one in error.recipients)) from error
    except aiosmtplib.SMTPDataError as error:
        raise MailUnsent(
            f"邮件服务器不接收这封邮件（{error.code}），请联系邮件系统的管理员。",
            is_final=error.code >= _AT_FAULT,
        ) from error
    except aiosmtplib.SMTPAuthenticationError as error:
        raise MailUnsent(
            "邮件服务器不接受用户名或密码，"
            "请管理员核对 HONGNIANG_SMTP_USER 和 HONGNIANG_SMTP_PASSWORD。"
        ) from error
    except aiosmtplib.SMTPResponseException as error:
        raise MailUnsent(f"邮件服务器暂不受理（{error.code}），稍后会自动再试。") from error
    except TimeoutError as error:
        raise MailUnsent("邮件服务器没有及时回答，稍后会自动再试。") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailUnsent(
            "连接不上邮件服务器或连接中断，稍后会自动再试；若一直如此，请管理员检查邮件设置。"
        ) from error


def greet(smtp: Smtp) -> None:
    """Connect, sign in and leave, without sending anything. Raises MailUnsent."""
    try:
        asyncio.run(_greeted(smtp))
    except aiosmtplib.SMTPAuthenticationError as error:
        raise MailUnsent("邮件服务器不接受用户名或密码。") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailUnsent("连接不上邮件服务器，或它不支持所设的加密方式。") from error


async def _handed_over(smtp: Smtp, letter: EmailMessage) -> None:
    async with asyncio.timeout(LONGEST):
        client = await _connected(smtp)
        try:
            await client.send_message(letter)
        except BaseException:
            client.close()
            raise
    await _farewell(client)


async def _greeted(smtp: Smtp) -> None:
    async with asyncio.timeout(_ANSWER):
        client = await _connected(smtp)
    await _farewell(client)


async def _connected(smtp: Smtp) -> aiosmtplib.SMTP:
    password = smtp.smtp_password.get_secret_value()
    client = aiosmtplib.SMTP(
        hostname=smtp.smtp_host,
        port=smtp.mail_port,
        username=smtp.smtp_user or None,
        password=password if smtp.smtp_user else None,
        local_hostname=smtp.mail_domain or "localhost",
        timeout=_ANSWER,
        use_tls=smtp.smtp_security == "tls",
        start_tls=smtp.smtp_security == "starttls",
    )
    await client.connect()
    return client


async def _farewell(client: aiosmtplib.SMTP) -> None:
    """What was taken on stays so, however the connection ends."""
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=_FAREWELL)
    client.close()


def _refused_address(code: int) -> MailUnsent:
    if code >= _AT_FAULT:
        sentence = f"邮件服务器拒绝了收件邮箱（{code}），请在“我的账号”中核对邮箱。"
        return MailUnsent(sentence, is_final=True)
    return MailUnsent(f"邮件服务器暂不接收发往这个邮箱的邮件（{code}），稍后会自动再试。")
