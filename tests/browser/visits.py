"""One look at a page in one window, and all that is to be said about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import Place
from tests.browser.site import Site
from tests.browser.tabs import Tab

SCREENSHOTS: Final = Path(__file__).parents[2] / "build" / "screenshots"
_RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_COLOURS: Final = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
"""The rule that other colours can break; it runs by night, as all of them do by day."""
_WEIGHT: Final = """
  ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .reduce((sum, one) => sum + one.encodedBodySize, 0)
"""
_TWO_FRAMES: Final = """
  document.fonts.ready.then(() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done))))
"""
"""Scripts have run, and what they changed has been laid out."""


@dataclass(frozen=True)
class Visit:
    """What was seen: ``weight`` in bytes, ``shift`` in units of Cumulative Layout Shift.

    ``violations`` are of rules of axe, by light and by ``dark`` colours.
    """

    status: int
    violations: list[str]
    dark: list[str]
    weight: int
    overflow: int
    shift: float
    complaints: list[str]


def visited(place: Place, site: Site, tab: Tab, picture: str | None = None) -> Visit:
    """Go there, do what is to be done first, look, and keep a ``picture`` if it is named."""
    page = tab.page
    page.goto(place.on(site))
    if place.prepare:
        place.prepare(page)
    page.wait_for_load_state("load")
    page.evaluate(_TWO_FRAMES)
    _photographed(page, picture)
    return Visit(
        status=tab.statuses[-1],
        violations=_violations(page),
        dark=_in_the_dark(page, picture),
        weight=page.evaluate(_WEIGHT),
        overflow=page.evaluate("document.documentElement.scrollWidth - window.innerWidth"),
        shift=page.evaluate("window.shifts.reduce((sum, one) => sum + one, 0)"),
        complaints=list(tab.complaints),
    )


def _photographed(page: Page, picture: str | None) -> None:
    if picture is None:
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=SCREENSHOTS / f"{picture}.png", full_page=True)


def _in_the_dark(page: Page, picture: str | None) -> list[str]:
    """The same page for somebody who prefers dark, without going there again."""
    page.emulate_media(color_scheme="dark")
    _photographed(page, picture and f"{picture}-dark")
    return _violations(page, _COLOURS)


def _violations(page: Page, rules: Mapping[str, Any] = _RULES) -> list[str]:
    """One line for each element that a rule of axe objects to."""
    found: dict[str, Any] = Axe().run(page, options=rules).response
    return [
        f"{rule['impact']} {rule['id']}: {' '.join(map(str, node['target']))} — "
        f"{node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
