"""Exact top-k retrieval over sparse rows. Callers use the port; one implementation fits it now."""

from matcher.index.building import build_index
from matcher.index.port import Batch, Entry, Hits, Index
from matcher.index.writer import SegmentIndex

__all__ = ["Batch", "Entry", "Hits", "Index", "SegmentIndex", "build_index"]
