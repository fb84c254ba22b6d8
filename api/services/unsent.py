"""Drafts (草稿): forms that are kept while they are typed, under the code of their receipt.

Whoever holds the code may go on typing, send, or throw the draft away. The code follows from a
random number in the draft and the secret of this installation: the store alone cannot tell it.

Edits (修改) that a session's end left behind are for nobody but who typed them: a link must not put
a stranger's words into a form that others save under their own name.
"""

import json
from collections.abc import Mapping
from typing import Final

from api.security.roles import Actor, Role
from api.security.tokens import hash_of, new_token
from api.services.draft_room import KEPT
from api.services.drafts import DemandDraft
from api.services.submission import as_written, bare
from api.services.workspace import Workspace
from api.store import Unsent
from matcher.errors import DraftSent, InvalidInput, NotFound

MOST: Final = 50
"""Drafts of one account."""
_LARGEST: Final = 20_000
_LARGEST_EDIT: Final = 80_000
"""Bytes of what was typed; the texts of a stored demand may be ten times as long as the form's."""
_RANDOM: Final = 32
"""Characters that the number of a form has at least; others are not ours."""
NUMBER: Final = "submission"
"""The field with the number of a form, which is made with the page."""
EDITS: Final = "edits"
"""Where a draft holds the id of the demand that was being edited; no form can say it."""
SERVED: Final = "served"
"""The field of an edit's form that says for which demand and account the page was made."""
_FIELDS: Final = (*DemandDraft.model_fields, NUMBER, "version")


def code_of(workspace: Workspace, typed: Mapping[str, str]) -> str:
    """The code that a form with this number has as a draft, as people write it; or nothing."""
    number = typed.get(NUMBER, "")
    usable = _RANDOM <= len(number) <= 200
    return as_written(workspace.signing.receipt(f"draft\n{number}")) if usable else ""


def begin(workspace: Workspace, typed: Mapping[str, str], actor: Actor) -> tuple[str, Unsent]:
    """Keep a form; its code, and the draft. The same form begun twice is one draft.

    Raises InvalidInput for too much text or too many drafts of an account, DraftsFull for too many
    of all who have none, and DraftSent if it was sent already.
    """
    kept = _kept(typed)
    if not code_of(workspace, kept):
        kept[NUMBER] = new_token()
    return _begin(workspace, kept, _owner(actor))


def served(workspace: Workspace, demand_id: str, actor: Actor) -> str:
    """What the form of an edit carries, so that it can be left behind."""
    return workspace.signing.served(demand_id, actor.account_id or "")


def leave(workspace: Workspace, demand_id: str, typed: Mapping[str, str]) -> str:
    """Keep an edit of who is signed out by now, for the account that its page was made for.

    Returns the code. Raises NotFound if the page was not made here, and what ``begin`` does.
    """
    owner = workspace.signing.served_to(typed.get(SERVED, ""), demand_id)
    if owner is None or workspace.store.accounts.get(owner) is None:
        raise unknown()
    kept = _kept(typed, _LARGEST_EDIT) | {EDITS: demand_id, NUMBER: new_token()}
    return _begin(workspace, kept, owner)[0]


def left(workspace: Workspace, demand_id: str, code: str, actor: Actor) -> dict[str, str]:
    """What this account left behind of an edit of this demand; nothing if that is not there."""
    draft = workspace.store.drafts.get(key_of(code)) if code else None
    if draft is None or draft.account_id is None or draft.account_id != actor.account_id:
        return {}
    return dict(draft.typed) if draft.typed.get(EDITS) == demand_id else {}


def _begin(workspace: Workspace, kept: Mapping[str, str], owner: str | None) -> tuple[str, Unsent]:
    code = code_of(workspace, kept)
    _check_not_sent(workspace, code)
    drafts = workspace.store.drafts
    if owner and drafts.count(owner) >= MOST:
        raise InvalidInput(f"草稿已有 {MOST} 份，请先在“我的需求”中提交或删除一些。")
    if not owner and drafts.get(key_of(code)) is None:
        workspace.draft_room.take()
    with workspace.store.writing() as unit:
        drafts.drop(unit, unit.moment - KEPT)
        draft = drafts.add(unit, key_of(code), kept, owner)
        again = drafts.save(unit, key_of(code), kept, None) if draft.typed != kept else draft
    return code, again or draft


def save(
    workspace: Workspace,
    code: str,
    typed: Mapping[str, str],
    actor: Actor,
    seen: str | None = None,
) -> Unsent:
    """Keep what is typed now, if nobody has saved anything else since the version ``seen``.

    None replaces whatever is there. Raises DraftConflict, DraftSent, NotFound and InvalidInput.
    """
    before = opened(workspace, code)
    if EDITS in before.typed:
        raise unknown()
    kept = _kept(typed) | {name: before.typed[name] for name in (NUMBER,) if name in before.typed}
    with workspace.store.writing() as unit:
        draft = workspace.store.drafts.save(unit, before.receipt_hash, kept, seen, _owner(actor))
    return draft or opened(workspace, code)


def key_of(code: str) -> str:
    """What the store knows of a code."""
    return hash_of(bare(code))


def opened(workspace: Workspace, code: str) -> Unsent:
    """The draft with this code. Raises DraftSent if it was sent, and NotFound."""
    draft = workspace.store.drafts.get(key_of(code))
    if draft is None:
        _check_not_sent(workspace, code)
        raise unknown()
    return draft


def discard(workspace: Workspace, code: str) -> None:
    """Throw a draft away, if it is still there."""
    with workspace.store.writing() as unit:
        workspace.store.drafts.take(unit, key_of(code))


def own_drafts(workspace: Workspace, actor: Actor) -> list[tuple[str, Unsent]]:
    """The drafts of a signed-in enterprise with their codes, the latest first."""
    if actor.account_id is None:
        return []
    found = workspace.store.drafts.of(actor.account_id, MOST)
    with_codes = ((code_of(workspace, draft.typed), draft) for draft in found)
    # A revision has the code of its demand, which nobody can tell; the demand itself leads there.
    return [(code, draft) for code, draft in with_codes if key_of(code) == draft.receipt_hash]


def _kept(typed: Mapping[str, str], largest: int = _LARGEST) -> dict[str, str]:
    kept = {name: typed[name] for name in _FIELDS if typed.get(name)}
    size = len(json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace"))
    if size > largest:
        most = largest // 1000
        raise InvalidInput(f"内容太长，草稿最多 {most} KB，本次没有保存；请删减后再试。")
    return kept


def _owner(actor: Actor) -> str | None:
    return actor.account_id if actor.role is Role.enterprise else None


def _check_not_sent(workspace: Workspace, code: str) -> None:
    if workspace.demands.by_receipt(key_of(code)):
        raise DraftSent


def unknown() -> NotFound:
    """What is said of a draft that is not there (any more)."""
    return NotFound(
        f"没有这份草稿：{KEPT.days} 天没有改动的草稿会被删除。已提交的需求，请凭回执码查询。"
    )
