"""An enterprise hands in a demand and follows it with a receipt code, without an account."""

import hashlib
import secrets
from base64 import b32encode
from datetime import datetime
from typing import Final

from api.services import catalogue
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.workspace import Workspace
from matcher.errors import NotFound
from matcher.records import Demand
from matcher.text.normalise import normalised

_RECEIPT_BYTES: Final = 15
"""120 random bits: 24 characters of base 32, written in six groups of four."""


def submit(workspace: Workspace, draft: DemandDraft) -> tuple[Demand, str]:
    """Store a demand, make it findable, and return it with its receipt code.

    Only a hash of the code is kept, so that nobody who reads the database can use it.
    """
    code = b32encode(secrets.token_bytes(_RECEIPT_BYTES)).decode()
    demand = catalogue.add(workspace, DEMANDS, draft, receipt_hash=_hash(code))
    return demand, as_written(code)


def by_receipt(workspace: Workspace, receipt: str) -> tuple[Demand, datetime]:
    """The demand that a receipt code belongs to, and when it was submitted. Raises NotFound."""
    found = workspace.demands.by_receipt(_hash(receipt))
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


def _hash(receipt: str) -> str:
    return hashlib.sha256(bare(receipt).encode()).hexdigest()
