"""The engine of Hongniang (红娘): demands and achievements to ranked, explained pairings.

No web, no database, no environment. ``Matchmaker`` is the façade; the rest is reached by folder.
The names below are loaded when they are first used, because numerical libraries load slowly.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcher.engine import Matchmaker
    from matcher.errors import HongniangError
    from matcher.filters import Filters
    from matcher.records import Achievement, Demand, MatchResult, Pairing, Reason
    from matcher.representation import TfidfRepresentation

__all__ = [
    "Achievement",
    "Demand",
    "Filters",
    "HongniangError",
    "MatchResult",
    "Matchmaker",
    "Pairing",
    "Reason",
    "TfidfRepresentation",
]

_HOMES = {
    "Matchmaker": "engine",
    "HongniangError": "errors",
    "Filters": "filters",
    "TfidfRepresentation": "representation",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'matcher' has no attribute {name!r}")
    return getattr(import_module(f"matcher.{_HOMES.get(name, 'records')}"), name)
