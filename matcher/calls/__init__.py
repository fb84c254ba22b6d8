"""Open calls (揭榜挂帅): what nobody offers yet, by topic, ready to be called for."""

from matcher.calls.clustering import COARSE, FINE, USUAL, clusters
from matcher.calls.drafting import draft
from matcher.calls.groups import Group, Near, nearest_groups
from matcher.calls.indicators import Indicators, indicators
from matcher.calls.lines import FIELDS, GAP, Draft, gaps_in
from matcher.calls.naming import Naming

__all__ = [
    "COARSE",
    "FIELDS",
    "FINE",
    "GAP",
    "USUAL",
    "Draft",
    "Group",
    "Indicators",
    "Naming",
    "Near",
    "clusters",
    "draft",
    "gaps_in",
    "indicators",
    "nearest_groups",
]
