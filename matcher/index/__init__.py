"""Exact top-k retrieval over sparse rows. Callers use the port; one implementation fits it now."""

from matcher.index.exact import ExactIndex
from matcher.index.port import Entry, Hits, Index

__all__ = ["Entry", "ExactIndex", "Hits", "Index"]
