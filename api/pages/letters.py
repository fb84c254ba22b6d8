"""Digests as letters: a text part, and the same laid out."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from api.pages.presenting import moment
from api.pages.rendering import filled
from api.services.news import News, name_outside, outside
from api.services.workspace import Workspace
from api.smtp import Smtp
from api.store.digests import Digest
from api.store.subscriptions import Subscription
from matcher.pairing.wording import GRADE_NAMES


def letter(
    workspace: Workspace, subscription: Subscription, digest: Digest, address: str
) -> EmailMessage | None:
    """A digest to an address; None if nothing of it may be shown any more.

    Its Message-ID follows from the digest: sent again, it is the same letter.
    """
    [issue] = outside(workspace, subscription, [digest])
    if not issue.news:
        return None
    smtp, name = workspace.smtp, name_outside(workspace, subscription)
    page = f"{smtp.public_url}/subscriptions/{subscription.id}"
    made = _headed(smtp, address, f"红娘订阅：{name}（新增 {len(issue.news)} 项）", digest.at)
    made["Message-ID"] = f"<{digest.id}@{smtp.mail_domain}>"
    made["List-Unsubscribe"] = f"<{page}>"
    values = {
        "name": name,
        "at": moment(digest.at),
        "page": page,
        "home": smtp.public_url,
        "lines": _lines(issue.news),
    }
    made.set_content(filled("letters/digest.txt", values), cte="base64")
    made.add_alternative(filled("letters/digest.html", values), subtype="html", cte="base64")
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
