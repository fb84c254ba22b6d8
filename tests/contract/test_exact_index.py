"""The exact index keeps the contract, also while it folds at nearly every addition."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher.index import Entry, ExactIndex, exact
from tests.contract.index_contract import IndexContract


class TestExactIndex(IndexContract):
    def empty(self, width: int) -> ExactIndex:
        return ExactIndex(width)


class TestExactIndexThatFoldsOften(IndexContract):
    """Fresh documents move to the frozen part from the third on, dead ones are dropped."""

    def empty(self, width: int) -> ExactIndex:
        return ExactIndex(width)

    @pytest.fixture(autouse=True)
    def _low_boundary(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exact, "_FOLD_AT", 2)


@pytest.mark.parametrize("boundary", [0, 1, 3, 7, 100])
def test_where_the_boundary_lies_shows_in_no_answer(
    boundary: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "_FOLD_AT", boundary)
    index = ExactIndex(4)
    query = csr_array(np.ones((1, 4), dtype=np.float32))
    for number in range(12):
        weights = np.array([[number % 3 + 1, 0, number % 2, 0]], dtype=np.float32)
        index.add([Entry(f"{number:02}", stamp=str(number))], csr_array(weights))
        if number % 4 == 3:
            index.remove([f"{number - 2:02}"])
    assert index.top_k(query, 4).ids == ("11", "02", "07", "08")
    assert sorted(index.stamps()) == ["00", "02", "03", "04", "06", "07", "08", "10", "11"]
    assert len(index) == 9
