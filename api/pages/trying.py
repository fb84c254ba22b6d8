"""What a form asks for, or everything that was typed in it again with what stood in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from api.access.identity import FORM_FIELD
from api.pages.demand_forms import EXPIRED, NOT_STORED
from matcher.errors import EditConflict, FormExpired, InvalidInput, StoreUnavailable


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that could not be kept: what was typed, and what is wrong, by field or as a whole.

    ``status`` is that of the page that shows it again.
    """

    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


UNTRIED: Final = Tried()


def attempt(
    request: Request,
    typed: Mapping[str, str],
    act: Callable[[], object],
    conflict: str,
    is_there: Callable[[], bool],
) -> Tried | None:
    """Do it; or what there is to show again. ``conflict`` is said if somebody else was faster.

    Raises FormExpired for a form that has expired if nothing ``is_there`` to show it on.
    """
    kept = {name: value for name, value in typed.items() if name != FORM_FIELD}
    if request.state.expired:
        if not is_there():
            raise FormExpired
        return Tried(403, kept, EXPIRED)
    try:
        act()
    except InvalidInput as error:
        found = {p.field: p.message for p in reversed(error.problems)}
        return Tried(422, kept, "" if found else str(error), found)
    except EditConflict:
        return Tried(412, kept, conflict)
    except StoreUnavailable:
        return Tried(503, kept, NOT_STORED)
    return None
