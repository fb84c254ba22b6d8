"""The parts that matter most, beside plain Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from matcher.ranking.strongest import Floats, strongest

few = st.sampled_from([-2.5, -1.0, -0.0, 0.0, 1.0, 2.5])
tables = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=6),
    elements=few | st.floats(-3, 3),
)


@given(tables)
def test_the_largest_come_first_and_equal_ones_in_order(parts: Floats) -> None:
    beside = np.arange(parts.size, dtype=np.float64).reshape(parts.shape)
    found, values, others, starts = strongest(parts, beside)
    wanted = [
        sorted(((-abs(value), part, value) for part, value in enumerate(row) if value))
        for row in parts.tolist()
    ]
    assert starts.tolist() == np.cumsum([0, *map(len, wanted)]).tolist()
    assert found.tolist() == [part for row in wanted for _, part, _ in row]
    assert values.tolist() == [value for row in wanted for _, _, value in row]
    places = [beside[i, part] for i, row in enumerate(wanted) for _, part, _ in row]
    assert others.tolist() == places
