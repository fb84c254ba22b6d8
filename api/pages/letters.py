"""Digests as letters: a text part, and the same laid out."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from api.pages.presenting import moment
from api.pages.rendering import filled
from api.services.lapsing import has_lapsed, last_day
from api.services.news import News, name_outside, outside
from api.services.times import day_of
from api.services.workspace import Workspace
from api.smtp import Smtp
from api.store.digests import Digest
from api.store.subscriptions import Subscription
from matcher.pairing.wording import GRADE_NAMES

_END: Final = ("截止日期已过", "lapsed")
"""What a letter says that tells of no record, and how it is laid out."""


def letter(
    workspace: Workspace, subscription: Subscription, digest: Digest, address: str
) -> EmailMessage | None:
    """A digest to an address; None if nothing of it may be shown any more.

    Its Message-ID follows from the digest: sent again, it is the same letter.
    """
    [issue] = outside(workspace, subscription, [digest])
    is_over = issue.is_end and has_lapsed(subscription, day_of(digest.at))
    if not (issue.news or is_over):
        return None
    smtp, name = workspace.smtp, name_outside(workspace, subscription)
    page = f"{smtp.public_url}/subscriptions/{subscription.id}"
    said, template = _END if is_over else (f"新增 {len(issue.news)} 项", "digest")
    made = _headed(smtp, address, f"红娘订阅：{name}（{said}）", digest.at)
    made["Message-ID"] = f"<{digest.id}@{smtp.mail_domain}>"
    made["List-Unsubscribe"] = f"<{page}>"
    values = {
        "name": name,
        "at": moment(digest.at),
        "page": page,
        "home": smtp.public_url,
        "lines": _lines(issue.news),
        "last": last_day(subscription),
    }
    made.set_content(filled(f"letters/{template}.txt", values), cte="base64")
    made.add_alternative(filled(f"letters/{template}.html", values), subtype="html", cte="base64")
    return made


def trial(smtp: Smtp, address: str) -> EmailMessage:
    """A letter that says no more than that letters arrive."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = smtp.smtp_from, address, "红娘：测试邮件"
    made.set_content("这是一封测试邮件：邮件服务器的设置可以使用。\n", cte="base64")
    return made


def _headed(smtp: Smtp, address: str, subject: str, at: datetime) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = smtp.smtp_from, address, subject
    made["Date"] = format_datetime(at)
    made["Auto-Submitted"] = "auto-generated"
    return made


def _lines(news: Sequence[News]) -> list[tuple[str, News]]:
    return [(GRADE_NAMES[one.grade], one) for one in news]
