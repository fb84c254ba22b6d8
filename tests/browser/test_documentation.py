"""The documentation of the interface: Swagger UI, in colours that can be read."""

from playwright.sync_api import Page

from tests.browser.conftest import PageAt
from tests.browser.tabs import NARROW, WIDE
from tests.browser.visits import violations
from tests.web.people import BROKER

CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
"""The rule that our style answers for; how the page is built is Swagger UI's own."""
METHODS = ("get", "post", "put", "patch", "delete")


def test_its_texts_stand_out_from_what_is_behind_them(page_at: PageAt) -> None:
    tab = page_at(WIDE, who=BROKER)
    page = tab.page
    page.goto("/api/docs")
    page.locator(".opblock").first.wait_for()
    open_one_of_each(page)
    for width in (WIDE, NARROW):
        tab.resize(width)
        assert violations(page, CONTRAST) == []
    page.locator(".btn.authorize").first.click()
    assert violations(page, CONTRAST) == []


def open_one_of_each(page: Page) -> None:
    """Operations of each method, one of them asked, examples, and what may be answered."""
    for method in METHODS:
        page.locator(f".opblock-{method} .opblock-summary-control").first.click()
    page.locator(".opblock-post.is-open .try-out__btn").click()
    asked = page.locator(".opblock-get", has=page.locator("[data-path='/api/v1/me']"))
    asked.locator(".opblock-summary-control").click()
    asked.locator(".try-out__btn").click()
    asked.locator(".execute").click()
    asked.locator(".live-responses-table").wait_for()
    page.locator(".opblock-put.is-open .tablinks", has_text="Schema").first.click()
    page.locator(".json-schema-2020-12-expand-deep-button").first.click()
