"""Pages as they are printed: on A4 nothing stands beyond the edge, and parts stay whole."""

import pytest

from tests.browser.conftest import PageAt
from tests.browser.site import Site
from tests.web.people import BROKER

PAPER = 718
"""Pixels between the margins of an upright A4 sheet."""
BEYOND = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility() && !one.matches(".hidden, .hidden *"))
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 80))"""
BREAKS = "(one) => getComputedStyle(one).breakInside"
PAGES = {
    "/demands/{demand}": ".card",
    "/demands/{demand}/compare?with={others}": ".compare tr",
    "/demands/{demand}/pairings/{pairing}": ".halves > .panel",
    "/cases/{signed}": "#release",
}
"""What is not cut in two on each."""


@pytest.mark.parametrize("address", PAGES)
def test_everything_is_on_the_paper_and_its_parts_are_whole(
    page_at: PageAt, site: Site, address: str
) -> None:
    page = page_at(who=BROKER).page
    page.set_viewport_size({"width": PAPER, "height": 1047})
    page.emulate_media(media="print")
    page.goto(address.format_map(site.known))
    assert page.evaluate(BEYOND) == []
    for part in page.locator(PAGES[address]).all():
        assert part.evaluate(BREAKS) == "avoid"
    assert page.locator(".decide, form").locator("visible=true").count() == 0
