"""An enterprise hands in a demand and follows it with a receipt code; it needs no account."""

from collections.abc import Callable

from api.security.roles import Actor, Role, visitor
from api.security.tokens import hash_of, new_receipt
from api.services import catalogue
from api.services.auditing import Action
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.once import Once
from api.services.workspace import Workspace
from api.store import Stored, Unit
from matcher.errors import NotFound
from matcher.records import Demand
from matcher.text.normalise import normalised


def submit(
    workspace: Workspace,
    draft: DemandDraft,
    actor: Actor | None = None,
    once: Once | None = None,
    code: str = "",
    first: Callable[[Unit], None] = lambda _: None,
) -> tuple[Demand, str]:
    """Store a demand, make it findable, and return it with its receipt code.

    Only a hash of the code is kept, so that nobody who reads the database can use it. Sent ``once``
    more, a demand gets the same code again. A draft has a ``code`` already; ``first`` is done in
    the same unit, before anything else. Raises KeyReused, and what ``first`` raises.
    """
    actor = actor or visitor()
    owner = actor.account_id if actor.role is Role.enterprise else None
    given = bare(code) or new_receipt()

    def code_for(id_: str) -> str:
        return workspace.signing.receipt(f"{once.key}\n{id_}") if once else given

    def columns(id_: str) -> dict[str, object]:
        return {"receipt_hash": hash_of(code_for(id_)), "owner_id": owner}

    demand = catalogue.add(workspace, DEMANDS, draft, actor, once, Action.submit, columns, first)
    return demand, as_written(code_for(demand.id))


def by_receipt(workspace: Workspace, receipt: str) -> Stored[Demand]:
    """The demand that a receipt code belongs to. Raises NotFound."""
    found = workspace.demands.by_receipt(hash_of(bare(receipt)))
    if found is None:
        raise NotFound("没有这个回执码，请核对后再输入；字母不分大小写，连字符可省略。")
    return found


def bare(receipt: str) -> str:
    """The letters and figures of a code, however it was typed."""
    return "".join(char for char in normalised(receipt).upper() if char.isalnum())


def as_written(receipt: str) -> str:
    """A code in groups of four, to be read aloud and copied."""
    code = bare(receipt)
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
