"""Tabs of a real browser that note whatever a page should not do."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
)

WIDE: Final = 1440
NARROW: Final = 390
_HEIGHTS: Final = {WIDE: 900, NARROW: 844}
_SHIFTS: Final = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    const own = list.getEntries().filter((shift) => !shift.hadRecentInput);
    window.shifts.push(...own.map((shift) => shift.value));
  }).observe({ type: "layout-shift", buffered: true });
"""
"""Keeps how far things move by themselves, in the unit of Cumulative Layout Shift."""


@dataclass
class Tab:
    """A page of the browser, where it was led, and what was wrong with that."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Of the pages that it was led to."""

    def watch(self) -> None:
        """Note requests to others, what fails, and every error that the browser tells of."""
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def resize(self, width: int) -> None:
        """Make its window one of ``width``."""
        self.page.set_viewport_size(_size(width))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "about", "blob"} and parts.netloc != self.host:
            self.complaints.append(f"asks another host: {parts.netloc}")

    def _response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if is_page:
            self.statuses.append(response.status)
        if response.status >= (500 if is_page else 400):
            self.complaints.append(f"{response.status} {urlsplit(response.url).path}")

    def _console(self, message: ConsoleMessage) -> None:
        # That an address answers 404 or 422 is judged by the answers.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")


def opened(
    browser: Browser,
    address: str,
    width: int,
    *,
    javascript: bool = True,
    cookies: str | None = None,
) -> Tab:
    """A new tab in a window of its own. ``cookies`` is a file that keeps somebody's session."""
    context = browser.new_context(
        base_url=address,
        viewport=_size(width),
        java_script_enabled=javascript,
        color_scheme="light",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        storage_state=cookies,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    if javascript:
        context.add_init_script(_SHIFTS)
    tab = Tab(context.new_page(), urlsplit(address).netloc)
    tab.watch()
    return tab


def _size(width: int) -> ViewportSize:
    return {"width": width, "height": _HEIGHTS[width]}
