"""What holds for every page of ``pages.py``.

Each is opened in one window and then seen in the other, every second one on a telephone first: so
what all of them share is looked at by day and by night in both.
"""

from collections.abc import Sequence
from typing import ClassVar

from tests.browser.pages import FROM_DESKS, FROM_TELEPHONES, Place
from tests.browser.tabs import NARROW, WIDE
from tests.browser.visits import Visit

HEAVIEST = 100 * 1000
"""Bytes of a page with all that it loads, as sent on a first visit."""
MOST_SHIFT = 0.02


class EveryPage:
    """One visit to each of the ``places``, opened in a window of ``width``."""

    width: ClassVar[int] = WIDE
    places: ClassVar[Sequence[Place]] = FROM_DESKS

    def test_it_is_the_page_that_is_meant(self, place: Place, seen: Visit) -> None:
        assert seen.status == place.status

    def test_axe_objects_to_nothing_in_either_window(self, seen: Visit) -> None:
        assert seen.violations == []
        assert seen.other == []

    def test_it_weighs_less_than_100_kilobytes_in_all(self, seen: Visit) -> None:
        assert 0 < seen.weight < HEAVIEST

    def test_it_does_not_scroll_sideways_in_either_window(self, seen: Visit) -> None:
        assert seen.overflow <= 0

    def test_nothing_moves_by_itself(self, seen: Visit) -> None:
        assert seen.shift < MOST_SHIFT

    def test_it_asks_no_other_host_and_meets_no_error(self, seen: Visit) -> None:
        assert seen.complaints == []


class Narrow(EveryPage):
    """On a telephone first."""

    width = NARROW
    places = FROM_TELEPHONES
