"""What was noted of cases and decisions reads as the rest of the log does."""

from typing import Any

from api.pages.audit import audit_line
from api.pages.contexts.accounts import AuditLine
from api.pages.contexts.forms import first_step
from api.store import AuditEntry

CASE = "c" + "0" * 22 + "abcdef"


def line(action: str, subject: str, **details: Any) -> AuditLine:
    entry = AuditEntry(
        number=1,
        at=None,
        account_id=None,
        who="lin.jing",
        role="broker",
        address="",
        action=action,
        subject=subject,
        details=details,
    )
    return audit_line(entry, {})


def test_a_case_is_named_and_linked() -> None:
    moved = line("case-move", CASE, stage="signed")
    assert (moved.label, moved.href) == ("对接单 …abcdef", f"/cases/{CASE}")
    assert moved.details == "阶段 签约"


def test_what_changed_and_what_was_decided_is_said_in_words() -> None:
    changed = line("case-change", CASE, changed=["next_date", "released_at"])
    assert changed.details == "改动 下一步日期、企业可见"
    decided = line("decide", "d" + "1" * 28, achievement="a" + "2" * 28, verdict="rejected")
    assert decided.details == "成果 …222222，判断 不合适"


def test_a_subscription_is_shown_to_its_owner_alone() -> None:
    kept = line("subscribe", "s" + "3" * 28)
    assert (kept.label, kept.href) == ("订阅 …333333", "")


def test_a_form_that_only_has_to_be_sent_again_opens_at_its_end() -> None:
    assert first_step({"": "请再提交一次。"}) == 3
    assert first_step({"goal", "phone"}) == 2
    assert first_step(()) == 1
