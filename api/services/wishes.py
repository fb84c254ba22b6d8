"""What somebody wants to be told of, and how: checked, and made into a subscription."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from api.security.tokens import new_token
from api.services import digests
from api.services.filtering import FILTERS, filters_of
from api.services.schedule import DAILY, FREQUENCIES, next_run
from api.services.workspace import Workspace
from api.store.mapping import new_id
from api.store.subscriptions import Subscription
from matcher.checks import MAX_TEXT
from matcher.errors import InvalidInput
from matcher.pairing.wording import GRADE_NAMES
from matcher.records import Demand

GRADES: Final = {grade: GRADE_NAMES[grade] for grade in (2, 3, 4)}
"""The lowest grades that can be asked for, with their names."""
DEFAULT_GRADE: Final = 3
_LONGEST_NAME: Final = 100
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NAMED_AFTER: Final = 24
"""Characters of a text after which a subscription without a name is named."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What can be changed of a subscription later: its name, and how it tells."""

    name: str = ""
    min_grade: int = DEFAULT_GRADE
    frequency: str = DAILY
    by_email: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look for: a text and a direction, or a record. ``existing``: tell of it all."""

    text: str | None = None
    record_id: str | None = None
    direction: str = "achievements"
    filters: Mapping[str, str] = field(default_factory=dict)
    existing: bool = False


def made(workspace: Workspace, account_id: str, wish: Wish, manner: Manner) -> Subscription:
    """A subscription that is not kept yet. Raises InvalidInput and NotFound."""
    check(workspace, account_id, manner)
    filters = {name: value for name in FILTERS if (value := clean(wish.filters.get(name, "")))}
    filters_of(filters).check()  # or it is refused here and now
    text, named, direction = _subject(workspace, wish)
    now = datetime.now(UTC)
    return Subscription(
        id=new_id("s"),
        account_id=account_id,
        name=clean(manner.name) or named,
        direction=direction,
        text=text,
        record_id=wish.record_id,
        filters=filters,
        min_grade=manner.min_grade,
        frequency=manner.frequency,
        by_email=manner.by_email,
        feed=new_token(),
        created_at=now,
        next_at=next_run(manner.frequency, now),
        last_at=None,
        paused_at=None,
        seen_at=now,
    )


def _subject(workspace: Workspace, wish: Wish) -> tuple[str | None, str, str]:
    """The text, a name for it, and what is looked for."""
    if wish.record_id is not None:
        record = digests.record(workspace, wish.record_id)
        direction = "achievements" if isinstance(record, Demand) else "demands"
        return None, clean(record.title)[:_LONGEST_NAME], direction
    text = _storable(wish.text or "")
    if not text:
        raise InvalidInput.of("text", "请写下要持续关注的技术问题、指标或成果。")
    if len(text) > MAX_TEXT:
        raise InvalidInput.of("text", f"文字超过 {MAX_TEXT} 字的上限，请保留问题、指标和目标。")
    if wish.direction not in ("achievements", "demands"):
        raise InvalidInput.of("direction", "请选择要查找成果还是需求。")
    short = clean(text)
    return text, short if len(short) <= _NAMED_AFTER else f"{short[:_NAMED_AFTER]}…", wish.direction


def check(workspace: Workspace, account_id: str, manner: Manner) -> None:
    """Raise InvalidInput for a manner that cannot be."""
    if len(clean(manner.name)) > _LONGEST_NAME:
        raise InvalidInput.of("name", f"名称超过 {_LONGEST_NAME} 字，请缩短。")
    if manner.min_grade not in GRADES:
        names = "、".join(f"{grade}（{name}）" for grade, name in GRADES.items())
        raise InvalidInput.of("min_grade", f"最低等级可选：{names}。")
    if manner.frequency not in FREQUENCIES:
        names = "、".join(f"{value}（{name}）" for value, name in FREQUENCIES.items())
        raise InvalidInput.of("frequency", f"通知时间可选：{names}。")
    if manner.by_email and not workspace.smtp.can_mail:
        raise InvalidInput.of("by_email", "本服务没有设置邮件服务器，请改用页面或订阅源查看。")
    if manner.by_email and not mailbox(workspace, account_id):
        raise InvalidInput.of("by_email", "请先在“我的账号”中填写邮箱，再选择邮件通知。")


def clean(text: str) -> str:
    """A text in one line, without what cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _storable(text: str) -> str:
    """Without what no database can hold."""
    return _CONTROL.sub("", text.encode("utf-8", "replace").decode()).strip()


def mailbox(workspace: Workspace, account_id: str | None) -> str:
    """Where letters to an account go; nothing if it has named no address."""
    account = workspace.store.accounts.get(account_id or "")
    return (account.email or "") if account else ""
