"""Open calls (揭榜挂帅): what nobody offers yet, by topic, ready to be called for."""

from matcher.calls.clustering import COARSE, FINE, USUAL, clusters

__all__ = ["COARSE", "FINE", "USUAL", "clusters"]
