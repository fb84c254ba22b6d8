"""What helps somebody who is typing a demand, in one answer; nothing is stored."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.security.disclosure import Own, found
from api.services.disclosing import Giveaway, giveaways
from api.services.workspace import Workspace
from matcher.coaching import Coaching, coach
from matcher.coaching.survey import Survey
from matcher.errors import BundleError
from matcher.records import Demand

_log = logging.getLogger(__name__)
_TEXTS: Final = ("title", "problem", "indicators", "goal", "keywords")
_FACTS: Final = ("budget", "deadline")
_SEPARATORS: Final = re.compile(r"[,，;；、|\n]")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Advice:
    """Scores with suggestions, what the libraries say, and what gives the enterprise away.

    ``related``, ``field`` and ``industry`` are None where nobody can say, ``keywords`` are new.
    """

    coaching: Coaching
    keywords: tuple[str, ...]
    field: str | None
    industry: str | None
    related: int | None
    giveaways: tuple[Giveaway, ...]


def advice(workspace: Workspace, typed: Mapping[str, str]) -> Advice:
    """Everything about the fields of the form as they stand; those missing are empty.

    Without a usable model the texts alone are judged.
    """
    own = Own(typed.get("organisation"), typed.get("contact"), typed.get("phone"))
    places = tuple(giveaways(typed))
    surveyed = _survey(workspace, _demand(typed, places))
    return Advice(
        coach({name: typed.get(name, "") for name in _TEXTS}, _given(typed)),
        tuple(word for word in surveyed.keywords if not found(word, own)),
        surveyed.field,
        surveyed.industry,
        surveyed.related,
        places,
    )


def _given(typed: Mapping[str, str]) -> frozenset[str]:
    """What is filled in, however it is written."""
    return frozenset(name for name in _FACTS if _DIGIT.search(typed.get(name, "")))


def _survey(workspace: Workspace, demand: Demand) -> Survey:
    try:
        return workspace.matchmaker.survey(demand)
    except BundleError as reason:
        _log.warning("coaching without a model: %s", reason)
        return Survey()


def _demand(typed: Mapping[str, str], places: tuple[Giveaway, ...]) -> Demand:
    """What is typed as a passing demand; what gives somebody away is no part of its texts."""
    texts = {name: _without(name, typed.get(name, ""), places) for name in _TEXTS}
    words = (word.strip() for word in _SEPARATORS.split(texts["keywords"]))
    return Demand(
        id="",
        title=texts["title"],
        problem=texts["problem"],
        indicators=texts["indicators"],
        goal=texts["goal"],
        keywords=tuple(word for word in words if word),
        field=typed.get("field") or None,
        industry=typed.get("industry") or None,
    )


def _without(field: str, text: str, places: tuple[Giveaway, ...]) -> str:
    """A text in which a comma stands for each of these places of it."""
    pieces, at = [], 0
    for place in places:
        if place.field == field:
            pieces.append(text[at : place.span[0]])
            at = place.span[1]
    return "，".join([*pieces, text[at:]])
