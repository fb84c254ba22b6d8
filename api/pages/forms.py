"""What a browser sends, read once, kept as typed."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from api.access.identity import sent_form, whole


async def _typed(request: Request) -> dict[str, str]:
    """Form fields by name; of one that is sent twice the last counts. Files are refused."""
    form = await sent_form(request)
    return {name: whole(value) for name, value in form.items() if isinstance(value, str)}


Typed = Annotated[Mapping[str, str], Depends(_typed)]


def version_in(typed: Mapping[str, str], name: str = "version") -> int:
    """The version that a page has shown; none that exists if it says none."""
    version = typed.get(name, "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
