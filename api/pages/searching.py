"""A search with what a form or an address asks for."""

from collections.abc import Callable, Mapping

from api.services.filtering import filters_of
from matcher.errors import FieldProblem, InvalidInput
from matcher.filters import Filters
from matcher.records import MatchResult


def attempt(
    search: Callable[[Filters], MatchResult], chosen: Mapping[str, str]
) -> tuple[MatchResult | None, list[FieldProblem]]:
    """The answer, or what was wrong with the question."""
    try:
        return search(filters_of(chosen)), []
    except InvalidInput as error:
        return None, list(error.problems) or [FieldProblem("text", str(error))]
