"""From numbers to places and steps."""

from typing import Final

_NICE: Final = (1, 2, 5, 10)


def ticks(largest: int, most: int = 4) -> list[int]:
    """Round whole numbers from 0 to at least ``largest``, in at most ``most`` equal steps."""
    if largest <= 0:
        return [0, 1]
    size = 1
    while True:
        for nice in _NICE:
            step = nice * size
            if step * most >= largest:
                return list(range(0, largest + step, step))
        size *= 10


def lean(wanted: int, there: int, totals: tuple[int, int]) -> float:
    """How much larger a part of all that is wanted is than of all that there is: −1 … 1.

    Shares rather than numbers, as a library may hold a hundred achievements for each demand.
    """
    all_wanted, all_there = totals
    return (wanted / all_wanted if all_wanted else 0) - (there / all_there if all_there else 0)


def level(value: float, largest: float) -> int:
    """−2 … 2: beyond a fifth, and beyond half, of the largest value of either sign."""
    if not largest or abs(value) < largest / 5:
        return 0
    steps = 2 if abs(value) >= largest / 2 else 1
    return steps if value > 0 else -steps
