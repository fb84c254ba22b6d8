"""The index of segments keeps the contract."""

from matcher.index import SegmentIndex
from tests.contract.index_contract import IndexContract


class TestSegmentIndex(IndexContract):
    def empty(self, width: int) -> SegmentIndex:
        return SegmentIndex(width)
