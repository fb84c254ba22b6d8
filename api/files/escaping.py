"""Cells that a spreadsheet would run as a formula, made harmless, and read back as they were.

A text is dangerous if it begins as a formula does, in either width of the sign. It is then written
behind an apostrophe. So are texts that begin with apostrophes before such a sign: one apostrophe
is taken away when a table is read, and every text comes back as it was.
"""

import re
from typing import Final, TypeVar

T = TypeVar("T")
_DANGEROUS: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_ESCAPED: Final = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def harmless(text: str) -> str:
    """The text for a cell of CSV, which has no types: whatever looks like a formula is run."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unambiguous(text: str) -> str:
    """The text for a cell that is a text by type, and is never run."""
    return f"'{text}" if _ESCAPED.match(text) else text


def meant(cell: T) -> T | str:
    """What a cell says, without the apostrophe of ``harmless`` or ``unambiguous``."""
    return cell[1:] if isinstance(cell, str) and _ESCAPED.match(cell) else cell
