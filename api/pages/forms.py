"""What a browser sends, read once, kept as typed."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from matcher import values
from matcher.errors import FieldProblem, InvalidInput, InvalidQuery
from matcher.filters import Filters


async def _typed(request: Request) -> dict[str, str]:
    """Form fields by name; of one that is sent twice the last counts. Files are refused."""
    try:
        form = await request.form(max_files=0, max_fields=100)
    except (LookupError, ValueError) as error:  # an encoding that is unknown or does not fit
        raise InvalidInput("无法读取提交的内容，请刷新页面后重新填写。") from error
    return {name: _whole(value) for name, value in form.items() if isinstance(value, str)}


def _whole(text: str) -> str:
    """Without halves of characters, which some encodings can carry and no page can show."""
    return text.encode("utf-8", "replace").decode()


Typed = Annotated[Mapping[str, str], Depends(_typed)]


def filters_of(chosen: Mapping[str, str]) -> Filters:
    """The filters of a form; the band of maturity is sent by name."""
    low, high = _band(chosen.get("band", "").strip())
    return Filters(
        fields=_some(chosen, "field"),
        regions=_some(chosen, "region"),
        providers=_some(chosen, "provider"),
        cooperation_modes=_some(chosen, "mode"),
        maturity_min=low,
        maturity_max=high,
    )


def _band(wanted: str) -> tuple[int | None, int | None]:
    """The lowest and highest TRL of a band. Raises InvalidQuery for one that does not exist."""
    if not wanted:
        return None, None
    for name, low, high in values.MATURITY_BANDS:
        if name == wanted:
            return low, high
    names = "、".join(name for name, _, _ in values.MATURITY_BANDS)
    message = f"没有“{wanted[:20]}”这一档成熟度，可选：{names}。"
    raise InvalidQuery(message, [FieldProblem("band", message)])


def _some(chosen: Mapping[str, str], name: str) -> frozenset[str]:
    value = chosen.get(name, "").strip()
    return frozenset([value] if value else ())
