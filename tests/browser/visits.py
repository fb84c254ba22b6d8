"""A look at a page in both windows, and all that is to be said about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import Place
from tests.browser.site import Site
from tests.browser.tabs import NARROW, WIDE, Tab

SCREENSHOTS: Final = Path(__file__).parents[2] / "build" / "screenshots"
_RULES: Final[Mapping[str, list[str]]] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_WEIGHT: Final = """
  ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .reduce((sum, one) => sum + one.encodedBodySize, 0)
"""
_OVERFLOW: Final = "document.documentElement.scrollWidth - window.innerWidth"
_SHIFT: Final = "window.shifts.reduce((sum, one) => sum + one, 0)"
_TWO_FRAMES: Final = """
  document.fonts.ready.then(() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done))))
"""
"""Scripts have run, and what they changed has been laid out."""


@dataclass(frozen=True)
class Visit:
    """What was seen: ``weight`` in bytes, ``shift`` in units of Cumulative Layout Shift.

    ``violations`` are of rules of axe: in the window in which the page was opened, in its light
    colours, and in the ``other`` one by night. ``overflow`` is the most of both, in pixels.
    """

    status: int
    violations: list[str]
    other: list[str]
    weight: int
    overflow: int
    shift: float
    complaints: list[str]


def visited(place: Place, site: Site, tab: Tab, width: int, keep: bool = False) -> Visit:
    """Open it in a window of ``width``, do what is to be done first, look; then make it the other.

    ``keep`` keeps pictures of both by day and by night.
    """
    page = tab.page
    page.goto(place.on(site))
    if place.prepare:
        place.prepare(page)
    page.wait_for_load_state("load")
    page.evaluate(_TWO_FRAMES)
    weight, shift = page.evaluate(_WEIGHT), page.evaluate(_SHIFT)
    first = _look(page, place.name if keep else None)
    page.emulate_media(color_scheme="dark")
    _photographed(page, place.name if keep else None, "-dark")
    tab.resize(NARROW if width == WIDE else WIDE)
    page.evaluate(_TWO_FRAMES)
    second = _look(page, place.name if keep else None, "-dark")
    if keep:
        page.emulate_media(color_scheme="light")
        _photographed(page, place.name)
    return Visit(
        status=tab.statuses[-1],
        violations=first[1],
        other=second[1],
        weight=weight,
        overflow=max(first[0], second[0]),
        shift=shift,
        complaints=list(tab.complaints),
    )


def _look(page: Page, picture: str | None, ending: str = "") -> tuple[int, list[str]]:
    """By how much it is too wide, and what axe says."""
    _photographed(page, picture, ending)
    return page.evaluate(_OVERFLOW), violations(page)


def _photographed(page: Page, picture: str | None, ending: str = "") -> None:
    if picture is None or page.viewport_size is None:
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    name = f"{picture}-{page.viewport_size['width']}{ending}.png"
    page.screenshot(path=SCREENSHOTS / name, full_page=True)


def violations(page: Page, rules: Mapping[str, list[str]] = _RULES) -> list[str]:
    """One line for each element that a rule of axe objects to."""
    found: dict[str, Any] = Axe().run(page, options=dict(rules)).response
    return [
        f"{rule['impact']} {rule['id']}: {' '.join(map(str, node['target']))} — "
        f"{node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
