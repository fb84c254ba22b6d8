"""Which of two schedules is the better one.

First the fairer one. The first meeting of a party counts 1, its second 1/2, its third 1/3, its
fourth 1/4, every further one nothing; the **spread** of a schedule is the sum of this over all
parties, times their priorities. Then, among schedules of the greatest spread, the one with the
greatest **total**: the sum of the expected grades, each times the mean priority of both parties.

It follows that nobody's fifth meeting is in anybody's way: if a party could have its first (or
second, third or fourth) meeting in exchange for any number of meetings that are beyond the fourth
for both of those who would lose them, the exchange would raise the spread, so the schedule was not
of the greatest. And of two parties of one priority, a first meeting (1) outranks a second (1/2).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = (1.0, 1 / 2, 1 / 3, 1 / 4)
"""What the first meetings of a party count; none counts after these."""

_UP_TO: Final = np.concatenate([[0.0], np.cumsum(LEVELS)])


def spread(meetings: NDArray[np.int64], priority: NDArray[np.float64]) -> float:
    """The spread of a schedule in which the parties have so many meetings each."""
    return float(_UP_TO[np.minimum(meetings, len(LEVELS))] @ priority)
