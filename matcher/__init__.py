"""The engine of Hongniang (红娘): demands and achievements to ranked, explained pairings.

No web, no database, no environment. ``Matchmaker`` is the façade; the rest is reached by folder.
"""

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
