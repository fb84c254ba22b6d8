"""A search with what a form or an address asks for."""

from collections.abc import Mapping
from dataclasses import replace

from api.services.filtering import filters_of
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from matcher.errors import FieldProblem, InvalidInput
from matcher.records import MatchResult


def attempt(
    space: Workspace, wanted: MatchRequest, chosen: Mapping[str, str]
) -> tuple[MatchResult | None, list[FieldProblem]]:
    """The answer, or what was wrong with the question."""
    try:
        return match(space, replace(wanted, filters=filters_of(chosen))), []
    except InvalidInput as error:
        return None, list(error.problems) or [FieldProblem("text", str(error))]
