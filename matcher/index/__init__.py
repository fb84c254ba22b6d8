"""Exact top-k retrieval over sparse rows. Callers use the port; one implementation fits it now."""

from matcher.index.port import Entry, Hits, Index
from matcher.index.writer import SegmentIndex

__all__ = ["Entry", "Hits", "Index", "SegmentIndex"]
