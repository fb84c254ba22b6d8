"""Lines for the audit log."""

from enum import StrEnum
from typing import Final

from api.security.roles import Actor
from api.store import AuditEntry, Store, Unit


class Action(StrEnum):
    """What is noted. The values are stored; the names for people may change."""

    sign_in = "sign-in"
    sign_in_failed = "sign-in-failed"
    sign_out = "sign-out"
    password = "password"  # noqa: S105 - the name of an action
    account_add = "account-add"
    account_disable = "account-disable"
    account_enable = "account-enable"
    key_add = "key-add"
    key_revoke = "key-revoke"
    email = "email"
    subscribe = "subscribe"
    subscription_change = "subscription-change"
    unsubscribe = "unsubscribe"
    submit = "submit"
    resubmit = "resubmit"
    publish = "publish"
    return_ = "return"
    add = "add"
    change = "change"
    remove = "remove"
    restore = "restore"
    decide = "decide"
    withdraw = "withdraw"
    case_open = "case-open"
    case_withdraw = "case-withdraw"
    case_move = "case-move"
    case_note = "case-note"
    case_change = "case-change"
    day_make = "day-make"
    day_change = "day-change"
    day_arrange = "day-arrange"
    day_move = "day-move"
    day_publish = "day-publish"
    day_withdraw = "day-withdraw"
    day_remove = "day-remove"
    call_add = "call-add"
    call_change = "call-change"
    call_remove = "call-remove"
    import_ = "import"
    export = "export"
    model = "model"
    backup = "backup"
    restore_backup = "restore-backup"


ACTION_NAMES: Final = {
    Action.sign_in: "登录",
    Action.sign_in_failed: "登录失败",
    Action.sign_out: "退出",
    Action.password: "修改密码",
    Action.account_add: "新增账号",
    Action.account_disable: "停用账号",
    Action.account_enable: "启用账号",
    Action.key_add: "新增密钥",
    Action.key_revoke: "撤销密钥",
    Action.email: "修改邮箱",
    Action.subscribe: "新增订阅",
    Action.subscription_change: "修改订阅",
    Action.unsubscribe: "删除订阅",
    Action.submit: "提交需求",
    Action.resubmit: "重新提交",
    Action.publish: "发布",
    Action.return_: "退回",
    Action.add: "新增",
    Action.change: "修改",
    Action.remove: "删除",
    Action.restore: "恢复",
    Action.decide: "判断配对",
    Action.withdraw: "撤回判断",
    Action.case_open: "开立对接单",
    Action.case_withdraw: "撤回对接单",
    Action.case_move: "推进对接单",
    Action.case_note: "记录对接单",
    Action.case_change: "修改对接单",
    Action.day_make: "新建对接会",
    Action.day_change: "修改对接会",
    Action.day_arrange: "排期",
    Action.day_move: "调整会面",
    Action.day_publish: "发布对接会",
    Action.day_withdraw: "撤回对接会",
    Action.day_remove: "删除对接会",
    Action.call_add: "起草榜单",
    Action.call_change: "修改榜单",
    Action.call_remove: "删除榜单",
    Action.import_: "导入",
    Action.export: "导出",
    Action.model: "切换模型",
    Action.backup: "备份",
    Action.restore_backup: "恢复备份",
}


def action_name(action: str) -> str:
    """The name of a stored action; one that this version does not know stays as it is."""
    return ACTION_NAMES[Action(action)] if action in set(Action) else action


def note(
    store: Store,
    unit: Unit,
    actor: Actor,
    action: Action,
    subject: str | None = None,
    **more: object,
) -> None:
    """Write a line in the unit that does what it tells of. ``more`` holds no personal data."""
    entry = AuditEntry(
        actor.account_id, actor.name, actor.role, actor.address, action, subject, more
    )
    store.audit.add(unit, entry)
